internal import Bytes
internal import Capture

/// What is counted of a capture's packets before anything is unwrapped.
struct Traffic {
    /// Packets and captured octets of one link.
    struct Link {
        var packets = 0
        var bytes = 0
    }

    private(set) var bytes = 0
    private(set) var first = CaptureTime.unknown
    private(set) var last = CaptureTime.unknown
    private var counted: [Link] = []

    /// Enters a batch.
    mutating func enter(_ packets: borrowing Batch<Packet>) {
        let records = packets.records
        var earliest = first.isKnown ? first.nanoseconds : .max
        var latest = last.nanoseconds
        var index = 0
        while index < records.count {
            // A capture mostly stays on one link: what is counted is kept in registers for as long as it does.
            let link = records[index].interface
            var octets = 0
            let start = index
            while index < records.count && records[index].interface == link {
                let time = records[index].time.nanoseconds
                octets &+= records[index].extent.count
                latest = max(latest, time)
                if time < earliest && time != .min { earliest = time }
                index += 1
            }
            while counted.count <= Int(link) { counted.append(Link()) }
            counted[Int(link)].packets += index - start
            counted[Int(link)].bytes += octets
            bytes += octets
        }
        last = CaptureTime(nanoseconds: latest)
        first = CaptureTime(nanoseconds: earliest == .max ? .min : earliest)
    }

    /// The counts of the first `count` links.
    func links(_ count: Int) -> [Link] { (0..<count).map { $0 < counted.count ? counted[$0] : Link() } }
}
