/// The whole frames of each virtual channel that arrived where they are recorded: what counts can tell of lost ones lies between
/// the first and the last of them.
struct ChannelArrivals {
    /// A channel, where it is recorded.
    struct Key: Hashable {
        let tap: Int
        let channel: Int
        /// Which of its connections it came over, from 1 on; 0 over UDP.
        let connection: Int
    }

    struct Frames {
        /// The number of the one that came first, and the highest one.
        let first: Int
        var last: Int
        var count = 1
    }

    private(set) var all: [Key: Frames] = [:]

    /// A frame arrived; says whether a later one had come before it.
    mutating func arrived(_ number: Int, of channel: Int, over connection: Int, at tap: Int) -> Bool {
        let key = Key(tap: tap, channel: channel, connection: connection)
        guard var frames = all[key] else {
            all[key] = Frames(first: number, last: number)
            return false
        }
        let isLate = number < frames.last
        frames.last = max(frames.last, number)
        frames.count += 1
        all[key] = frames
        return isLate
    }
}
