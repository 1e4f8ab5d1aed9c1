/// What a filter says, as it is written: names are not looked up yet, and types not checked.
public struct FilterExpression: Sendable, Equatable {
    /// What it is.
    public let kind: Kind
    /// Where it stands.
    public let range: SourceRange

    /// The kinds of expressions.
    public indirect enum Kind: Sendable, Equatable {
        /// A field's name, or a word that a field's values have.
        case name(String)
        /// A number as it is written, and the unit behind it.
        case number(String, unit: String?)
        /// A text that stood in quotes.
        case text(String)
        /// An address or octets as they are written.
        case address(String)
        /// A function of other values.
        case call(String, [FilterExpression])
        /// Some of a value's octets or characters.
        case slice(FilterExpression, [Slice])
        /// A number with its sign turned.
        case minus(FilterExpression)
        /// Two numbers reckoned together.
        case arithmetic(Arithmetic, FilterExpression, FilterExpression)
        /// Two values held against each other.
        case comparison(Comparison, FilterExpression, FilterExpression)
        /// Whether a value is one of some, or between two.
        case membership(FilterExpression, [Member])
        /// The other truth.
        case not(FilterExpression)
        /// Two truths put together.
        case logic(Logic, FilterExpression, FilterExpression)
        /// Whether something holds of a packet that came so long before or behind.
        case within(FilterExpression, of: FilterExpression)
    }

    /// What reckons with two numbers.
    public enum Arithmetic: String, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case modulo = "%"
        case bits = "&"
    }

    /// What holds two values against each other.
    public enum Comparison: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
        case contains
        case matches
    }

    /// What puts two truths together.
    public enum Logic: String, Sendable { case and, or, xor }

    /// One value of a set, or a range of them, both ends in it.
    public struct Member: Sendable, Equatable {
        /// The value, or where the range begins.
        public let first: FilterExpression
        /// Where the range ends.
        public let last: FilterExpression?
    }

    /// A run of octets or characters: from an offset (from the end where it is negative) on, so many or up to the end.
    public struct Slice: Sendable, Equatable {
        /// Where it begins.
        public let start: Int
        /// How many; nil: all that are left.
        public let count: Int?
    }

    /// The digits of a number, with its sign; empty for everything else.
    var digits: String {
        switch kind {
        case .number(let digits, _): digits
        case .minus(let inner) where inner.digits.first != "-": "-" + inner.digits
        default: ""
        }
    }

    /// An expression that stands somewhere.
    init(_ kind: Kind, _ range: SourceRange) {
        self.kind = kind
        self.range = range
    }
}

extension FilterExpression: CustomStringConvertible {
    /// How it was understood, each operation in brackets: for plans that are explained, and for tests.
    public var description: String {
        switch kind {
        case .name(let name): name
        case .number(let digits, let unit): unit.map { "\(digits) \($0)" } ?? digits
        case .text(let text): "\"\(text)\""
        case .address(let address): address
        case .call(let name, let arguments): "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
        case .slice(let value, let slices): "\(value)[\(slices.map(\.description).joined(separator: ","))]"
        case .minus(let value): "(- \(value))"
        case .arithmetic(let operation, let a, let b): "(\(a) \(operation.rawValue) \(b))"
        case .comparison(let comparison, let a, let b): "(\(a) \(comparison.rawValue) \(b))"
        case .membership(let value, let members):
            "(\(value) in {\(members.map(\.description).joined(separator: ", "))})"
        case .not(let value): "(not \(value))"
        case .logic(let logic, let a, let b): "(\(a) \(logic.rawValue) \(b))"
        case .within(let time, let other): "(within \(time) of \(other))"
        }
    }
}

extension FilterExpression.Member: CustomStringConvertible {
    /// The value, or both ends.
    public var description: String { last.map { "\(first)..\($0)" } ?? "\(first)" }
}

extension FilterExpression.Slice: CustomStringConvertible {
    /// Start and count.
    public var description: String { "\(start):\(count.map(String.init) ?? "")" }
}
