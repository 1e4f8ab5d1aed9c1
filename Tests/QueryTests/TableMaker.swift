import Bytes
import Query
import Records

/// Numbers that look random and are the same each time (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A batch of packets and what they decoded to.
final class MadeBatch {
    let octets = ByteBuffer()
    var units = Batch<Records.Unit>(capacity: 64)
    let decoded = DecodedBatch()
    /// The origins that it brings along.
    var origins: [(key: UInt64, origin: Origin)] = []

    /// The octets of a packet.
    func octets(of index: Int) -> [UInt8] {
        func copied(_ units: borrowing Batch<Records.Unit>) -> [UInt8] { units.bytes(of: units[index]).copied() }
        return copied(units)
    }
}

/// Packets of several types with values of all kinds, there and not there, plain and extreme.
struct TableMaker {
    var random: FixedRandom
    private var known: [UInt64: Int] = [:]
    /// All origins, as filters number them.
    private(set) var origins: [Origin] = []
    private var packet: UInt64 = 0

    init(seed: UInt64) { random = FixedRandom(seed: seed) }

    static func info(
        _ name: String, _ kind: ValueKind, _ rawKind: RawKind, unit: String = "", labels: [String] = [],
        limits: Bool = false
    ) -> ParameterInfo {
        ParameterInfo(
            name: name, shortName: String(name.split(separator: ".").last ?? ""), unit: unit, kind: kind,
            rawKind: rawKind, labels: labels, timeDigits: kind == .time ? 9 : 0, hasLimits: limits)
    }

    /// The types: the same short names mean parameters of several of them, in other units and with other labels.
    static let types: [PacketType] = [
        PacketType(
            name: "sat.power", shortName: "power", description: "", database: 0, mission: "sat",
            parameters: [
                info("sat.power.count", .unsigned, .unsigned),
                info("sat.power.voltage", .float, .unsigned, unit: "V", limits: true),
                info("sat.power.temp", .float, .signed, unit: "degC", limits: true),
                info("sat.power.mode", .enumeration, .unsigned, labels: ["off", "nominal", "safe mode"]),
                info("sat.power.big", .unsigned, .unsigned), info("sat.power.small", .signed, .signed),
                info("sat.power.when", .time, .unsigned),
                info("sat.power.flag", .boolean, .unsigned, labels: ["off", "on"]),
                info("sat.power.blob", .binary, .bytes), info("sat.power.name", .string, .bytes),
                info("sat.power.list", .list, .bytes), info("sat.power.real", .float, .float),
            ]),
        PacketType(
            name: "sat.thermal", shortName: "thermal", description: "", database: 0, mission: "sat",
            parameters: [
                info("sat.thermal.count", .unsigned, .unsigned),
                info("sat.thermal.voltage", .float, .float, unit: "mV"),
                info("sat.thermal.temp", .float, .float, unit: "K", limits: true),
                info("sat.thermal.mode", .enumeration, .signed, labels: ["nominal", "hot"]),
                info("sat.thermal.flag", .boolean, .signed, labels: ["False", "True"]),
                info("sat.thermal.small", .signed, .signed), info("sat.thermal.real", .float, .float),
                info("sat.thermal.name", .string, .text),
            ]),
        PacketType(
            name: "TXSQ", shortName: "TXSQ", description: "", database: nil, dialect: "rdss-2.1",
            parameters: [
                info("message.text", .string, .text), info("message.number", .unsigned, .text),
                info("message.kind", .enumeration, .text, labels: ["code", "chinese", "mixed"]),
                info("message.sent", .time, .text), info("message.count", .signed, .text),
            ]),
        PacketType(
            name: "other.bare", shortName: "bare", description: "", database: 1, mission: "other", parameters: []),
    ]

