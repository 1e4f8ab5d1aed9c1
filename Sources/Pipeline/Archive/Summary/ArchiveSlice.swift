internal import BeiDou
internal import Bytes
internal import CCSDS
public import Capture
internal import Query
internal import Records
internal import Transport

/// The members of an archive that have to be unpacked for what is asked for, and why.
///
/// What is decoded of them is what a full reading decodes: with a member those in front of it are read in which its packets
/// begin, and those that tell interfaces and flows are always read. Where that cannot be promised all members are.
public struct ArchiveSlice: Sendable {
    /// Which members are read, in the order of the index.
    public private(set) var wanted: [Bool]
    /// Members that may hold what is asked for, that tell interfaces or flows, that hold beginnings of packets, that hold
    /// parts of a stream in which what is asked for may be.
    public private(set) var counts = (matching: 0, heads: 0, beginnings: 0, streams: 0)
    /// Why nothing can be left out; nil where it can.
    public private(set) var reason: String?
    /// Octets of the members that are read, and of all.
    public private(set) var octets: (read: UInt64, all: UInt64) = (0, 0)
    /// What the members are, for those who read on behind others; nil where a member tells nothing.
    let summaries: [MemberSummary?]
    /// Streams that are not asked for and are not read as a whole.
    var left: Set<FlowKey> = []

    /// The members of a file that have to be unpacked; nil where it is no archive, or all of it is asked for.
    ///
    /// - Parameters:
    ///   - filters: what is asked for: packets that one of them chooses; nil chooses all.
    ///   - told: what the user says that flows carry.
    ///   - hasCaptureFilter: whether packets are left out before they are decoded.
    ///   - joins: whether segments are joined.
    ///   - readsWhole: whether flows with messages of a dialect are read as a whole where one of them is asked for, since
    ///     those in front of it tell what it leaves out.
    init?(
        of path: String, _ filters: [CheckedFilter?], told: ToldLayout?, hasCaptureFilter: Bool = false,
        joins: Bool = false, readsWhole: (Dialect) -> Bool = { _ in false }
    ) {
        guard filters.allSatisfy({ $0 != nil }), Prescan.isFile(path), let index = try? ArchiveIndex(path: path) else {
            return nil
        }
        if !index.joints.isEmpty {
            self.init(index, "several archives stand in it, one behind the other")
        } else if index.tornOctets > 0 {
            self.init(
                index, "a torn member stands at its end, which tells nothing: 'starlane archive repair' mends that")
        } else if told != nil {
            self.init(index, "what is told of the layout makes other packets than those that the archive tells of")
        } else if hasCaptureFilter {
            self.init(index, "an expression of --bpf leaves packets out of the counts that the archive tells of")
        } else if joins {
            self.init(index, "segments are joined, wherever the first of them is")
        } else {
            self.init(index, path, filters, readsWhole)
        }
    }

    /// All members, for a reason.
    private init(_ index: ArchiveIndex, _ reason: String) {
        self.reason = reason
        summaries = []
        wanted = Array(repeating: true, count: index.entries.count)
        count(index)
    }

    /// The members in which a packet may be that one of some filters chooses.
    private init(
        _ index: ArchiveIndex, _ path: String, _ filters: [CheckedFilter?], _ readsWhole: (Dialect) -> Bool
    ) {
        summaries = index.entries.map { MemberSummary($0.member.summary) }
        wanted = Array(repeating: false, count: summaries.count)
        if summaries.contains(nil) {
            readAll("a member does not tell what its packets are: another program wrote it, or an older one")
        } else if hasJoinedStations(path) {
            readAll("frames of several stations are joined")
        } else {
            choose(index, filters, readsWhole)
        }
        count(index)
    }

    /// Whether frames of one link may lie in flows of several stations: what a member tells of a flow is then not enough.
    private func hasJoinedStations(_ path: String) -> Bool {
        let sources = summaries.flatMap { $0?.sources ?? [] }
        let keys = sources.map(\.key) + summaries.flatMap { $0?.unknown.map(\.key) ?? [] }
        guard sources.contains(where: { $0.channel != nil }), Set(keys.map(\.interface)).count > 1,
            let reader = try? CaptureReader.open(path)
        else { return false }
        var batch = Batch<Packet>(capacity: 1)
        var ledger = Ledger()
        _ = reader.next(into: &batch, ledger: &ledger)
        return reader.isMerged
    }

    private mutating func readAll(_ reason: String) {
        self.reason = reason
        wanted = wanted.map { _ in true }
        left = []
    }

