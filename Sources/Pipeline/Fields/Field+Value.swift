public import Bytes
public import Records

extension Field {
    /// A value of a field that was met.
    public enum Value: Sendable, Equatable {
        case unsigned(UInt64)
        case signed(Int64)
        case real(Double)
        /// A time and the decimals of a second that it carries.
        case time(StatedTime, digits: Int)
        case text(String)

        private var number: Double {
            switch self {
            case .unsigned(let number): Double(number)
            case .signed(let number): Double(number)
            case .real(let number): number
            case .time, .text: 0
            }
        }

        /// Whether it is below another one of the same kind.
        func isLess(than other: Field.Value) -> Bool {
            switch (self, other) {
            case (.unsigned(let a), .unsigned(let b)): a < b
            case (.signed(let a), .signed(let b)): a < b
            case (.time(let a, _), .time(let b, _)): (a.seconds, a.attoseconds) < (b.seconds, b.attoseconds)
            case (.text(let a), .text(let b)): a < b
            default: number < other.number
            }
        }

        /// Writes it as JSON: numbers as they are, all else as texts.
        public func write(json out: inout TextBuffer) {
            switch self {
            case .unsigned(let number): out.append(number)
            case .signed(let number): out.append(number)
            case .real(let number): out.appendJSON(number)
            case .time(let time, let digits):
                out.append("\"")
                out.append(time, digits: digits)
                out.append("\"")
            case .text(let text): out.appendJSON(text)
            }
        }

        /// It as people read it: of a number nine digits, of a text one line.
        public var words: String {
            var out = TextBuffer(capacity: 64)
            switch self {
            case .unsigned(let number): out.append(number)
            case .signed(let number): out.append(number)
            case .real(let number): out.appendReadable(number)
            case .time(let time, let digits): out.append(time, digits: digits)
            case .text(let text): out.append(visible: Array(text.utf8).octets)
            }
            return String(decoding: out.bytes.copied(), as: UTF8.self)
        }
    }
}
