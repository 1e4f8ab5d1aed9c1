import Bytes
import Pipeline
import Records

/// The line on a terminal's standard error of something that goes on in time: where it is, how fast, and how late.
struct StatusLine {
    let name: String
    /// What a person should read once.
    var note: String?
    /// Whether something has happened that is to be seen at once.
    var isStale = true
    private var shown: Int64 = 0
    private var counted = SteadyClock.now()
    private var packets = 0
    private var rate = 0.0
    private static nonisolated(unsafe) var isVisible = false

    init(name: String) { self.name = name }

    /// A few times a second, and when something has happened.
    var isDue: Bool { isStale || SteadyClock.now() - shown > 250_000_000 }

    /// Shows how far it has come.
    ///
    /// - Parameter typed: the filter that is being typed.
    mutating func show(_ reached: ControlStatus, typed: String?) {
        let now = SteadyClock.now()
        (shown, isStale) = (now, false)
        if now - counted > 1_000_000_000 {
            rate = Double(reached.packets - packets) * 1e9 / Double(now - counted)
            (counted, packets) = (now, reached.packets)
        }
        let room = max(20, Console.width - 2)
        if let typed {
            // The end is what is being typed.
            let words = typed.columns > room - 8 ? "…" + String(typed.suffix(room - 9)) : typed
            write("filter: " + words)
        } else if let note {
            write(Style.error.bad(note.split(separator: "\n").joined(separator: " ").cut(room)))
        } else {
            let front = name.cut(min(32, room / 4))
            write(Style.error.dim(front) + " " + words(reached).cut(max(20, room - front.columns - 1)))
        }
    }

    private func words(_ reached: ControlStatus) -> String {
        var time = TextBuffer(capacity: 32)
        if reached.position.isKnown { time.append(reached.position, digits: 3) }
        // What fits least is of least use.
        var parts = [String(decoding: time.bytes.copied(), as: UTF8.self)]
        if reached.isPaused { parts.append("paused") }
        parts.append(reached.pace.words)
        if let late = reached.late, !reached.isPaused { parts.append("\((late / 1000).grouped) us late") }
        if !reached.isPaused { parts.append("\(Int(rate + 0.5).grouped) packets/s") }
        parts.append("\(reached.packets.grouped) sent")
        if let number = reached.number { parts.append("packet \(number.grouped)") }
        if let filter = reached.filter { parts.append(filter) }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func write(_ words: String) {
        Console.write("\r\u{1B}[K" + words)
        unsafe Self.isVisible = true
    }

    /// Takes the line off the screen.
    static func clear() {
        guard unsafe isVisible else { return }
        unsafe isVisible = false
        Console.write("\r\u{1B}[K")
    }
}
