/// Why nothing could be scored.
public struct ScoreFailure: Error, Equatable, CustomStringConvertible {
    /// The file and the line, what was found, what is wanted.
    public let description: String

    /// What commands a terminal is a point: names of columns come from files.
    init(_ description: String) { self.description = MessageInput.words(Array(description.utf8)) }
}
