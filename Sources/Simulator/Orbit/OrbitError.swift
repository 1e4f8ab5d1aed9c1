/// Why an orbit has no position at a time. The numbers are those of AIAA 2006-6753, appendix B.
public enum OrbitError: Int, Error, Sendable, CustomStringConvertible {
    /// The mean eccentricity left 0 to below 1.
    case meanEccentricity = 1
    /// The mean motion became zero or less.
    case meanMotion = 2
    /// The eccentricity, the Moon and the Sun taken into account, left 0 to 1.
    case perturbedEccentricity = 3
    /// The semi-latus rectum became negative.
    case semiLatusRectum = 4
    /// The orbit has come down to the Earth's surface.
    case decayed = 6

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .meanEccentricity: "its mean eccentricity leaves 0 to 1: too far from the elements' epoch"
        case .meanMotion: "its mean motion becomes negative: too far from the elements' epoch"
        case .perturbedEccentricity: "its eccentricity leaves 0 to 1 under the Moon and the Sun"
        case .semiLatusRectum: "its semi-latus rectum becomes negative"
        case .decayed: "it has come down to the Earth's surface"
        }
    }
}
