public import Bytes

/// Where packets come from, batch by batch: a capture, or something live.
///
/// A live source comes back at least every tenth of a second, with an empty batch when nothing has come, so that who
/// reads can end, look at the clock and write what waits. When the user asks to (``Interruption``) it ends
/// itself, see ``end()``.
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
    /// The member of an archive that the last packets are in; nil where nobody asked for it, and for all else.
    var member: MemberPlace? { get }
    /// Which mission databases packets of an archive were archived under; none for all else.
    var definitions: [ArchiveIndex.Definitions] { get }
    /// How many packets the system dropped before they were read.
    var dropped: UInt64 { get }
    /// What a person who watches should know now: "waits for 10.0.0.1"; nil when there is nothing to say.
    var notice: String? { get }

    /// Empties `batch` and fills it with the next packets, up to its capacity. False when the input has ended and there
    /// was none. What the records of the batch before point at is gone.
    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool

    /// Asks a live source to end: what the system holds for it by now is still given, without waiting, and then it ends. False
    /// where nothing more is to be read.
    func end() -> Bool

    /// Ends the reading, wherever it is: what is known by then of packets that were lost goes into the ledger.
    func close(into ledger: inout Ledger)
}

/// What holds for most sources.
extension PacketSource {
    /// What is not packed is taken as it is left behind.
    public var compressedPosition: UInt64 { uncompressedBytes }
    /// Nobody knows.
    public var totalSize: UInt64? { nil }
    /// All is well.
    public var problems: [Problem] { [] }
    /// Only captures carry some.
    public var remarks: [Remark] { [] }
    /// Only a pcapng has some.
    public var blocks: [BlockCount] { [] }
    /// A capture is not.
    public var isLive: Bool { false }
    /// A capture may hold anything.
    public var isDedicated: Bool { false }
    /// It is no archive.
    public var member: MemberPlace? { nil }
    /// Nobody told.
    public var definitions: [ArchiveIndex.Definitions] { [] }
    /// Most are read to their ends.
    public var isCutOff: Bool { false }
    /// What was dropped while a capture was made is not known.
    public var dropped: UInt64 { 0 }
    /// There is nothing to say.
    public var notice: String? { nil }
    /// Of what is not live nothing waits that is lost.
    public func end() -> Bool { false }
    /// Nothing is to be done.
    public func close(into ledger: inout Ledger) {}
}

extension CaptureReader: PacketSource {}
