public import Bytes
public import Capture

/// Writes packets of captures as a plain capture, all or those of a time: what `export` does where it has no filter.
///
/// All packets of one pcapng, and so of an archive, as a pcapng are its blocks as they stand: comments, names and blocks of
/// unknown types with them.
public final class Exporting {
    private let file: any Outlet
    private let writer: CaptureWriter
    private let conditions: Conditions
    private let captureFilter: CaptureFilter?
    private let isAlone: Bool
    /// How many packets were written.
    public private(set) var packets: UInt64 = 0
    /// Whether blocks were copied, so that the file is whole.
    private var isVerbatim = false

    /// An export into a file.
    ///
    /// - Parameters:
    ///   - isAlone: whether one source is all that there is.
    ///   - conditions: from when until when; filters are for routes.
    public init(
        into file: any Outlet, _ format: CaptureWriter.Format, isAlone: Bool, _ conditions: Conditions,
        captureFilter: CaptureFilter?
    ) {
        self.file = file
        self.conditions = conditions
        self.captureFilter = captureFilter
        self.isAlone = isAlone
        writer = CaptureWriter(format)
    }

    /// Reads a source to its end.
    public func run(_ source: any PacketSource, progress: (ReadProgress) -> Bool = { _ in true }) throws -> Ledger {
        var batch = Batch<Packet>()
        var ledger = Ledger()
        let mayCopy = isAlone && conditions.isEmpty && captureFilter == nil && writer.format == .pcapng
        let copier = mayCopy ? BlockCopier(source) : nil
        isVerbatim = copier != nil
        writer.beginCapture()
        captureFilter?.beginCapture()
        var isRunning = true
        while isRunning, source.next(into: &batch, ledger: &ledger) {
            isRunning = progress(ReadProgress(source)) || source.end()
            if let captureFilter {
                try captureFilter.apply(to: &batch, interfaces: source.interfaces, ledger: &ledger)
            }
            ledger.leave("read", count: batch.count, bytes: batch.octets)
            conditions.keepTimes(&batch)
            packets += UInt64(batch.count)
            if let copier {
                if copier.buffer.count > 1 << 18 { try file.write(copier.buffer) }
            } else {
                try writer.append(batch, interfaces: source.interfaces)
                if writer.buffer.count > 1 << 18 { try file.write(writer.buffer) }
            }
        }
        source.close(into: &ledger)
        if let copier {
            copier.end()
            try file.write(copier.buffer)
        }
        return ledger
    }

    /// Writes what is left.
    public func finish() throws(OutputFile.Failure) {
        if !isVerbatim { writer.finish() }
        try file.write(writer.buffer)
    }
}
