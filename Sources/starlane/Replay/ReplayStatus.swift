import Bytes
import Pipeline

/// The line of a replay on a terminal's standard error: where it is, how fast, and how late.
struct ReplayStatus {
    let name: String
    private var shown = SteadyClock.now()
    private var packets = 0
    private static nonisolated(unsafe) var isVisible = false

    init(name: String) { self.name = name }

    /// Shows how far it has come, a few times a second.
    mutating func show(_ reached: Replay.Progress) {
        guard Console.errorIsTerminal else { return }
        let now = SteadyClock.now()
        guard now - shown > 250_000_000 else { return }
        let rate = Double(reached.packets - packets) * 1e9 / Double(now - shown)
        (shown, packets) = (now, reached.packets)
        var words = TextBuffer(capacity: 64)
        words.append(reached.position, digits: 3)
        words.append("  \(Int(rate + 0.5).grouped) packets/s  \(reached.packets.grouped) in all")
        if let late = reached.late { words.append("  at most \((late / 1000).grouped) us late") }
        let room = max(20, Console.width - 1 - min(32, name.columns) - 1)
        let text = String(decoding: words.bytes.copied(), as: UTF8.self)
        Console.write("\r\u{1B}[K" + Style.error.dim(name.cut(32)) + " " + text.cut(room))
        unsafe Self.isVisible = true
    }

    /// Takes the line off the screen.
    static func clear() {
        guard unsafe isVisible else { return }
        unsafe isVisible = false
        Console.write("\r\u{1B}[K")
    }
}
