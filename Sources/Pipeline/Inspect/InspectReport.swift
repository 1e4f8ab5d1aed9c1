public import BeiDou
public import Bytes
internal import Records
public import CCSDS
public import Capture
public import Mission
public import Transport

/// What a capture holds: everything that `inspect` says, in words or as JSON.
public struct InspectReport: Sendable {
    /// The input, as the user named it.
    public let file: String
    /// How it is written.
    public let format: CaptureFormat
    /// Packets of the capture, as capinfos counts them; 0 for a bare file.
    public let packets: UInt64
    /// Captured octets of all packets.
    public let packetBytes: Int
    /// The earliest time of a packet; unknown where the capture has no times.
    public let first: CaptureTime
    /// The latest time of a packet; unknown where the capture has no times.
    public let last: CaptureTime
    /// Decimals of a second that its times carry.
    public let timeDigits: Int
    /// The links, and how many packets came over each.
    public let interfaces: [InterfaceRow]
    /// The flows, in the order met.
    public let flows: [FlowRow]
    /// The virtual channels, in the order of spacecraft and channel.
    public let channels: [ChannelRow]
    /// The APIDs, in the order of spacecraft, channel and APID; idle packets are counted with their channel.
    public let apids: [APIDRow]
    /// The kinds of messages of terminals, in the order of flow, dialect and name.
    public let messages: [MessageRow]
    /// Packets that were half received when frames were lost or pointers disagreed: the last 64 of each flow.
    public let dropped: [DroppedRow]
    /// Where every octet went.
    public let ledger: Ledger
    /// What a filter chose; nil where none was given.
    public let choice: Choice?
    /// Which members of an archive were read, where some were passed that hold nothing of what was asked for: then all
    /// that is said is of the others.
    public let slice: ArchiveSlice?
    /// False when the reading was broken off: what is said holds as far as it went.
    public let isComplete: Bool
    /// What a person should read of the file's damage.
    public let problems: [Problem]
    /// Comments, names and notes in the capture.
    public let remarks: [Remark]
    /// The blocks of a pcapng.
    public let blocks: [BlockCount]

    /// What a filter chose.
    public struct Choice: Sendable {
        /// The filter as it was typed; empty where only a time was.
        public let filter: String
        /// Packets and messages that it chose.
        public let chosen: Int
        /// Packets and messages that there were, idle ones not counted.
        public let packets: Int
    }

    /// One link.
    public struct InterfaceRow: Sendable {
        /// What the capture says of it.
        public let interface: Interface
        /// Packets that came over it.
        public var packets: Int
        /// Captured octets of them.
        public var bytes: Int
    }

    /// One flow.
    public struct FlowRow: Sendable {
        /// What the transport counted of it.
        public let flow: Flow
        /// What it carries; nil when it never had a payload.
        public let verdict: Verdict?
        /// Frames whose error control was wrong, and right.
        public let errorControl: (valid: Int, wrong: Int)
        /// Frames of other spacecraft or versions.
        public let strays: Int
    }

    /// One virtual channel of one flow.
    public struct ChannelRow: Sendable {
        /// The flow, an index into ``InspectReport/flows``.
        public let flow: Int
        /// What was seen of it.
        public let channel: Channel
    }

    /// One kind of message in one flow.
    public struct MessageRow: Sendable {
        /// The flow, an index into ``InspectReport/flows``.
        public let flow: Int
        /// What kind of message it is.
        public let type: MessageType
        /// How many there were.
        public let count: MessageCount
        /// How many of them a filter chose; nil where none was given.
        public let chosen: Int?
    }

    /// One packet that was half received.
    public struct DroppedRow: Sendable {
        /// The flow, an index into ``InspectReport/flows``.
        public let flow: Int
        /// The spacecraft.
        public let spacecraft: Int
        /// The virtual channel.
        public let vcid: Int
        /// What was there of it, and where.
        public let packet: DroppedPacket
    }

    /// One APID of one channel of one flow.
    public struct APIDRow: Sendable {
        /// What was counted.
        public let count: PacketCount
        /// How many of them a filter chose; nil where none was given.
        public let chosen: Int?
        /// The spacecraft; nil where packets travel without frames.
        public let spacecraft: Int?
        /// The virtual channel; nil where packets travel without frames.
        public let vcid: Int?
        /// Whether these are idle packets.
        public let isIdle: Bool
        /// The packet types that a known database resolves its packets to, as far as they were looked at:
        /// `songjiang.eps_housekeeping`.
        public let types: [String]

