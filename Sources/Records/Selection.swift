/// Which parameters are wanted: what nobody wants is not decoded, save what sizes and conditions look at.
public struct Selection: Sendable, Hashable {
    /// The names; nil: everything.
    private let names: [String]?

    /// Every parameter of every type.
    public static let all = Selection(names: nil)

    /// The parameters with these names. A name is a qualified name or the last parts of one, `eps.battery_voltage`; it
    /// selects every parameter that it is the tail of.
    public static func parameters(_ names: [String]) -> Selection {
        Selection(names: names)
    }

    /// No parameter at all: packets are told apart and not decoded.
    public static let none = Selection(names: [])

    /// Whether a parameter is wanted.
    public func contains(_ parameter: ParameterInfo) -> Bool {
        names?.contains { parameter.isMeant(by: $0) } ?? true
    }
}

/// What a name that a user typed means.
public enum NameMeaning: Sendable, Hashable {
    /// One parameter, by its qualified name.
    case parameter(String)
    /// Several, by their qualified names: more of the name is needed.
    case ambiguous([String])
    /// None; the nearest names.
    case unknown(nearest: [String])
}
