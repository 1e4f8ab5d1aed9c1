import Bytes
import Pipeline
import Glibc

/// A bar on a terminal's standard error when work lasts over half a second, and nowhere else; rates in place of a bar where
/// nobody knows the end.
struct Progress {
    private let name: String
    private let isShared: Bool
    private let start = now()
    private var shown = 0.0
    private var status = LiveStatus()
    private static nonisolated(unsafe) var isVisible = false

    /// - Parameter isShared: whether data goes to the same terminal as it comes: then rates would stand in between.
    init(_ name: String, isShared: Bool = false) { (self.name, self.isShared) = (name, isShared) }

    /// Shows how far a reading has come, a few times a second.
    mutating func show(_ reached: ReadProgress) {
        guard Console.errorIsTerminal else { return }
        let time = Self.now()
        if let live = reached.live {
            guard !isShared, time - start > 0.25, time - shown > 0.25 else { return }
            shown = time
            let words = status.words(reached, live, after: time - start)
            let room = max(20, Console.width - 1 - min(32, name.columns) - 1)
            Console.write("\r\u{1B}[K" + Style.error.dim(name.cut(32)) + " " + words.cut(room))
            unsafe Self.isVisible = true
            return
        }
        guard time - start > 0.5, time - shown > 0.1 else { return }
        shown = time
        let done = Double(reached.position)
        let rate = done / (time - start)
        var line = "\r\u{1B}[K" + Style.error.dim(name.cut(32)) + " "
        if let total = reached.total, total > 0 {
            line += Self.bar(min(1, done / Double(total)))
            if rate > 0 { line += "  \(Int((Double(total) - done) / rate + 0.5)) s left" }
        } else {
            line += "\(Int(done / 1e6).grouped) MB"
        }
        line += "  \(Int(rate / 1e6).grouped) MB/s"
        Console.write(line)
        unsafe Self.isVisible = true
    }

    /// Shows how far something has come that is made: its share, its time, and how many packets there are.
    mutating func show(_ share: Double, at words: String, packets: UInt64) {
        guard Console.errorIsTerminal else { return }
        let time = Self.now()
        guard time - start > 0.5, time - shown > 0.1 else { return }
        shown = time
        let line = "  \(words)  \(packets.grouped) packets"
        let room = max(8, Console.width - 2 - 24 - 6 - line.columns)
        Console.write("\r\u{1B}[K" + Style.error.dim(name.cut(min(32, room))) + " " + Self.bar(share) + line)
        unsafe Self.isVisible = true
    }

    /// A bar, and the share in numbers.
    private static func bar(_ share: Double) -> String {
        let filled = Int(max(0, min(1, share)) * 24)
        return Style.error.name(String(repeating: "━", count: filled))
            + Style.error.dim(String(repeating: "─", count: 24 - filled)) + " \(Int(share * 100)) %"
    }

    /// Takes the bar off the screen before anything else is written.
    static func clear() {
        guard unsafe isVisible else { return }
        unsafe isVisible = false
        Console.write("\r\u{1B}[K")
    }

    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
