package import Records

/// The dialects that one decoder reads: how their messages are told apart, decoded and written.
///
/// Numbers of types are indexes into ``types``; who puts families together shifts them.
package protocol MessageFamily {
    /// The kinds of messages.
    static var types: [MessageType] { get }

    /// The number of the type of a message that is whole and whose checksum agrees. Every message has one: what is not
    /// known is carried as octets under its name.
    static func type(of message: RawSpan) -> Int

    /// Fills the needed columns of a table, whose rows are messages of one type. `table.fields` are in the order of the
    /// type's parameters, nil where nobody needs them.
    static func decode(_ table: DecodedTable, type: Int)

    /// Writes a message from named values.
    static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8]
}

/// What stands at a place where a message may begin.
package enum Framing: Equatable, Sendable {
    /// A whole message with a right checksum of so many octets.
    case whole(Int)
    /// The beginning of a message, for which so many octets are needed at the least: more than there are.
    case needs(Int)
    /// A message of so many octets that is not right, and why.
    case bad(Int, StaticString)
    /// No message begins here.
    case none

    /// Equal when what is said is equal; reasons by their text.
    package static func == (a: Framing, b: Framing) -> Bool {
        switch (a, b) {
        case (.whole(let a), .whole(let b)), (.needs(let a), .needs(let b)): a == b
        case (.bad(let a, let x), .bad(let b, let y)): a == b && x.description == y.description
        case (.none, .none): true
        default: false
        }
    }
}