        /// Packets in a second, between the first and the last; nil where that cannot be told.
        public var rate: Double? {
            guard count.first.isKnown, count.last.isKnown, count.last > count.first, count.packets > 1 else {
                return nil
            }
            return Double(count.packets - 1) / (Double(count.last.nanoseconds - count.first.nanoseconds) / 1e9)
        }
    }
}

extension InspectReport {
    /// What an engine has seen when it has come to its end.
    ///
    /// - Parameters:
    ///   - filter: what counted beside it what is chosen: rows of which nothing is are left out.
    ///   - explain: which packet type a packet is, where a known database says so.
    init(
        _ engine: Engine, text: String = "", filter: InspectionFilter? = nil,
        explain: ([Engine.FirstPackets]) -> [[String]]
    ) {
        let reader = engine.reader
        file = reader.name
        format = reader.format
        slice = engine.slice
        packets =
            slice == nil
            ? reader.packets
            : engine.traffic.links(reader.interfaces.count).reduce(0) { $0 + UInt64($1.packets) }
        packetBytes = engine.traffic.bytes
        interfaces = zip(reader.interfaces, engine.traffic.links(reader.interfaces.count)).map {
            InterfaceRow(interface: $0, packets: $1.packets, bytes: $1.bytes)
        }
        let flows = engine.flows
        self.flows = flows.indices.map { index in
            let decoder = engine.router.frameDecoder(index)
            return FlowRow(
                flow: flows[index],
                verdict: engine.router.verdicts.indices.contains(index) ? engine.router.verdicts[index] : nil,
                errorControl: decoder?.frameErrorControl ?? (0, 0), strays: decoder?.strays ?? 0)
        }
        var channels: [ChannelRow] = []
        var dropped: [DroppedRow] = []
        for index in flows.indices {
            for channel in engine.router.frameDecoder(index)?.channels ?? [] {
                channels.append(ChannelRow(flow: index, channel: channel))
            }
            for packet in engine.router.frameDecoder(index)?.droppedPackets ?? [] {
                guard let channel = engine.router.frameDecoder(index)?.channels[packet.channel] else { continue }
                dropped.append(
                    DroppedRow(flow: index, spacecraft: channel.spacecraft, vcid: channel.vcid, packet: packet))
            }
        }
        self.channels = channels.sorted {
            ($0.channel.spacecraft, $0.channel.vcid, $0.flow) < ($1.channel.spacecraft, $1.channel.vcid, $1.flow)
        }
        self.dropped = dropped
        messages = flows.indices.flatMap { index in
            (engine.router.messageScanner(index)?.counts ?? []).map {
                MessageRow(
                    flow: index, type: MessageTypes.all[$0.type], count: $0,
                    chosen: filter?.count(flow: index, messageType: $0.type))
            }.sorted { ($0.type.dialect.rawValue, $0.type.name) < ($1.type.dialect.rawValue, $1.type.name) }
        }
        .filter { $0.chosen != 0 }
        choice = filter.map { Choice(filter: text, chosen: $0.packets.chosen, packets: $0.packets.all) }
        // A log has no clock of its own, but its lines may have times in front.
        let times = messages.flatMap { [$0.count.first, $0.count.last] }.filter(\.isKnown).map(\.nanoseconds)
        let hasClock = engine.traffic.first.isKnown
        first = hasClock ? engine.traffic.first : CaptureTime(nanoseconds: times.min() ?? .min)
        last = hasClock ? engine.traffic.last : CaptureTime(nanoseconds: times.max() ?? .min)
        let digits = flows.indices.compactMap { engine.router.messageScanner($0)?.stampDigits }
        timeDigits = (reader.interfaces.map(\.timeDigits) + digits).max() ?? 0
        let types = explain(engine.firstPackets)
        apids = zip(engine.apids, types).map { count, types in
            let decoder = count.channel == .max ? nil : engine.router.frameDecoder(Int(count.flow))
            let channel = decoder?.channels[Int(count.channel)]
            return APIDRow(
                count: count, chosen: filter?.count(count), spacecraft: channel?.spacecraft, vcid: channel?.vcid,
                isIdle: count.kind == .encapsulation ? count.apid == 0 : count.apid == 0x7FF, types: types)
        }.filter { $0.chosen != 0 }.sorted { $0.order < $1.order }
        ledger = engine.ledger
        isComplete = engine.isComplete
        problems = reader.problems
        remarks = reader.remarks
        blocks = reader.blocks
    }
}

