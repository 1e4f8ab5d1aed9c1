import Pipeline

/// What a person who watches a live source wants to know: how much comes, how much came, and what was lost.
struct LiveStatus {
    private var time = 0.0
    private var packets: UInt64 = 0
    private var octets: UInt64 = 0

    /// A line, with the rates since the last one.
    mutating func words(_ reached: ReadProgress, _ live: ReadProgress.Live, after seconds: Double) -> String {
        let span = max(0.001, seconds - time)
        let packetRate = Double(reached.packets - packets) / span
        let octetRate = Double(reached.position - octets) / span
        (time, packets, octets) = (seconds, reached.packets, reached.position)
        var parts: [String] = []
        // The pieces of a serial line are no packets.
        if packets > 0 || octets == 0 {
            parts.append("\(Int(packetRate + 0.5).grouped) packets/s")
            parts.append("\(Self.short(octetRate))/s")
            parts.append("\(packets.grouped) in all")
        } else {
            parts.append("\(Self.short(octetRate))/s")
            parts.append("\(Self.short(Double(octets))) in all")
        }
        parts.append("\(live.dropped.grouped) dropped")
        parts.append(Self.span(Int(seconds)))
        if let notice = live.notice { parts.append(notice) }
        return parts.joined(separator: "  ")
    }

    /// A number of octets in the unit that fits.
    static func short(_ octets: Double) -> String {
        switch octets {
        case ..<10_000: "\(Int(octets + 0.5)) B"
        case ..<10_000_000: "\(Int(octets / 1000 + 0.5)) kB"
        case ..<10_000_000_000: "\(Int(octets / 1e6 + 0.5).grouped) MB"
        default: "\(Int(octets / 1e9 + 0.5).grouped) GB"
        }
    }

    /// How long: "12 s", "3 min 5 s", "2 h 10 min", "3 days 4 h".
    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86_400) days \(seconds / 3600 % 24) h"
        }
    }
}
