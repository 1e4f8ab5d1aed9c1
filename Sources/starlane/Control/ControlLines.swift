import Pipeline

/// The lines of a script, cut out of what comes. Of one that is too long the beginning alone is kept, for its refusal.
struct ControlLines {
    private var held: [UInt8] = []

    /// The lines that end in octets that came; empty ones are left out.
    mutating func read(_ octets: [UInt8]) -> [String] {
        var lines: [String] = []
        for octet in octets {
            if octet == 0x0A {
                lines += finish()
            } else if held.count <= ControlCommand.longest {
                held.append(octet)
            }
        }
        return lines
    }

    /// The line that has no end.
    mutating func finish() -> [String] {
        defer { held.removeAll(keepingCapacity: true) }
        let line = String(decoding: held.filter { $0 != 0x0D }, as: UTF8.self)
        return line.contains { !$0.isWhitespace } ? [line] : []
    }
}
