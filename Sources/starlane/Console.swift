import ArgumentParser
import Bytes
import Glibc

/// How things look on a terminal, and words to people that are no data.
enum Console {
    /// Whether words go to a terminal (standard output, standard error).
    static let outputIsTerminal = isatty(1) == 1
    static let errorIsTerminal = isatty(2) == 1

    /// Columns of the terminal that a person looks at; 100 where there is none.
    static var width: Int {
        var size = winsize()
        for descriptor: Int32 in [1, 2] where unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        {
            return max(60, Int(size.ws_col))
        }
        return 100
    }

    /// Lines of the terminal that data goes to; nil where it goes elsewhere.
    static var height: Int? {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
        return Int(size.ws_row)
    }

    /// Writes words to standard error, a line feed behind them.
    static func say(_ words: String) {
        Progress.clear()
        write(words + "\n")
    }

    /// Does what may be refused: why is said, and the program ends with status 2.
    static func orEnd<Result>(_ work: () throws -> Result) throws -> Result {
        do { return try work() } catch let code as ExitCode { throw code } catch {
            say("starlane: \(error)")
            throw ExitCode(Interruption.isAsked ? 130 : 2)
        }
    }

    /// Writes to standard error as it is.
    static func write(_ words: String) {
        var words = words
        words.withUTF8 { octets in _ = unsafe Glibc.write(2, octets.baseAddress, octets.count) }
    }
}

/// The styles of a text, or none of them: colours stand on terminals only, and not where NO_COLOR asks for none.
struct Style {
    let isOn: Bool

    /// For standard output.
    static let output = Style(isOn: Console.outputIsTerminal && isWanted)
    /// For standard error.
    static let error = Style(isOn: Console.errorIsTerminal && isWanted)

    private static var isWanted: Bool {
        let forbids = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true
        return !forbids && !isDumb
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func good(_ text: String) -> String { wrap(text, "32") }
    func bad(_ text: String) -> String { wrap(text, "31") }
    func doubtful(_ text: String) -> String { wrap(text, "33") }
    func name(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension BinaryInteger {
    /// Decimal digits in groups of three: 1,234,567.
    var grouped: String {
        let digits = String(magnitude)
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return self < 0 ? "-" + out : out
    }
}

extension String {
    /// Blanks behind it, up to a width; nothing is cut off.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }
    /// Blanks in front of it, up to a width, and at least one: a number too wide for its column stands apart still.
    func right(_ width: Int) -> String { String(repeating: " ", count: Swift.max(1, width - columns)) + self }
    /// Cut to a width, an ellipsis for what is missing.
    func cut(_ width: Int) -> String {
        columns <= width ? self : prefix(columns: Swift.max(1, width - 1)) + "…"
    }

    /// Lines of at most `width` columns, broken between words, the other blanks kept; all but the first indented.
    func folded(_ width: Int, indent: String) -> String {
        var lines: [String] = []
        var rest = self
        while rest.columns > width {
            var (used, hasWord) = (0, false)
            var cut: Index?
            for place in rest.indices {
                if rest[place] != " " { hasWord = true } else if hasWord { cut = place }
                used += String(rest[place]).columns
                if used > width, cut != nil { break }
            }
            guard let cut else { break }
            lines.append(String(String(rest[..<cut]).reversed().drop { $0 == " " }.reversed()))
            rest = indent + rest[cut...].drop { $0 == " " }
        }
        return (lines + [rest]).joined(separator: "\n")
    }

    /// Lines of at most `width` characters, broken between words, all but the first indented.
    func wrapped(_ width: Int, indent: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            if !line.isEmpty && line.columns + 1 + word.columns > width - indent.count {
                lines.append(line)
                line = String(word)
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        lines.append(line)
        return lines.joined(separator: "\n" + indent)
    }
}
