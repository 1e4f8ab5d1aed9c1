/// What is true of a packet on its way: it is written down when the last frame that carries it has gone.
package struct PacketMark {
    /// The beginning of its record, up to its values.
    let text: [UInt8]
    let channel: Int
    /// Why it is never sent, where that is so before all ends.
    var reason: StaticString?
    /// The first and the last frame of the channel that carry it; nil as long as it waits elsewhere.
    var frames: ClosedRange<Int>?
    /// The links on which all of its frames so far arrived whole; nil as long as no part of it has gone.
    var heard: Hearing?

    /// Another of its frames has gone, and arrived whole on some links.
    fileprivate mutating func went(heard: Hearing) {
        if self.heard == nil { self.heard = heard } else { self.heard?.join(heard) }
    }
}

/// The packets that wait in the channels of a spacecraft, each up to its last frame.
struct PacketMarks {
    private var waiting: [Int: ArraySlice<PacketMark>] = [:]

    mutating func add(_ mark: PacketMark) { waiting[mark.channel, default: []].append(mark) }

    /// A frame has gone, and arrived whole on some links: gives the packets that end in it.
    mutating func sent(_ channel: Int, frame: Int, heard: Hearing) -> [PacketMark] {
        guard var marks = waiting.removeValue(forKey: channel) else { return [] }
        var done: [PacketMark] = []
        while let mark = marks.first, let frames = mark.frames, frames.lowerBound <= frame {
            guard frames.upperBound <= frame else {
                marks[marks.startIndex].went(heard: heard)
                break
            }
            var last = marks.removeFirst()
            last.went(heard: heard)
            done.append(last)
        }
        waiting[channel] = marks
        return done
    }

    /// Frames of a link come over another connection from now on: who reads that one does not get what began in the one before.
    mutating func restart(_ link: Int) {
        for channel in waiting.keys {
            guard let marks = waiting[channel], !marks.isEmpty else { continue }
            waiting[channel]?[marks.startIndex].heard?.remove(link)
        }
    }

    /// Those that wait yet.
    func rest() -> [PacketMark] { waiting.keys.sorted().flatMap { waiting[$0] ?? [] } }
}
