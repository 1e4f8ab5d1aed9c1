/// Why an input cannot be read at all.
public struct CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Reason: String, Sendable, Equatable {
        case cannotOpen = "cannot be opened"
        case cannotRead = "cannot be read"
        case isFolder = "is a folder"
        case isEmpty = "is empty"
        case isCutShort = "is cut short in its header"
        case unknownVersion = "is of a version that is not known"
        case badHeader = "has a header that makes no sense"
        case foreign = "is of a format that is not read"
        case badCompression = "cannot be unpacked"
    }

    /// The file, as the user named it.
    public var file: String
    /// Why, in kind.
    public var reason: Reason
    /// Where in the input, in octets; nil where it is not about a place.
    public var offset: UInt64?
    /// What was found there.
    public var found: String
    /// What is allowed there; empty where nothing is to be said.
    public var allowed: String
    /// What to do; empty where nothing is to be said.
    public var advice: String

    /// An error from its parts.
    public init(
        file: String, reason: Reason, offset: UInt64? = nil, found: String = "", allowed: String = "",
        advice: String = ""
    ) {
        self.file = file
        self.reason = reason
        self.offset = offset
        self.found = found
        self.allowed = allowed
        self.advice = advice
    }

    /// Two errors are equal when their reasons are.
    public static func == (a: CaptureError, b: CaptureError) -> Bool { a.reason == b.reason }

    /// One line for people.
    public var description: String {
        "\(file) \(reason.rawValue)" + words(offset: offset, found: found, allowed: allowed, advice: advice)
    }
}

/// What a person should read of an input that was read on nevertheless.
public struct Problem: Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, the same words as in the ledger where octets were rejected for it.
    public var reason: String
    /// Where in the uncompressed input, in octets.
    public var offset: UInt64
    /// The number of the last packet in front of it; 0 when there is none.
    public var packet: UInt64
    /// What was found there.
    public var found: String
    /// What is allowed there; empty where nothing is to be said.
    public var allowed: String
    /// What was done about it, or what to do; empty where nothing is to be said.
    public var advice: String

    /// A problem from its parts.
    package init(reason: String, offset: UInt64, packet: UInt64, found: String, allowed: String, advice: String) {
        (self.reason, self.offset, self.packet) = (reason, offset, packet)
        (self.found, self.allowed, self.advice) = (found, allowed, advice)
    }

    /// One line for people.
    public var description: String {
        reason + (packet > 0 ? " behind packet \(packet)" : "")
            + words(offset: offset, found: found, allowed: allowed, advice: advice)
    }
}

/// The tail that errors and problems share.
private func words(offset: UInt64?, found: String, allowed: String, advice: String) -> String {
    var text = found.isEmpty ? "" : ": " + (offset.map { "at octet \($0) stands " } ?? "") + found
    if !allowed.isEmpty { text += ", allowed is \(allowed)" }
    if !advice.isEmpty { text += "; \(advice)" }
    return text
}
