public import Bytes

/// A source of which only so many packets, or only what comes in so long, is read.
public final class LimitedSource: PacketSource {
    private let source: any PacketSource
    private let most: UInt64?
    private let deadline: Int64?
    private var taken: UInt64 = 0
    private var isEnding = false
    /// True when there was more in a source that has an end.
    public private(set) var isCutOff = false

    /// The beginning of a source.
    ///
    /// - Parameters:
    ///   - most: how many packets, of a bare stream pieces; nil for all.
    ///   - seconds: how long from now; nil for as long as it lasts.
    public init(_ source: any PacketSource, most: UInt64?, seconds: Double?) {
        self.source = source
        self.most = most
        deadline = seconds.map { SteadyClock.now() &+ Int64(min($0, 1e9) * 1e9) }
    }

    /// The next packets, as far as they are wanted.
    public func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        let isTimeOver = !isEnding && deadline.map { SteadyClock.now() >= $0 } ?? false
        // What came in time and waits to be read is wanted.
        if taken >= most ?? .max || isTimeOver && !end() {
            isCutOff = !source.isLive
            batch.removeAll()
            return false
        }
        guard source.next(into: &batch, ledger: &ledger) else { return false }
        if let most, UInt64(batch.count) > most - taken {
            // What is cut off was entered as taken in: it is as if it had not been.
            let kept = Int(most - taken)
            for index in kept..<batch.count { ledger.bytes -= batch[index].extent.count }
            batch.truncate(to: kept)
        }
        taken += UInt64(batch.count)
        return true
    }

    /// The source's name.
    public var name: String { source.name }
    /// The source's format.
    public var format: CaptureFormat { source.format }
    /// The source's links.
    public var interfaces: [Interface] { source.interfaces }
    /// How many packets were read and wanted.
    public var packets: UInt64 { min(source.packets, most ?? .max) }
    /// How far the source was read.
    public var uncompressedBytes: UInt64 { source.uncompressedBytes }
    /// How far the source was read, packed as it is.
    public var compressedPosition: UInt64 { source.compressedPosition }
    /// The source's size.
    public var totalSize: UInt64? { source.totalSize }
    /// The source's problems.
    public var problems: [Problem] { source.problems }
    /// The source's remarks.
    public var remarks: [Remark] { source.remarks }
    /// The source's blocks.
    public var blocks: [BlockCount] { source.blocks }
    /// Whether the source is live.
    public var isLive: Bool { source.isLive }
    /// Whether all of the source is meant for us.
    public var isDedicated: Bool { source.isDedicated }
    /// Where in an archive the source is.
    public var member: MemberPlace? { source.member }
    /// The databases that the source was archived under.
    public var definitions: [ArchiveIndex.Definitions] { source.definitions }
    /// What the system dropped of the source.
    public var dropped: UInt64 { source.dropped }
    /// The source's notice.
    public var notice: String? { source.notice }
    /// Ends the source, if it is live.
    public func end() -> Bool {
        isEnding = isEnding || source.end()
        return isEnding
    }
    /// Closes the source.
    public func close(into ledger: inout Ledger) { source.close(into: &ledger) }
}