extension InspectReport.APIDRow {
    fileprivate var order: (Int, Int, Int, Int, Int) {
        (spacecraft ?? -1, vcid ?? -1, Int(count.flow), count.kind == .encapsulation ? 1 : 0, Int(count.apid))
    }
}

/// Reads a capture to its end and says what it holds.
public enum Inspection {
    /// - Parameters:
    ///   - reader: the capture.
    ///   - told: what the user says it carries.
    ///   - progress: called now and then; false ends the reading.
    ///   - explainer: asked once there are packets for a decoder that says what they are.
    public static func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true },
        explainer: () -> MissionDecoder? = { nil }
    ) -> InspectReport {
        run(
            reader, told: told, slice: nil, text: "", filter: nil, captureFilter: nil, progress: progress,
            explainer: explainer
        ).report
    }

    /// The members of an archive that have to be read for some conditions; nil where all of a file is.
    ///
    /// - Throws: a `FilterError`.
    public static func slice(
        of path: String, told: ToldLayout?, conditions: Conditions, hasCaptureFilter: Bool, databases: [Database]
    ) throws -> ArchiveSlice? {
        ArchiveSlice(
            of: path, [try conditions.check(databases)], told: told, hasCaptureFilter: hasCaptureFilter)
    }

    /// The same, with a count of what some conditions choose beside that of everything.
    ///
    /// - Parameters:
    ///   - captureFilter: what packets of the network have to match, in libpcap's language; nil for all.
    ///   - databases: what the parameters of a filter are of.
    ///   - slice: the members that are read of an archive; nil for all.
    /// - Throws: a `FilterError`, a ``CannotReadTwice``, a `CaptureFilter.Refusal`.
    public static func run(
        _ reader: any PacketSource, told: ToldLayout? = nil, slice: ArchiveSlice? = nil, conditions: Conditions,
        captureFilter: String? = nil,
        databases: [Database],
        progress: (ReadProgress) -> Bool = { _ in true }, explainer: () -> MissionDecoder? = { nil }
    ) throws -> InspectReport {
        let filter = try conditions.check(databases).map { InspectionFilter($0, databases) }
        try filter?.lookAhead(reader.name, databases, told: told, progress: progress)
        let matching = try captureFilter.map { (text) throws(CaptureFilter.Refusal) in try CaptureFilter(text) }
        let (report, refusal) = run(
            reader, told: told, slice: slice, text: conditions.filter ?? "", filter: filter, captureFilter: matching,
            progress: progress, explainer: explainer)
        if let refusal { throw refusal }
        return report
    }

    private static func run(
        _ reader: any PacketSource, told: ToldLayout?, slice: ArchiveSlice?, text: String, filter: InspectionFilter?,
        captureFilter: CaptureFilter?, progress: (ReadProgress) -> Bool, explainer: () -> MissionDecoder?
    ) -> (report: InspectReport, refusal: CaptureFilter.Refusal?) {
        var known = Known()
        known.slice = slice
        let engine = Engine(reader, told: told, known: known, captureFilter: captureFilter, inspects: true)
        var units = Batch<Unit>()
        while engine.next(into: &units) {
            if !progress(ReadProgress(reader)) { engine.stop() }
            if let filter, !units.isEmpty { filter.look(&units, engine) }
        }
        let report = InspectReport(engine, text: text, filter: filter) { packets in
            // Loading databases costs more than reading a small file: only where there are packets to explain.
            guard !packets.isEmpty, let decoder = explainer() else { return packets.map { _ in [] } }
            return packets.map { row in
                var names: [String] = []
                for octets in row.octets {
                    guard let match = decoder.match(octets.octets), match.isExact else { continue }
                    let name = decoder.types[match.type].name
                    if !names.contains(name) { names.append(name) }
                }
                return names
            }
        }
        return (report, engine.captureFilterRefusal)
    }
}
