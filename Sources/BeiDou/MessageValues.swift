/// A value of a message that is to be written.
public enum FieldValue: Sendable, Hashable {
    /// A whole number.
    case integer(Int64)
    /// A number.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// A text, the label of an enumeration, or a time as it is printed.
    case text(String)
    /// Octets.
    case octets([UInt8])
    /// Several values.
    case list([FieldValue])
    /// A place of a list that holds nothing.
    case nothing
}

/// The values of a message that is to be written, by the short names of its type's parameters.
///
/// A value may be given as people read it, as it stands in the message (raw), or as both: then both have to mean the
/// same, and the raw one is written. What is not given is left empty, or has the value that the dialect recommends.
public struct MessageValues: Sendable {
    /// As people read them: what ``MessageType/parameters`` say.
    public var parameters: [String: FieldValue]
    /// As they stand in the message: the text of a field, or the number or octets in a frame.
    public var raws: [String: FieldValue]

    /// Values to be written.
    public init(parameters: [String: FieldValue] = [:], raws: [String: FieldValue] = [:]) {
        self.parameters = parameters
        self.raws = raws
    }
}

/// Why a message cannot be written.
public struct EncodingRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The parameter that is wrong or missing; nil where it is the whole message.
    public let parameter: String?
    /// What was found and what is allowed.
    public let reason: String

    /// A refusal.
    public init(_ parameter: String?, _ reason: String) {
        self.parameter = parameter
        self.reason = reason
    }

    /// Both in a line.
    public var description: String { parameter.map { "\($0): \(reason)" } ?? reason }
}
