internal import Bytes

/// A JSON value as it is written: members in their order, and numbers as their digits, so that none is rounded.
enum JSONText: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case text(String)
    case list([JSONText])
    case object([(name: String, value: JSONText)])

    /// Reads a line; nil when it is no JSON, or holds more than one value.
    init?(_ octets: [UInt8]) {
        var tape = ValueTape()
        tape.octets = octets
        guard tape.readJSON() else { return nil }
        self.init(tape, 0)
    }

    /// A value that was read.
    init(_ tape: ValueTape, _ place: Int) {
        switch tape.values[place].kind {
        case .null: self = .null
        case .boolean: self = .boolean(tape.octets(at: place).u8(at: 0) == UInt8(ascii: "t"))
        case .number: self = .number(tape.words(at: place))
        case .text: self = .text(tape.words(at: place))
        case .list: self = .list(tape.elements(of: place).map { JSONText(tape, $0) })
        case .object:
            self = .object(tape.members(of: place).map { (tape.nameWords(at: $0), JSONText(tape, $0)) })
        }
    }

    /// The member of an object; nil when there is none, or this is none.
    subscript(name: String) -> JSONText? { members.first { $0.name == name }?.value }

    /// The members of an object, in their order.
    var members: [(name: String, value: JSONText)] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The text that it is, if it is one.
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    static func == (a: JSONText, b: JSONText) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }
}
