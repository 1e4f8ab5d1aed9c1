/// How a source of octets came to its end.
public enum OctetEnding: Sendable, Equatable {
    /// Everything was read.
    case complete
    /// The system refused to read on: the error's number and the system's words for it.
    case failed(number: Int32, words: String)
    /// What was read is packed, and could not be unpacked to its end: why, and where in the packed input.
    case damaged(reason: String, offset: UInt64)
}

/// Where octets come from, one behind the other: a file, a pipe, or one of these unpacked.
///
/// A source is used by one thread at a time; ``InputWindow`` may hand it to a thread of its own that reads ahead.
public protocol OctetSource: AnyObject {
    /// Reads octets into `room` and says how many; 0 = the source has ended. Waits only while there are none at all, so
    /// that a live stream is handed on as it comes.
    func read(into room: UnsafeMutableRawBufferPointer) -> Int

    /// Octets taken from the file or pipe so far, packed as they are there.
    var taken: UInt64 { get }

    /// How many packed members were begun so far; 0 for a source that is not packed.
    var members: Int { get }

    /// How the source ended; nil while it goes on.
    var ending: OctetEnding? { get }
}
