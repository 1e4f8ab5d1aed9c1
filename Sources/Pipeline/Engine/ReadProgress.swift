internal import Capture

/// How far a reading has come, in octets of the input as it lies on the disk.
public struct ReadProgress: Sendable {
    /// Octets taken.
    public let position: UInt64
    /// Octets there are; nil for a pipe.
    public let total: UInt64?

    init(position: UInt64, total: UInt64?) {
        self.position = position
        self.total = total
    }

    init(_ reader: CaptureReader) { self.init(position: reader.compressedPosition, total: reader.totalSize) }
}
