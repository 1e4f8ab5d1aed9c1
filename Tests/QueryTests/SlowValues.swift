import Bytes
import Foundation
import Records

/// A value as the slow evaluator has it.
enum SlowValue: Equatable {
    case absent
    case whole(Int128)
    case real(Double)
    /// A text or a run of octets.
    case octets([UInt8])
    case label(String)
    /// A truth, and the label for it.
    case truth(Bool, String)
    /// Attoseconds since 1970.
    case time(Int128)
    case address([UInt8])

    /// A number as a double; nil where there is none.
    var number: Double? {
        switch self {
        case .whole(let value): Double(value)
        case .real(let value): value.isNaN ? nil : value
        case .truth(let truth, _): truth ? 1 : 0
        default: nil
        }
    }

    /// Whether there is a value that can be held against others.
    var isThere: Bool {
        switch self {
        case .absent: false
        case .real(let value): !value.isNaN
        default: true
        }
    }
}

/// One field of one packet.
struct SlowField {
    var name: String
    var unit = ""
    var value = SlowValue.absent
    var raw = SlowValue.absent
    /// nil: the field has no limits.
    var limit: LimitState?
    var hasLimits = false
    /// Whether the field is there, whatever its value.
    var isPresent = false
    var isRawPresent = false
}

/// One packet with all that filters may ask of it.
struct SlowPacket {
    /// The name of its type; empty for a packet without.
    var type = ""
    var origin = 0
    /// Nanoseconds; nil where it has no time.
    var time: Int64?
    var isIdle = false
    var layers: Set<String> = []
    var fields: [SlowField] = []
    var headers: [String: SlowValue] = [:]
}

extension SlowPacket {
    /// A packet of a batch, with the row of its table.
    init(_ unit: Records.Unit, _ octets: [UInt8], _ origin: Origin, number: Int, _ table: DecodedTable?, row: Int) {
        self.origin = number
        time = unit.time.isKnown ? unit.time.nanoseconds : nil
        isIdle = unit.marks.contains(.idle)
        layers = Set(origin.layers)
        let isMessage = unit.marks.contains(.message)
        let isSpacePacket = !isMessage && !unit.marks.contains(.encapsulation)
        if isMessage { layers.insert("message") }
        if isSpacePacket { layers.insert("ccsds") }
        func whole(_ value: Int?) -> SlowValue { value.map { .whole(Int128($0)) } ?? .absent }
        func text(_ value: String?) -> SlowValue { value.map { .octets(Array($0.utf8)) } ?? .absent }
        func address(_ octets: [UInt8], _ count: Int) -> SlowValue {
            octets.count == count ? .address(octets) : .absent
        }
        func port(_ port: UInt16?, _ layer: String) -> SlowValue {
            origin.layers.contains(layer) ? whole(port.map(Int.init)) : .absent
        }
        headers["time"] = time.map { .time(Int128($0) * 1_000_000_000) } ?? .absent
        headers["packet"] = unit.packet == 0 ? .absent : whole(Int(unit.packet))
        headers["flow"] = text(origin.flow)
        headers["spacecraft"] = whole(origin.spacecraft)
        headers["vcid"] = whole(origin.vcid)
        headers["length"] = whole(octets.count)
        headers["octets"] = .octets(octets)
        headers["frame.quality"] = .label(
            unit.marks.contains(.late) ? "late" : unit.marks.contains(.gapBefore) ? "gap" : "good")
        headers["frame.interface_id"] = whole(origin.interface)
        headers["frame.interface_name"] = text(origin.interfaceName)
        headers["ip.src"] = address(origin.source, 4)
        headers["ip.dst"] = address(origin.destination, 4)
        headers["ipv6.src"] = address(origin.source, 16)
        headers["ipv6.dst"] = address(origin.destination, 16)
        headers["udp.srcport"] = port(origin.sourcePort, "udp")
        headers["udp.dstport"] = port(origin.destinationPort, "udp")
        headers["tcp.srcport"] = port(origin.sourcePort, "tcp")
        headers["tcp.dstport"] = port(origin.destinationPort, "tcp")
        if isSpacePacket {
            headers["apid"] = whole(Int(unit.apid))
            headers["sequence"] = whole(Int(unit.sequence))
            headers["ccsds.seqflag"] = whole(Int(unit.segment))
            headers["ccsds.type"] = whole(unit.marks.contains(.telecommand) ? 1 : 0)
            headers["ccsds.secheader"] = whole(unit.marks.contains(.secondaryHeader) ? 1 : 0)
            headers["ccsds.length"] = whole(octets.count - 7)
        }
        guard let table else { return }
        type = table.type.name
        headers["type"] = text(table.type.name)
        headers["dialect"] = text(table.type.dialect)
        headers["spacecraft.name"] = text(table.type.mission)
        fields = table.columns.map { SlowField($0, row) }
    }
}