    private mutating func choose(
        _ index: ArchiveIndex, _ filters: [CheckedFilter?], _ readsWhole: (Dialect) -> Bool
    ) {
        let types = MessageTypes.all.map(\.packetType)
        let isWhole = MessageTypes.all.map { readsWhole($0.dialect) }
        let sources = summaries.flatMap { $0?.sources ?? [] }.filter { source in
            let numbers = source.kinds.filter(\.isMessage).map { Int($0.standing.apid) }
            return source.isWhole || numbers.contains { isWhole.indices.contains($0) && isWhole[$0] }
        }
        let whole = Set(sources.map(\.key))
        var streams: Set<FlowKey> = []
        for (place, entry) in index.entries.enumerated() {
            guard let summary = summaries[place] else { continue }
            let (earliest, latest) = (entry.member.earliest, entry.member.latest)
            let times = earliest <= latest ? earliest...latest : nil
            var matches = false
            for source in summary.sources where Self.mayHold(filters, source, times, types) {
                if whole.contains(source.key) {
                    streams.insert(source.key)
                } else {
                    matches = true
                    readBack(source.back, from: place)
                }
            }
            for flow in summary.unknown where whole.contains(flow.key) {
                // What it is was known later; its packets may have come from here.
                let origin = Origin(flow.key, layers: flow.layers)
                let candidate = Candidate(unit: nil, origin: origin, times: times, type: nil)
                if filters.contains(where: { $0?.mayHold(for: candidate) ?? true }) { streams.insert(flow.key) }
            }
            readBack(summary.back, from: place)
            let isHead = summary.hasInterfaces || !summary.unknown.isEmpty || entry.member.packets == 0
            guard matches || isHead else { continue }
            if matches { counts.matching += 1 } else { counts.heads += 1 }
            wanted[place] = true
        }
        left = whole.subtracting(streams)
        if !streams.isEmpty { read(streams) }
    }

    /// Reads all members that have payloads of some flows.
    private mutating func read(_ streams: Set<FlowKey>) {
        for (place, summary) in summaries.enumerated() {
            for source in summary?.sources ?? [] where streams.contains(source.key) {
                guard !source.isIrregular else { return readAll(Self.irregular) }
                if !wanted[place] { counts.streams += 1 }
                wanted[place] = true
                readBack(source.back, from: place)
            }
            for flow in summary?.unknown ?? [] where streams.contains(flow.key) && flow.isIrregular {
                return readAll(Self.irregular)
            }
        }
    }

    private static let irregular = "segments of a stream that is asked for came out of order or are missing"

    private mutating func readBack(_ members: Int, from place: Int) {
        for before in max(0, place - members)..<place where !wanted[before] {
            wanted[before] = true
            counts.beginnings += 1
        }
    }

    private mutating func count(_ index: ArchiveIndex) {
        for (place, entry) in index.entries.enumerated() {
            octets.all += UInt64(entry.member.size)
            if wanted[place] { octets.read += UInt64(entry.member.size) }
        }
    }

    /// Whether a packet of a source may be chosen.
    private static func mayHold(
        _ filters: [CheckedFilter?], _ source: MemberSummary.Source, _ times: ClosedRange<Int64>?, _ types: [PacketType]
    ) -> Bool {
        guard !source.kinds.isEmpty else { return false }
        let origin = Origin(source.key, layers: source.layers, source.channel)
        return source.kinds.contains { kind in
            let type = kind.isMessage && types.indices.contains(Int(kind.standing.apid))
            var candidate = Candidate(
                unit: kind.unit, origin: origin, times: times,
                type: type ? types[Int(kind.standing.apid)] : nil)
            for told in kind.numbers where TerminalNumbers.parameters.indices.contains(Int(told.parameter)) {
                candidate.values[TerminalNumbers.parameters[Int(told.parameter)]] = told.numbers
            }
            return filters.contains { $0?.mayHold(for: candidate) ?? true }
        }
    }

    /// Whether members are passed.
    public var isPart: Bool { wanted.contains(false) }

    /// Which members are read.
    public var choice: MemberChoice { isPart ? MemberChoice(wanted) : .all }
}

extension Origin {
    /// What a summary tells of where packets come from.
    fileprivate init(_ key: FlowKey, layers word: UInt64, _ channel: ChannelStanding? = nil) {
        self.init()
        layers = Transport.names(ofLayers: word)
        (source, destination) = (key.source, key.destination)
        if key.kind == .udp || key.kind == .tcp || key.sourcePort != 0 || key.destinationPort != 0 {
            (sourcePort, destinationPort) = (key.sourcePort, key.destinationPort)
        }
        interface = Int(key.interface)
        spacecraft = channel?.spacecraft
        vcid = channel?.vcid
    }
}
