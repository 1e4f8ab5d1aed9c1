/// Why a settings file cannot be used.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's name.
    public let file: String
    /// The line, from 1; nil where it is the whole file.
    public let line: Int?
    /// The key, with dots; nil where it is none.
    public let key: String?
    /// What was found and what is allowed.
    public let reason: String

    /// An error from its parts.
    public init(file: String, line: Int?, key: String?, reason: String) {
        (self.file, self.line, self.key, self.reason) = (file, line, key, reason)
    }

    /// All of it in a line: `limits.yaml:7: service.frequency: …`.
    public var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(key.map { "\($0): " } ?? "")\(reason)"
    }
}