extension SlowField {
    init(_ column: Column, _ row: Int) {
        let info = column.info
        name = info.name
        unit = info.unit
        hasLimits = info.hasLimits
        let validity = column.validities[row]
        let raw = column.raws[row]
        isRawPresent =
            switch validity {
            case .notIncluded: info.rawKind == .text && raw != 0
            case .beyondEnd, .badSize: false
            default: true
            }
        isPresent = validity == .valid || validity == .outOfRange || validity == .badText
        if isRawPresent {
            switch info.rawKind {
            case .unsigned: self.raw = .whole(Int128(raw))
            case .signed: self.raw = .whole(Int128(Int64(bitPattern: raw)))
            case .float: self.raw = .real(Double(bitPattern: raw))
            case .bytes, .text: self.raw = .octets(column.rawBytes(at: row).copied())
            }
        }
        guard isPresent else { return }
        let cell = column.values[row]
        if info.hasLimits { limit = column.limits[row] }
        switch info.kind {
        case .unsigned: value = .whole(Int128(cell))
        case .signed: value = .whole(Int128(Int64(bitPattern: cell)))
        case .float: value = .real(Double(bitPattern: cell))
        case .enumeration: value = .label(info.labels[Int(cell)])
        case .boolean: value = .truth(cell == 1, info.labels[Int(cell)])
        case .string, .list, .binary: value = .octets(column.bytes(at: row).copied())
        case .time:
            let time = column.time(at: row)
            value = .time(Int128(time.seconds) * 1_000_000_000_000_000_000 + Int128(time.attoseconds))
        }
    }
}

/// Units as the slow evaluator knows them: just those of its tables and filters.
enum SlowUnit {
    static let known: [String: (quantity: String, factor: Double, offset: Double)] = [
        "V": ("voltage", 1, 0), "mV": ("voltage", 1e-3, 0), "kV": ("voltage", 1e3, 0),
        "K": ("temperature", 1, 0), "degC": ("temperature", 1, 273.15),
        "s": ("time", 1, 0), "ms": ("time", 1e-3, 0), "min": ("time", 60, 0),
        "octets": ("size", 8, 0), "kB": ("size", 8e3, 0), "bit": ("size", 1, 0),
    ]

    /// A constant in another unit, to fifteen digits.
    static func constant(_ value: Double, _ from: String, to: String) -> Double {
        guard from != to, let a = known[from], let b = known[to] else { return value }
        return digits((value * a.factor + a.offset - b.offset) / b.factor)
    }

    /// Fifteen digits of a number.
    static func digits(_ value: Double) -> Double { Double(String(format: "%.14e", value)) ?? .nan }

    /// A packet's number in another unit, as doubles are.
    static func number(_ value: Double, _ from: String, to: String) -> Double {
        guard from != to, let a = known[from], let b = known[to] else { return value }
        return value * (a.factor / b.factor) + (a.offset - b.offset) / b.factor
    }
}

/// Times as the slow evaluator reads them: by counting days one by one.
enum SlowTime {
    /// Attoseconds since 1970 of `2026-03-01T04:00:00.25Z`, `2026-060T04:00`, `2026-03-01 12:00+08:00`.
    static func read(_ text: String) -> Int128? {
        let normal = text.replacing(" ", with: "T").replacing("Z", with: "")
        var (body, zone) = (normal, 0)
        if let sign = normal.lastIndex(where: { $0 == "+" }) {
            body = String(normal[..<sign])
            let parts = normal[normal.index(after: sign)...].split(separator: ":").compactMap { Int($0) }
            zone = parts[0] * 3600 + (parts.count > 1 ? parts[1] * 60 : 0)
        }
        let halves = body.split(separator: "T").map(String.init)
        let date = halves[0].split(separator: "-").compactMap { Int($0) }
        guard date.count >= 2 else { return nil }
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        func length(_ year: Int, _ month: Int) -> Int {
            [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        }
        var days = 0
        for year in 1970..<max(1970, date[0]) { days += isLeap(year) ? 366 : 365 }
        if date.count == 3 {
            for month in 1..<date[1] { days += length(date[0], month) }
            days += date[2] - 1
        } else {
            days += date[1] - 1
        }
        var attoseconds = Int128(days * 86_400 - zone) * 1_000_000_000_000_000_000
        guard halves.count > 1 else { return attoseconds }
        let clock = halves[1].split(separator: ":").map(String.init)
        for (part, weight) in zip(clock, [3600, 60, 1]) {
            let halves = part.split(separator: ".").map(String.init)
            attoseconds += Int128((Int(halves[0]) ?? 0) * weight) * 1_000_000_000_000_000_000
            guard halves.count > 1 else { continue }
            var weight: Int128 = 100_000_000_000_000_000
            for digit in halves[1] {
                attoseconds += Int128(digit.wholeNumberValue ?? 0) * weight
                weight /= 10
            }
        }
        return attoseconds
    }
}
