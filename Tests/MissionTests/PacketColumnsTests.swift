import Bytes
import Foundation
import Mission
import Records
import Support
import Testing

/// Packets from columns are those that are made one by one.
struct PacketColumnsTests {
    private static let songjiang = projectFolder.appendingPathComponent("Specs/songjiang.xml").path

    /// Columns of all parameters of a type that have columns.
    private static func columns(
        _ encoder: PacketEncoder, beyond: PacketColumns.Beyond = .saturate
    ) throws -> (columns: PacketColumns, names: [String]) {
        let names = encoder.type.parameters.map(\.shortName).filter {
            (try? PacketColumns(encoder, [$0])) != nil
        }
        return (try PacketColumns(encoder, names, beyond: beyond), names)
    }

    @Test("columns give the packets that values one by one give", arguments: ["songjiang", "g60"])
    func same(_ name: String) throws {
        let path = projectFolder.appendingPathComponent("Specs/\(name).xml").path
        let encoders = PacketEncoders([try Database.load(path)])
        var generator = SeededGenerator(seed: 11)
        var compared = 0
        for type in encoders.types {
            let encoder = try encoders.encoder(for: type.name)
            let (columns, names) = try Self.columns(encoder)
            // Random packets, whose values go in.
            var packets: [[UInt8]] = []
            for number in 0..<100 {
                var values = PacketValues()
                values.set("SRC_SEQ_CTR", to: .integer(Int128(number)))
                guard (try? encoder.encode(values)) != nil else { break }
                for field in encoder.explanation()
                where field.source == .zero && names.contains(field.info.shortName) && field.info.rawKind != .float {
                    if field.info.kind == .time {
                        values.set(
                            field.info.shortName,
                            to: .text("2026-03-15T02:\(10 + number % 50):0\(number % 10).\(generator.next() % 1_000)Z"))
                        continue
                    }
                    let raw = generator.next() & (field.bits >= 63 ? UInt64(Int64.max) : 1 << UInt64(field.bits) - 1)
                    let shift = 64 - field.bits
                    let value =
                        field.info.rawKind == .signed
                        ? Int64(bitPattern: raw << UInt64(shift)) >> Int64(shift) : Int64(raw)
                    var one = values
                    one.set(field.info.shortName, to: .integer(Int128(value)), isRaw: true)
                    if field.info.kind != .enumeration || (try? encoder.encode(one)) != nil { values = one }
                }
                packets.append(try encoder.encode(values))
            }
            let decoded = Decoded(encoders.databases, packets)
            columns.resize(to: packets.count)
            for (index, name) in names.enumerated() where name != "SRC_SEQ_CTR" {
                for row in packets.indices {
                    let table = try #require(decoded.batch.table(ofType: decoded.batch.type(of: row)))
                    let column = try #require(table.columns.first { $0.info.shortName == name })
                    let at = decoded.batch.row(of: row)
                    switch columns.kinds[index] {
                    case .numbers: columns.numbers(index)[row] = Double(bitPattern: column.values[at])
                    case .integers:
                        if column.info.kind == .time {
                            let time = column.time(at: at)
                            // To the nearest nanosecond, so the time has to be one of whole ones.
                            columns.integers(index)[row] =
                                time.seconds * 1_000_000_000 + Int64((time.attoseconds + 500_000_000) / 1_000_000_000)
                        } else {
                            columns.integers(index)[row] = Int64(bitPattern: column.values[at])
                        }
                    }
                }
            }
            if let count = names.firstIndex(of: "SRC_SEQ_CTR") {
                for row in packets.indices { columns.integers(count)[row] = Int64(row) }
            }
            #expect(columns.encode() == packets.count)
            for row in packets.indices where columns.packetLength == packets[row].count {
                let mine = Decoded(encoders.databases, [columns.packet(row).copied()]).values(0)
                let theirs = decoded.values(row)
                for (name, value) in theirs where names.contains(name) && value.validity == .valid {
                    #expect(
                        mine[name]?.raw == value.raw,
                        "\(type.name), row \(row): \(name) \(value) \(mine[name] ?? value)")
                    compared += 1
                }
            }
        }
        #expect(compared > 5_000, "\(compared)")
    }

    @Test("what does not fit is saturated and counted, or the packet is left out")
    func beyond() throws {
        let encoders = PacketEncoders([try Database.load(Self.songjiang)])
        let encoder = try encoders.encoder(for: "eps_housekeeping")
        for _ in 0..<3 { _ = try encoder.encode(PacketValues()) }
        for beyond in [PacketColumns.Beyond.saturate, .refuse] {
            let columns = try PacketColumns(encoder, ["eps_battery_voltage", "eps_charge_mode"], beyond: beyond)
            columns.resize(to: 5)
            let (volts, modes) = (columns.numbers(0), columns.integers(1))
            for (row, value) in [28.4, 99, -1, .nan, 12].enumerated() {
                volts[row] = value
                modes[row] = row == 4 ? 77 : 1
            }
            let count = columns.encode()
            #expect(columns.beyondCount(0) == 3 && columns.beyondCount(1) == 1)
            let packets = (0..<count).map { columns.packet($0).copied() }
            let decoded = Decoded(encoders.databases, packets)
            let found = packets.indices.map { decoded.values($0)["eps_battery_voltage"]?.raw ?? "-" }
            switch beyond {
            case .saturate:
                #expect(packets.indices.map { decoded.values($0)["SRC_SEQ_CTR"]?.raw } == ["0", "1", "2", "3", "4"])
                #expect(found == ["2840", "4095", "0", "0", "1200"])
            case .refuse:
                #expect(found == ["2840"])
                #expect(columns.refused == 4)
            }
        }
    }

    @Test("columns that cannot be are refused with why")
    func refusals() throws {
        let encoders = PacketEncoders([try Database.load(Self.songjiang)])
        func words(_ type: String, _ names: [String], _ others: [String: String] = [:]) -> String {
            do {
                _ = try PacketColumns(try encoders.encoder(for: type), names, others: values(others))
                return "none"
            } catch { return "\(error)" }
        }
        #expect(words("eps_housekeeping", ["PKT_APID"]).contains("the type of the packet depends on it"))
        #expect(words("eps_housekeeping", ["PKT_LEN"]).contains("it is the length of the packet"))
        #expect(words("eps_housekeeping", ["eps_switches"]).contains("is no number in the packet"))
        #expect(words("eps_housekeeping", ["nosuch"]).contains("there is no such parameter"))
        #expect(words("eps_housekeeping", ["eps_bus_voltage", "eps_bus_voltage"]).contains("is a column twice"))
        #expect(
            words("eps_housekeeping", ["eps_bus_voltage"], ["eps_bus_voltage": "1"]).contains(
                "given for all packets, too"))
        #expect(words("mmp_segment_packet", ["mmp_data_length"]).contains("mmp_data depends on it"))
    }

    /// Not a check: what a packet costs, for `STARLANE_BENCH=1`.
    @Test(
        "a packet with 30 parameters takes so long",
        .enabled(if: ProcessInfo.processInfo.environment["STARLANE_BENCH"] == "1"))
    func speed() throws {
        let encoders = PacketEncoders([try Database.load(Self.songjiang)])
        for type in encoders.types {
            let encoder = try encoders.encoder(for: type.name)
            let (columns, names) = try Self.columns(encoder)
            columns.resize(to: 512)
            for (index, kind) in columns.kinds.enumerated() {
                for row in 0..<512 {
                    switch kind {
                    case .numbers: columns.numbers(index)[row] = Double(row % 40) / 10
                    case .integers:
                        let isTime = names[index] == "packet_time"
                        columns.integers(index)[row] =
                            isTime ? 1_773_541_800_000_000_000 + Int64(row) * 1_000_000 : Int64(row % 2)
                    }
                }
            }
            var best = Int64.max
            for _ in 0..<20 {
                let start = SteadyClock.now()
                for _ in 0..<40 { columns.encode() }
                best = min(best, SteadyClock.now() - start)
            }
            let each = Double(best) / (40 * 512)
            print(
                "\(type.shortName): \(names.count) columns, \(columns.packetLength) octets: \((each * 10).rounded() / 10) ns a packet"
            )
        }
    }
}
