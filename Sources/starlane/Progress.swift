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
            let share = min(1, done / Double(total))
            let filled = Int(share * 24)
            line +=
                Style.error.name(String(repeating: "━", count: filled))
                + Style.error.dim(String(repeating: "─", count: 24 - filled))
            line += " \(Int(share * 100)) %"
            if rate > 0 { line += "  \(Int((Double(total) - done) / rate + 0.5)) s left" }
        } else {
            line += "\(Int(done / 1e6).grouped) MB"
        }
        line += "  \(Int(rate / 1e6).grouped) MB/s"
        Console.write(line)
        unsafe Self.isVisible = true
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
