/// Why nothing could be scored.
public struct ScoreFailure: Error, Equatable, CustomStringConvertible {
    /// The file and the line, what was found, what is wanted.
    public let description: String

    init(_ description: String) { self.description = description }
}
