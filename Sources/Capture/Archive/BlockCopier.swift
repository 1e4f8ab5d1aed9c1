public import Bytes

/// Copies a pcapng block by block as a reader reads it: comments, names and blocks of unknown types stay as they are.
///
///     if let copier = BlockCopier(reader) {
///         while reader.next(into: &batch, ledger: &ledger) { …; copier.buffer.removeAll() }
///         copier.end()
///     }
public final class BlockCopier {
    private let reader: CaptureReader
    private let copies = BlockCopies(isVerbatim: true)

    /// The blocks since it was last emptied.
    public var buffer: ByteBuffer { copies.buffer }

    /// A copier of a reader that was not read before; nil where what it reads is no pcapng.
    public init?(_ source: any PacketSource) {
        guard let reader = source as? CaptureReader, reader.format.kind == .pcapng else { return nil }
        self.reader = reader
        reader.copies = copies
        reader.input.copies = copies.buffer
    }

    /// Ends the copying; what came last is in ``buffer``.
    public func end() {
        reader.input.copies = nil
        reader.copies = nil
    }
}
