/// Where something stands in a settings file.
public struct SettingsMark: Sendable {
    /// The file's name.
    public let file: String
    /// From 1.
    public let line: Int?
    /// Its key with dots; empty for the whole file.
    public let path: String

    /// An error about what stands there.
    public func failed(_ reason: String) -> SettingsError {
        SettingsError(file: file, line: line, key: path.isEmpty ? nil : path, reason: reason)
    }
}
