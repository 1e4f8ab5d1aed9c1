public import Bytes

/// Formats packets as a capture file, classic pcap or pcapng, into a buffer that somebody else writes out.
///
///     let writer = CaptureWriter(.pcapng)
///     try writer.append(packets, interfaces: reader.interfaces)
///     …                       // `writer.buffer` is written out and emptied as often as the caller likes
///     writer.finish()
///
/// Fields are little-endian. Whatever was formatted is a file that opens, up to the end of any packet: nothing is
/// patched afterwards. A packet costs the store of its header and one copy of its octets.
///
/// Interfaces, their link types, names, snap lengths and clocks are kept as the packets' reader has them; a pcapng gets
/// the block of an interface that turns up late in front of the first packet behind it. A classic pcap has one link
/// type, and counts nanoseconds when a clock of the interfaces known at its first packet is finer than microseconds.
public final class CaptureWriter {
    /// The formats that are written.
    public enum Format: String, Sendable, CaseIterable {
        /// Classic libpcap, version 2.4.
        case pcap
        /// PCAP Next Generation, version 1.0, one section.
        case pcapng

        /// What the name of a file asks for: a classic one where it ends in `.pcap`.
        public init(path: String) { self = path.lowercased().hasSuffix(".pcap") ? .pcap : .pcapng }
    }

    /// Why packets cannot be written.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// What was found, what is allowed, what to do.
        public let description: String
    }

    /// The format.
    public let format: Format
    /// What is formatted and was not yet taken: the caller writes it out and empties it.
    public let buffer = ByteBuffer(capacity: 1 << 16)
    /// How many packets were formatted.
    public internal(set) var packets = 0
    /// How many of them have another time in the file than they had, since the format or its clock cannot hold it: it lies
    /// outside of the years that the file can say, or is finer than its clock, or is unknown and written as 1970.
    public internal(set) var changedTimes = 0

    /// The interfaces in the file.
    var written: [Interface] = []
    /// The interfaces of the capture in hand.
    private(set) var capture = Capture()
    var classic: ClassicFile?
    var hasSection = false

    /// What is fixed when the header of a classic file is written.
    struct ClassicFile {
        let linkType: LinkType
        let isNano: Bool
    }

    /// What becomes of the interfaces of one capture.
    public final class Capture {
        /// What becomes of the packets of each interface.
        var targets = Batch<WriterTarget>(capacity: 8)
        /// The interfaces in the file that it has taken for its own.
        fileprivate var taken: Set<Int> = []
    }

    /// A writer of an empty file.
    public init(_ format: Format) { self.format = format }

    /// Begins packets of another capture, whose interfaces are others; those that are described alike become one.
    ///
    /// - Returns: the capture, for ``turn(to:)`` where several are written at a time.
    @discardableResult
    public func beginCapture() -> Capture {
        capture = Capture()
        return capture
    }

    /// Goes on with packets of a capture that was begun before.
    public func turn(to capture: Capture) { self.capture = capture }

    /// Formats packets, in the order of the batch. When it throws, none of them was formatted.
    ///
    /// - Parameters:
    ///   - interfaces: those of the capture, which `Packet.interface` counts. Later batches may come with more of them;
    ///     what was there does not change until ``beginCapture()``.
    ///   - comment: what a pcapng says of every one of them; a classic pcap has no comments.
    public func append(
        _ packets: borrowing Batch<Packet>, interfaces: [Interface], comment: CaptureComment? = nil
    ) throws(Refusal) {
        meet(interfaces)
        guard !packets.isEmpty else { return }
        switch format {
        case .pcap: try appendClassic(packets, capture.targets)
        case .pcapng: try appendBlocks(packets, capture.targets, comment)
        }
        self.packets += packets.count
    }

    /// Ends the file: one without a packet gets its header, and a pcapng the counts of its interfaces.
    public func finish(statistics: [InterfaceStatistics] = []) {
        switch format {
        case .pcap: if classic == nil { beginClassic(written.first?.linkType ?? .ethernet) }
        case .pcapng:
            beginSection()
            for row in statistics { append(row) }
        }
    }

    /// Takes note of the interfaces of a capture that were not there before, also when no packet of them comes.
    public func meet(_ interfaces: [Interface]) {
        guard capture.targets.count < interfaces.count else { return }
        for interface in interfaces[capture.targets.count...] {
            guard interface.linkType.isInFiles else {
                capture.targets.append(WriterTarget(linkType: interface.linkType))
                continue
            }
            let index = index(of: interface)
            capture.targets.append(WriterTarget(written[index], index))
        }
    }

    /// The interface of the file that is described as one of the capture is, a new one where there is none.
    private func index(of interface: Interface) -> Int {
        var interface = interface
        interface.section = 0
        if !InterfaceClock.isExact(interface.resolution) { interface.resolution = 9 }
        let found = written.indices.first { !capture.taken.contains($0) && written[$0] == interface }
        let index = found ?? written.count
        capture.taken.insert(index)
        if found == nil {
            written.append(interface)
            if format == .pcapng { describe(interface) }
        }
        return index
    }

    /// Says why packets of an interface are not written.
    package func refusal(_ interface: UInt32) -> Refusal {
        guard Int(interface) < capture.targets.count else {
            return Refusal(
                description: "a packet names interface \(interface), and there are \(capture.targets.count)")
        }
        let link = capture.targets[Int(interface)].linkType
        if link == .bareStream {
            return Refusal(
                description: "a bare file has no packets that a \(format.rawValue) could hold: only a capture has; "
                    + "what was decoded of it can be written as upper PDUs")
        }
        if !link.isInFiles {
            return Refusal(
                description: "\(link.name) has no number in \(format.rawValue) files, which know those up to 65535")
        }
        return Refusal(
            description: "a pcap has packets of one link type: this one was begun with "
                + "\(classic?.linkType.name ?? "another"), and a packet of \(link.name) comes now; "
                + "write a pcapng, or choose packets of one link")
    }
}

/// What becomes of the packets of one interface.
struct WriterTarget: BitwiseCopyable {
    let linkType: LinkType
    /// The interface in the file; -1 where the file cannot have it.
    let index: Int32
    /// Nanoseconds in a unit of its clock; 0 for a binary clock.
    let unit: Int64
    /// What its time stamps count from, in nanoseconds; `easy` is false where that is no number of 64 bits.
    let offset: Int64
    let isEasy: Bool

    init(_ interface: Interface, _ index: Int) {
        linkType = interface.linkType
        self.index = Int32(truncatingIfNeeded: index)
        unit = InterfaceClock.unit(interface.resolution) ?? 0
        isEasy = unit > 0 && interface.timeOffset.magnitude < 3_155_760_000
        offset = isEasy ? interface.timeOffset * 1_000_000_000 : 0
    }

    /// An interface whose packets are not written.
    init(linkType: LinkType) {
        self.linkType = linkType
        (index, unit, offset, isEasy) = (-1, 0, 0, false)
    }
}

extension LinkType {
    /// Whether capture files have a number for it: pcapng has 16 bits.
    var isInFiles: Bool { rawValue <= 0xFFFF }
}
