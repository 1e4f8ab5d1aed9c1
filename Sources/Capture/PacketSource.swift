public import Bytes

/// Where packets come from, batch by batch: a capture, or something live.
///
/// A live source comes back at least every tenth of a second, with an empty batch when nothing has come, so that who
/// reads can end, look at the clock and write what waits. It ends when the user asks to (``Interruption``).
public protocol PacketSource: AnyObject {
    /// The input, as the user named it.
    var name: String { get }
    /// How the input is written.
    var format: CaptureFormat { get }
    /// The links that packets came over, as far as read: more may come at any time.
    var interfaces: [Interface] { get }
    /// How many packets were read: the pieces of a bare stream are none.
    var packets: UInt64 { get }
    /// How many octets of the uncompressed input were left behind.
    var uncompressedBytes: UInt64 { get }
    /// How many octets of the input, packed as it is, were taken.
    var compressedPosition: UInt64 { get }
    /// How many octets the input has, packed as it is; nil where nobody knows.
    var totalSize: UInt64? { get }
    /// What a person should read of the input.
    var problems: [Problem] { get }
    /// Comments, names and notes in the input.
    var remarks: [Remark] { get }
    /// The blocks of a pcapng.
    var blocks: [BlockCount] { get }
    /// True when packets come as they are sent, and not from a file.
    var isLive: Bool { get }
    /// True when all that comes is meant for us: a socket, and not a link where others talk too.
    var isDedicated: Bool { get }
    /// True when there was more that was not asked for.
    var isCutOff: Bool { get }
    /// How many packets the system dropped before they were read.
    var dropped: UInt64 { get }
    /// What a person who watches should know now: "waits for 10.0.0.1"; nil when there is nothing to say.
    var notice: String? { get }

    /// Empties `batch` and fills it with the next packets, up to its capacity. False when the input has ended and there
    /// was none. What the records of the batch before point at is gone.
    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool

    /// Ends the reading, wherever it is: what is known by then of packets that were lost goes into the ledger.
    func close(into ledger: inout Ledger)
}

extension PacketSource {
    public var compressedPosition: UInt64 { uncompressedBytes }
    public var totalSize: UInt64? { nil }
    public var problems: [Problem] { [] }
    public var remarks: [Remark] { [] }
    public var blocks: [BlockCount] { [] }
    public var isLive: Bool { false }
    public var isDedicated: Bool { false }
    public var isCutOff: Bool { false }
    public var dropped: UInt64 { 0 }
    public var notice: String? { nil }
    public func close(into ledger: inout Ledger) {}
}

extension CaptureReader: PacketSource {}

/// A source of which only so many packets, or only what comes in so long, is read.
public final class LimitedSource: PacketSource {
    private let source: any PacketSource
    private let most: UInt64?
    private let end: Int64?
    private var taken: UInt64 = 0
    public private(set) var isCutOff = false

    /// The beginning of a source.
    ///
    /// - Parameters:
    ///   - most: how many packets, of a bare stream pieces; nil for all.
    ///   - seconds: how long from now; nil for as long as it lasts.
    public init(_ source: any PacketSource, most: UInt64?, seconds: Double?) {
        self.source = source
        self.most = most
        end = seconds.map { SteadyClock.now() &+ Int64(min($0, 1e9) * 1e9) }
    }

    public func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        if taken >= most ?? .max || end.map({ SteadyClock.now() >= $0 }) ?? false {
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

    public var name: String { source.name }
    public var format: CaptureFormat { source.format }
    public var interfaces: [Interface] { source.interfaces }
    public var packets: UInt64 { min(source.packets, most ?? .max) }
    public var uncompressedBytes: UInt64 { source.uncompressedBytes }
    public var compressedPosition: UInt64 { source.compressedPosition }
    public var totalSize: UInt64? { source.totalSize }
    public var problems: [Problem] { source.problems }
    public var remarks: [Remark] { source.remarks }
    public var blocks: [BlockCount] { source.blocks }
    public var isLive: Bool { source.isLive }
    public var isDedicated: Bool { source.isDedicated }
    public var dropped: UInt64 { source.dropped }
    public var notice: String? { source.notice }
    public func close(into ledger: inout Ledger) { source.close(into: &ledger) }
}