    static let texts = ["", "a", "abc", "SOS", "sos 1", "Abc", "北斗", "a\u{301}", "nominal", "xyzzy x", "42"]

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }

    // MARK: Values

    private static let unsignedExtremes: [UInt64] = [
        .max, 0xFFFF_FFFF_FFFF_FFFE, 0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x20_0000_0000_0000,
        0x20_0000_0000_0001, 255, 1000,
    ]
    private static let signedExtremes: [Int64] = [
        .max, .min, -0x7FFF_FFFF_FFFF_FFFF, 0x20_0000_0000_0001, -0x20_0000_0000_0001, -1000, 1000,
    ]
    private static let reals: [Double] = [0, 1, -1, 2.5, 24.5, 0.5, -3.25, 300, 310, 36.85, 5, 4]
    private static let realExtremes: [Double] = [
        .nan, .infinity, -.infinity, -0.0, 1e300, -1e300, 1e-300, 0x1p53, 0x1.0000000000001p53, 0x1p63, 0x1p64, 1e18,
        -0.5,
    ]
    private static let blobs: [[UInt8]] = [
        [0x1A, 0xCF, 0xFC, 0x1D], [0], [0xFF, 0xFE], [0x61, 0xFF, 0x63], [8, 0x64, 0, 1, 2, 3, 4, 5, 6, 7],
    ]
    private static let moments: [Int64] = [
        0, 250_000_000, 1_000_000_000, 5_000_000_000, -3_000_000_000, 60_000_000_000, 1,
    ]

    private mutating func unsigned() -> UInt64 {
        chance(80) ? UInt64.random(in: 0...6, using: &random) : pick(Self.unsignedExtremes)
    }

    private mutating func signed() -> Int64 {
        chance(80) ? Int64.random(in: -3...4, using: &random) : pick(Self.signedExtremes)
    }

    private mutating func real() -> Double { chance(75) ? pick(Self.reals) : pick(Self.realExtremes) }

    private mutating func octets() -> [UInt8] { chance(70) ? Array(pick(Self.texts).utf8) : pick(Self.blobs) }

    private mutating func time() -> Int64 { 1_772_337_600_000_000_000 + pick(Self.moments) }

    // MARK: Packets

    /// A batch of packets, from origins old and new.
    mutating func batch(_ count: Int) -> MadeBatch {
        let batch = MadeBatch()
        var types: [Int] = []
        var lengths: [Int] = []
        var shells: [Records.Unit] = []
        for _ in 0..<count {
            let type = chance(12) ? -1 : Int.random(in: 0..<Self.types.count, using: &random)
            var octets: [UInt8] = [8, UInt8.random(in: 0...255, using: &random), 0, 1, 2, 3, 4]
            octets += self.octets()
            octets += self.octets()
            batch.octets.append(octets.octets)
            lengths.append(octets.count)
            var marks: Records.Unit.Marks = type == 2 ? [.message] : []
            if type == -1, chance(25) { marks.insert(.idle) }
            if type == -1, chance(40) { marks.insert(.encapsulation) }
            for mark in [Records.Unit.Marks.telecommand, .gapBefore, .late, .secondaryHeader] where chance(25) {
                marks.insert(mark)
            }
            packet += UInt64.random(in: 0...2, using: &random)
            let extremes: [Int64] = [.min, -.max, .max, 0]
            let extreme = pick(extremes)
            shells.append(
                Records.Unit(
                    extent: batch.octets.extent, time: CaptureTime(nanoseconds: chance(90) ? time() : extreme),
                    packet: chance(95) ? packet : 0, offset: 0, flow: UInt32.random(in: 0...2, using: &random),
                    channel: chance(80) ? .max : 0, apid: UInt16.random(in: 0...4, using: &random),
                    sequence: UInt16.random(in: 0...5, using: &random),
                    segment: UInt8.random(in: 0...3, using: &random),
                    marks: marks))
            types.append(type)
        }
        var start = 0
        for (index, var unit) in shells.enumerated() {
            unit.extent = batch.octets.extent.slice(at: start, count: lengths[index])
            start += lengths[index]
            batch.units.append(unit)
            let key = unit.originKey
            if known[key] == nil {
                known[key] = origins.count
                let origin = origin()
                origins.append(origin)
                batch.origins.append((key, origin))
            }
        }
        decode(batch, types)
        return batch
    }

    /// The number of a packet's origin.
    func origin(of unit: Records.Unit) -> Int { known[unit.originKey] ?? 0 }

    private mutating func origin() -> Origin {
        var origin = Origin(flow: pick(["udp 10.0.0.1:5 > 10.0.0.2:6", "link 0", "tcp [fe80::1]:7", ""]))
        let four: [[UInt8]] = [[10, 0, 0, 1], [10, 0, 0, 2], [224, 0, 0, 1], [192, 168, 1, 200]]
        let six: [[UInt8]] = [
            [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5],
        ]
        let layers: [[String]] = [
            ["ethernet", "ipv4", "udp"], ["ethernet", "vlan", "ipv6", "tcp"], ["ipv4", "tcp"], ["ipv6", "udp"], [],
        ]
        let ports: [UInt16] = [5, 6, 1000, 3000]
        let names: [String?] = [nil, "eth0", "lo"]
        let spacecraft: [Int?] = [nil, 68, 7]
        let channels: [Int?] = [nil, 0, 2]
        origin.layers = pick(layers)
        if origin.layers.contains("ipv4") { (origin.source, origin.destination) = (pick(four), pick(four)) }
        if origin.layers.contains("ipv6") { (origin.source, origin.destination) = (pick(six), pick(six)) }
        if !origin.layers.isEmpty { (origin.sourcePort, origin.destinationPort) = (pick(ports), pick(ports)) }
        origin.interface = chance(50) ? 0 : 1
        origin.interfaceName = pick(names)
        origin.spacecraft = pick(spacecraft)
        origin.vcid = pick(channels)
        return origin
    }

    private mutating func decode(_ batch: MadeBatch, _ types: [Int]) {
        batch.decoded.begin(types: Self.types.count, units: types.count)
        for (index, type) in types.enumerated() { batch.decoded.typeIndexes[index] = Int32(type) }
        batch.decoded.distribute(batch.units) { index in
            let type = Self.types[index]
            return DecodedTable(
                type: type, typeIndex: index,
                fields: type.parameters.map { info in
                    let isSame =
                        (info.kind == .unsigned && info.rawKind == .unsigned && info.shortName == "big")
                        || (info.kind == .float && info.rawKind == .float && info.unit.isEmpty)
                    return (info, isSame)
                }, selected: Array(type.parameters.indices))
        }
        for type in batch.decoded.typesPresent {
            guard let table = batch.decoded.table(ofType: type) else { continue }
            for column in table.columns { fill(column, table.count) }
        }
    }

    private mutating func fill(_ column: Column, _ count: Int) {
        column.prepare(count, filler: .valid)
        let isFull = chance(30)
        let info = column.info
        for row in 0..<count {
            var validity = Validity.valid
            if !isFull, chance(25) {
                validity = pick(Validity.allCases)
                column.mark(row, validity)
            }
            // What is not there holds anything.
            let garbage = random.next()
            let isRawThere = validity.hasRaw || validity == .notIncluded && info.rawKind == .text
            column.rawCells[row] = isRawThere ? raw(column) : garbage
            if validity == .notIncluded, info.rawKind == .text, chance(50) { column.rawCells[row] = 0 }
            if info.hasLimits { column.limitStates[row] = pick(LimitState.allCases) }
            guard column.valueCells !== column.rawCells else { continue }
            column.valueCells[row] = validity.hasValue ? value(column, row) : garbage
        }
    }

    private mutating func raw(_ column: Column) -> UInt64 {
        switch column.info.rawKind {
        case .unsigned: unsigned()
        case .signed: UInt64(bitPattern: signed())
        case .float: real().bitPattern
        case .bytes, .text: octets(in: column, octets())
        }
    }

    private mutating func value(_ column: Column, _ row: Int) -> UInt64 {
        switch column.info.kind {
        case .unsigned: return unsigned()
        case .signed: return UInt64(bitPattern: signed())
        case .float: return real().bitPattern
        case .enumeration: return UInt64.random(in: 0..<UInt64(column.info.labels.count), using: &random)
        case .boolean: return UInt64.random(in: 0...1, using: &random)
        case .string, .list: return octets(in: column, Array(pick(Self.texts).utf8))
        case .binary: return octets(in: column, octets())
        case .time:
            column.fractions[row] = pick([0, 250_000_000_000_000_000, 999_999_999_999_999_999, 1])
            return UInt64(bitPattern: time() / 1_000_000_000)
        }
    }

    private func octets(in column: Column, _ octets: [UInt8]) -> UInt64 {
        let start = column.arena.count
        column.arena.append(octets.octets)
        return OctetRange(start: start, count: octets.count, isInArena: true).cell
    }
}
