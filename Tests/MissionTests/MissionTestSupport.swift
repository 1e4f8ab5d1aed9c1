import Bytes
import Records
import CCSDS
import Foundation
import Mission
import Support

typealias Packet = Records.Unit

/// A database of Fixtures/xtce.
func database(_ name: String, options: Database.Options = .init()) throws -> Database {
    try Database.load(fixture("xtce/\(name).xml").path, options: options)
}

/// A value of a packet as a test writes it down.
struct Shown: Equatable, CustomStringConvertible {
    var raw: String
    var value: String
    var validity = Validity.valid
    var limit: LimitState?
    var description: String { "\(raw) \(value) \(validity) \(limit.map { "\($0)" } ?? "")" }
}

/// Packets in memory, decoded, with everything that came out.
final class Decoded {
    let decoder: MissionDecoder
    let batch = DecodedBatch()
    var ledger = Ledger()
    private let memory = ByteBuffer()
    private var units = Batch<Packet>()

    init(
        _ databases: [Database], _ packets: [[UInt8]], selection: Selection = .all, flows: [UInt32] = [],
        channels: [UInt32] = [], apids: [UInt16] = [], idle: Set<Int> = []
    ) {
        decoder = MissionDecoder(databases, selection: selection)
        for packet in packets { memory.append(octets: packet) }
        func told<Value>(_ values: [Value], _ index: Int, or other: Value) -> Value {
            index < values.count ? values[index] : other
        }
        var start = 0
        for (index, packet) in packets.enumerated() {
            units.append(
                Packet(
                    extent: memory.extent.slice(at: start, count: packet.count), time: .unknown,
                    packet: UInt64(index + 1),
                    offset: UInt64(start), flow: told(flows, index, or: 0), channel: told(channels, index, or: .max),
                    apid: told(apids, index, or: 0), sequence: 0, segment: 3,
                    marks: idle.contains(index) ? [.idle] : []))
            start += packet.count
        }
        decoder.decode(units, into: batch, ledger: &ledger)
    }

    /// Decodes the same packets once more into the same batch.
    func again() { decoder.decode(units, into: batch, ledger: &ledger) }

    /// The short name of a packet's type; nil: none.
    func type(_ index: Int) -> String? {
        let type = batch.type(of: index)
        return type < 0 ? nil : decoder.types[type].shortName
    }

    /// The values of a packet by short name.
    func values(_ index: Int) -> [String: Shown] {
        guard let table = batch.table(ofType: batch.type(of: index)) else { return [:] }
        let row = batch.row(of: index)
        var shown: [String: Shown] = [:]
        for column in table.columns { shown[column.info.shortName] = show(column, row) }
        return shown
    }

    /// The engineering values of a packet by short name, as text.
    func texts(_ index: Int) -> [String: String] { values(index).mapValues(\.value) }
}

func show(_ column: Column, _ row: Int) -> Shown {
    let validity = column.validities[row]
    var shown = Shown(raw: "-", value: "-", validity: validity)
    if validity.hasRaw {
        switch column.info.rawKind {
        case .unsigned: shown.raw = "\(column.raws[row])"
        case .signed: shown.raw = "\(Int64(bitPattern: column.raws[row]))"
        case .float: shown.raw = "\(Double(bitPattern: column.raws[row]))"
        case .bytes, .text: shown.raw = hex(column.rawBytes(at: row))
        }
    }
    if validity.hasValue {
        let cell = column.values[row]
        switch column.info.kind {
        case .unsigned: shown.value = "\(cell)"
        case .signed: shown.value = "\(Int64(bitPattern: cell))"
        case .float: shown.value = "\(Double(bitPattern: cell))"
        case .enumeration, .boolean: shown.value = column.info.labels[Int(cell)]
        case .string, .list: shown.value = text(column.text(at: row))
        case .binary: shown.value = hex(column.bytes(at: row))
        case .time: shown.value = column.time(at: row).text(digits: column.info.timeDigits)
        }
    }
    if column.info.hasLimits { shown.limit = column.limits[row] }
    return shown
}

func hex(_ bytes: RawSpan) -> String {
    var out = ""
    for index in 0..<bytes.byteCount {
        let octet = bytes.u8(at: index)
        out += String(octet >> 4, radix: 16) + String(octet & 15, radix: 16)
    }
    return out
}

func text(_ bytes: RawSpan) -> String {
    var octets: [UInt8] = []
    for index in 0..<bytes.byteCount { octets.append(bytes.u8(at: index)) }
    return String(decoding: octets, as: UTF8.self)
}

/// Octets from fields of so many bits, the last padded with zeros.
func packed(_ fields: [(value: UInt64, bits: Int)]) -> [UInt8] {
    var out: [UInt8] = []
    var used = 0
    for field in fields {
        for bit in (0..<field.bits).reversed() {
            if used % 8 == 0 { out.append(0) }
            if field.value >> UInt64(bit) & 1 == 1 { out[out.count - 1] |= 0x80 >> UInt8(used % 8) }
            used += 1
        }
    }
    return out
}
