import BeiDou
import Bytes
import CCSDS
import Capture
import Foundation
import Pipeline
import Records
import Support
import Testing
import Transport

/// One unit as tests compare it.
private struct SeenUnit: Equatable {
    let octets: [UInt8]
    let time: Int64
    let packet: UInt64
    let offset: UInt64
    let apid: UInt16
    let isMessage: Bool
    let isIdle: Bool
}

/// What a sink makes of a capture.
private struct Cut {
    var octets: [UInt8] = []
    /// The units that were chosen.
    var chosen: [SeenUnit] = []
    var packets = 0
    var late = 0
    var withoutBeginning = 0
    var notFound = 0

    init(
        _ source: CaptureReader, _ format: CaptureWriter.Format = .pcapng, _ content: CaptureSink.Content = .packets,
        known: Known = Known(), kept: Int = 64 << 20, comment: String? = nil, choose: (Records.Unit) -> Bool
    ) throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.file("cut").path)
        let sink = CaptureSink(file, format, content, comment: comment, kept: kept)
        let engine = Engine(source, known: known)
        var units = Batch<Records.Unit>()
        while engine.next(into: &units) {
            var indexes: [Int32] = []
            for index in 0..<units.count where choose(units[index]) {
                indexes.append(Int32(index))
                chosen.append(Self.seen(units[index], units))
            }
            try sink.write(units, chosen: indexes.span, engine: engine)
        }
        try sink.finish()
        try file.close()
        octets = [UInt8](try Data(contentsOf: folder.file("cut")))
        (packets, late) = (sink.packets, sink.late)
        (withoutBeginning, notFound) = (sink.unitsWithoutBeginning, sink.unitsNotFound)
    }

    static func seen(_ unit: Records.Unit, _ units: borrowing Batch<Records.Unit>) -> SeenUnit {
        SeenUnit(
            octets: units.bytes(of: unit).copied(), time: unit.time.nanoseconds, packet: unit.packet,
            offset: unit.offset, apid: unit.apid, isMessage: unit.marks.contains(.message),
            isIdle: unit.marks.contains(.idle))
    }

    /// The units of a capture.
    static func units(_ source: CaptureReader, known: Known = Known()) -> [SeenUnit] {
        let engine = Engine(source, known: known)
        var units = Batch<Records.Unit>()
        var seen: [SeenUnit] = []
        while engine.next(into: &units) {
            for index in 0..<units.count { seen.append(Self.seen(units[index], units)) }
        }
        return seen
    }
}

private func reader(_ octets: [UInt8]) -> CaptureReader { CaptureReader(name: "test", bytes: octets) }
private func load(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: fixture(name))) }

/// A packet of a capture as tests compare it.
private struct SeenPacket: Equatable {
    let octets: [UInt8]
    let time: Int64
    let original: UInt32
    let interface: String
}

private func packets(_ source: CaptureReader) -> [SeenPacket] {
    var batch = Batch<Packet>()
    var ledger = Ledger()
    var seen: [SeenPacket] = []
    while source.next(into: &batch, ledger: &ledger) {
        for index in 0..<batch.count {
            let packet = batch[index]
            let interface = source.interfaces[Int(packet.interface)]
            seen.append(
                SeenPacket(
                    octets: batch.bytes(of: packet).copied(), time: packet.time.nanoseconds,
                    original: packet.originalLength, interface: "\(interface.linkType.name) \(interface.name ?? "")"))
        }
    }
    return seen
}

/// The packets that a unit needs, by the long way: all payloads of all flows are remembered. For flows of datagrams.
private func needed(_ octets: [UInt8], by units: [SeenUnit]) -> [UInt64] {
    let (source, transport) = (reader(octets), Transport())
    var batch = Batch<Packet>()
    var payloads = Batch<Payload>()
    var ledger = Ledger()
    var all: [(flow: UInt32, packet: UInt64, offsets: Range<UInt64>)] = []
    while source.next(into: &batch, ledger: &ledger) {
        transport.process(batch, interfaces: source.interfaces, into: &payloads, ledger: &ledger)
        for index in 0..<payloads.count {
            let payload = payloads[index]
            all.append((payload.flow, payload.packet, payload.offset..<payload.offset + UInt64(payload.extent.count)))
        }
    }
    var needed: Set<UInt64> = []
    for unit in units {
        guard let last = all.first(where: { $0.packet == unit.packet }) else { continue }
        let flow = all.filter { $0.flow == last.flow && $0.packet <= unit.packet }
        let first = flow.last { $0.offsets.contains(unit.offset) }?.packet ?? unit.packet
        needed.formUnion(flow.map(\.packet).filter { $0 >= first })
    }
    return needed.sorted()
}

@Suite("A capture of what was chosen")
struct CaptureSinkTests {
    @Test(
        "has the packets that units came in, each once, as they were captured, in order",
        arguments: ["songjiang-packets.pcap", "songjiang-user0.pcap", "songjiang-packets-members.pcap.gz"])
    func datagrams(_ name: String) throws {
        let octets = try load(name)
        let all = packets(reader(octets))
        for apid in Set(Cut.units(reader(octets)).map(\.apid)).sorted() {
            let cut = try Cut(reader(octets)) { $0.apid == apid }
            let expected = cut.chosen.map { all[Int($0.packet) - 1] }
            #expect(packets(reader(cut.octets)) == expected, "APID \(apid)")
            #expect(cut.late == 0 && cut.withoutBeginning == 0 && cut.notFound == 0 && !expected.isEmpty)
        }
    }

    @Test("has all frames from the one in which a unit begins to the one in which it ends", arguments: [false, true])
    func frames(_ isKnown: Bool) throws {
        let octets = try load("songjiang-pass.pcapng")
        let all = packets(reader(octets))
        // Without a first look the flows are recognised late, and units are handed on behind their packets.
        let known = isKnown ? Prescan.run(reader(octets)) : Known()
        let apids = Set(Cut.units(reader(octets), known: known).filter { !$0.isIdle }.map(\.apid)).sorted()
        var (several, batches) = (0, 0)
        for apid in apids {
            let cut = try Cut(reader(octets), known: known) { $0.apid == apid && !$0.marks.contains(.idle) }
            let numbers = needed(octets, by: cut.chosen)
            let found = packets(reader(cut.octets))
            #expect(found.count == numbers.count, "APID \(apid)")
            #expect(found == numbers.map { all[Int($0) - 1] } || cut.late > 0, "APID \(apid)")
            #expect(cut.withoutBeginning == 0 && cut.notFound == 0)
            if numbers.count > cut.chosen.count { several += 1 }
            batches += 1
        }
        #expect(batches > 10 && several > 0)
    }

    @Test(
        "gives the same units again when it is read",
        arguments: ["songjiang-pass.pcapng", "songjiang-packets.pcap", "g60-cadu.pcap", "terminals.pcapng"])
    func again(_ name: String) throws {
        let octets = try load(name)
        let known = Prescan.run(reader(octets))
        let kinds = Set(Cut.units(reader(octets), known: known).filter { !$0.isIdle }.map(\.apid)).sorted()
        #expect(kinds.count > 5)
        for apid in kinds {
            // Some of them, so that there are holes.
            let cut = try Cut(reader(octets), known: known) {
                $0.apid == apid && !$0.marks.contains(.idle) && $0.sequence % 3 == 0
            }
            #expect(cut.withoutBeginning == 0 && cut.notFound == 0)
            let again = Cut.units(reader(cut.octets), known: known).filter { $0.apid == apid }.map(\.octets)
            for unit in cut.chosen where !again.contains(unit.octets) {
                Issue.record("\(name), APID \(apid), packet \(unit.packet): not there again")
            }
        }
    }

    @Test("has every packet of the flow when every unit is chosen, also those of streams that came in disorder")
    func everything() throws {
        let octets = try load("g60-cadu.pcap")
        let known = Prescan.run(reader(octets))
        let whole = Cut.units(reader(octets), known: known)
        let cut = try Cut(reader(octets), known: known) { _ in true }
        #expect(Cut.units(reader(cut.octets), known: known).map(\.octets) == whole.map(\.octets))
        #expect(cut.packets <= packets(reader(octets)).count && cut.notFound == 0)
    }

    @Test("has all fragments of a datagram, in whatever order they came")
    func fragments() throws {
        let octets = try load("songjiang-packets.pcap")
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let broken = try Fragmented(packets(reader(octets)), order: order)
            let known = Prescan.run(reader(broken.file))
            let apid = try #require(Cut.units(reader(broken.file), known: known).first { !$0.isIdle }).apid
            let cut = try Cut(reader(broken.file), known: known) { $0.apid == apid }
            let again = Cut.units(reader(cut.octets), known: known)
            #expect(again.map(\.octets) == cut.chosen.map(\.octets) && !again.isEmpty)
            #expect(again.allSatisfy { $0.apid == apid } && cut.packets > cut.chosen.count)
        }
    }

    @Test("has all parts of a packet that was joined from segments")
    func joined() throws {
        // Bare packets, whose flags are made to say first, continuation, last, for each APID.
        var octets = try load("songjiang-user0.pcap")
        var turns: [UInt16: Int] = [:]
        var at = 24
        while at < octets.count {
            let length = Int(octets[at + 10]) << 8 | Int(octets[at + 11])
            let apid = UInt16(octets[at + 16] & 7) << 8 | UInt16(octets[at + 17])
            octets[at + 18] = octets[at + 18] & 0x3F | [0x40, 0, 0x80][turns[apid, default: 0] % 3]
            turns[apid, default: 0] += 1
            at += 16 + length
        }
        let known = Prescan.run(reader(octets))
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.file("cut").path)
        let sink = CaptureSink(file, .pcapng, joined: true)
        let engine = Engine(reader(octets), known: known)
        let joiner = SegmentJoiner()
        var units = Batch<Records.Unit>()
        var joined = Batch<Records.Unit>()
        var chosen: [[UInt8]] = []
        while engine.next(into: &units) {
            joined.removeAll()
            joiner.process(units, into: &joined)
            var indexes: [Int32] = []
            for index in 0..<joined.count where joined[index].marks.contains(.joined) {
                indexes.append(Int32(index))
                chosen.append(joined.bytes(of: joined[index]).copied())
            }
            try sink.write(joined, chosen: indexes.span, engine: engine)
        }
        try sink.finish()
        try file.close()
        #expect(chosen.count > 3 && sink.packets >= 3 * chosen.count)
        #expect(sink.unitsWithoutBeginning == 0 && sink.unitsNotFound == 0)
        let again = Engine(reader([UInt8](try Data(contentsOf: folder.file("cut")))), known: known)
        let other = SegmentJoiner()
        var found: [[UInt8]] = []
        while again.next(into: &units) {
            joined.removeAll()
            other.process(units, into: &joined)
            for index in 0..<joined.count where joined[index].marks.contains(.joined) {
                found.append(joined.bytes(of: joined[index]).copied())
            }
        }
        #expect(found == chosen)
    }

    @Test("may be of several captures, each with flows and packet numbers of its own")
    func captures() throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.file("cut").path)
        let sink = CaptureSink(file, .pcapng)
        var expected: [SeenPacket] = []
        for name in ["songjiang-pass.pcapng", "songjiang-packets.pcap", "songjiang-pass.pcapng"] {
            let octets = try load(name)
            let known = Prescan.run(reader(octets))
            let engine = Engine(reader(octets), known: known)
            sink.beginCapture()
            var units = Batch<Records.Unit>()
            while engine.next(into: &units) {
                let indexes = (0..<Int32(units.count)).filter { $0 % 5 == 0 }
                try sink.write(units, chosen: indexes.span, engine: engine)
                try sink.flush()
            }
            expected += packets(reader(octets))
        }
        try sink.finish()
        try file.close()
        let source = reader([UInt8](try Data(contentsOf: folder.file("cut"))))
        let found = packets(source)
        #expect(found.count == sink.packets && found.count > 100 && found.allSatisfy { expected.contains($0) })
        // Two interfaces of the pass, which came twice, and that of the other.
        #expect(source.interfaces.map(\.name) == ["shanghai", "hangzhou", nil])
    }

    @Test("without a packet opens, and has the interfaces", arguments: CaptureWriter.Format.allCases)
    func nothing(_ format: CaptureWriter.Format) throws {
        let cut = try Cut(reader(try load("songjiang-user0.pcap")), format) { _ in false }
        let source = reader(cut.octets)
        #expect(packets(source).isEmpty && source.refusal == nil)
        #expect(source.interfaces.map(\.linkType) == [.user0] && source.interfaces[0].timeDigits == 9)
    }

    @Test("goes without packets that are no longer kept, and counts the units")
    func bounds() throws {
        let octets = try load("songjiang-pass.pcapng")
        let known = Prescan.run(reader(octets))
        let whole = try Cut(reader(octets), known: known) { !$0.marks.contains(.idle) }
        let poor = try Cut(reader(octets), known: known, kept: 1) { !$0.marks.contains(.idle) }
        #expect(whole.withoutBeginning + whole.notFound == 0)
        #expect(poor.withoutBeginning + poor.notFound > 0)
        #expect(poor.chosen.count == whole.chosen.count && poor.packets <= whole.packets)
        let reading = Inspection.run(reader(poor.octets))
        #expect(reading.ledger.isBalanced)
    }

    @Test("says in a comment why", .enabled(if: hasProgram("tshark"), "tshark is not installed"))
    func comment() throws {
        let cut = try Cut(reader(try load("songjiang-packets.pcap")), comment: "ccsds.apid == 17") { $0.apid % 2 == 1 }
        let folder = try TemporaryFolder()
        try Data(cut.octets).write(to: folder.file("c.pcapng"))
        let told = try run(
            "tshark", ["-r", folder.file("c.pcapng").path, "-T", "fields", "-e", "frame.comment"])
        #expect(
            told.text.split(separator: "\n").map { String($0) }
                == Array(repeating: "ccsds.apid == 17", count: cut.packets))
    }

    @Test(
        "of units opens in tshark as space packets", .enabled(if: hasProgram("tshark"), "tshark is not installed"),
        arguments: ["songjiang-pass.pcapng", "songjiang.frames", "g60-cadu.pcap"], CaptureWriter.Format.allCases)
    func upperPDUs(_ name: String, _ format: CaptureWriter.Format) throws {
        let octets = try load(name)
        let cut = try Cut(reader(octets), format, .units) { !$0.marks.contains(.idle) }
        #expect(cut.packets == cut.chosen.count && cut.packets > 50)
        let folder = try TemporaryFolder()
        try Data(cut.octets).write(to: folder.file("c"))
        let told = try run(
            "tshark",
            ["-n", "-r", folder.file("c").path, "-T", "fields"]
                + ["ccsds.apid", "ccsds.seqnum", "exported_pdu.orig_fno"].flatMap { ["-e", $0] })
        let lines = told.text.split(separator: "\n")
        #expect(lines.count == cut.chosen.count, "\(told.words)")
        for (line, unit) in zip(lines, cut.chosen) {
            let count = Int(unit.octets[2] & 0x3F) << 8 | Int(unit.octets[3])
            #expect(line == "\(unit.apid)\t\(count)\t\(unit.packet)")
        }
        // And we read them, too.
        let again = Cut.units(reader(cut.octets))
        let (theirs, ours) = (Set(cut.chosen.map(\.octets)), Set(again.map(\.octets)))
        #expect(ours == theirs && again.count == cut.chosen.count)
    }

    @Test(
        "of messages opens in tshark as lines or octets", .enabled(if: hasProgram("tshark"), "tshark is not installed"))
    func messages() throws {
        let cut = try Cut(reader(try load("terminals.pcapng")), .pcapng, .units) { _ in true }
        let folder = try TemporaryFolder()
        try Data(cut.octets).write(to: folder.file("c"))
        let told = try run(
            "tshark",
            ["-n", "-r", folder.file("c").path, "-T", "fields", "-e", "frame.protocols", "-e", "_ws.malformed"])
        let kinds = Dictionary(told.text.split(separator: "\n").map { (String($0), 1) }, uniquingKeysWith: +)
        #expect(kinds.keys.allSatisfy { $0.hasSuffix(":data-text-lines\t") || $0.hasSuffix(":data\t") }, "\(kinds)")
        #expect(kinds.values.reduce(0, +) == cut.chosen.count && kinds.count == 2)
    }

    @Test("is refused for packets of a bare file, in words")
    func bare() throws {
        let failure = #expect(throws: OutputFile.Failure.self) {
            try Cut(reader(try load("songjiang.frames"))) { _ in true }
        }
        #expect(failure?.description.contains("a bare file has no packets") == true)
    }
}

/// A capture whose datagrams were broken into three fragments each.
private struct Fragmented {
    var file: [UInt8] = []

    init(_ packets: [SeenPacket], order: [Int]) throws {
        func le(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        file = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + le(0) + le(0) + le(262_144) + le(1)
        for (number, packet) in packets.enumerated() {
            let octets = packet.octets
            var pieces: [[UInt8]] = []
            // Ethernet, IPv4 without options, UDP.
            if octets[12] == 8, octets[14] == 0x45, octets[23] == 17 {
                let total = Int(octets[16]) << 8 | Int(octets[17])
                let content = Array(octets[34..<14 + total])
                let step = max(8, content.count / 3 / 8 * 8)
                for index in 0..<3 {
                    let end = index == 2 ? content.count : min(content.count, (index + 1) * step)
                    let piece = content[min(index * step, end)..<end]
                    guard !piece.isEmpty else { continue }
                    var header = Array(octets[..<34])
                    let length = 20 + piece.count
                    (header[16], header[17]) = (UInt8(length >> 8), UInt8(length & 0xFF))
                    (header[18], header[19]) = (UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF))
                    let field = (end < content.count ? 0x2000 : 0) | piece.startIndex / 8
                    (header[20], header[21]) = (UInt8(field >> 8), UInt8(field & 0xFF))
                    (header[24], header[25]) = (0, 0)
                    pieces.append(header + piece)
                }
                if pieces.count == 3 { pieces = order.map { pieces[$0] } }
            } else {
                pieces = [octets]
            }
            for piece in pieces {
                let seconds = Int(packet.time / 1_000_000_000)
                file +=
                    le(seconds) + le(Int(packet.time % 1_000_000_000 / 1000)) + le(piece.count) + le(piece.count)
                    + piece
            }
        }
    }
}

/// A filter of libpcap in front of everything.
@Suite("A capture filter of an engine")
struct EngineFilterTests {
    private func run(_ octets: [UInt8], _ filter: CaptureFilter?) -> (units: Int, engine: Engine) {
        let engine = Engine(reader(octets), captureFilter: filter)
        var units = Batch<Records.Unit>()
        var count = 0
        while engine.next(into: &units) { count += units.count }
        return (count, engine)
    }

    @Test("hides packets from all stages, and the ledger says how many octets")
    func hides() throws {
        let octets = try load("songjiang-pass.pcapng")
        let (all, _) = run(octets, nil)
        let (one, engine) = run(octets, try CaptureFilter("udp port 50421"))
        let (other, _) = run(octets, try CaptureFilter("not udp port 50421"))
        #expect(one > 0 && other > 0 && one + other == all)
        #expect(engine.ledger.isBalanced && engine.captureFilterRefusal == nil)
        #expect(engine.ledger.unclaimed.first { $0.name == CaptureFilter.notMatched }?.count ?? 0 > 100)
        #expect(engine.reader.packets == run(octets, nil).engine.reader.packets)
    }

    @Test("that cannot be used ends the reading, says why, and the ledger balances")
    func refused() throws {
        let (count, engine) = run(try load("songjiang-user0.pcap"), try CaptureFilter("udp"))
        #expect(count == 0 && engine.ledger.isBalanced)
        #expect(engine.captureFilterRefusal?.linkType == .user0)
        #expect(engine.ledger.unclaimed.map(\.name) == ["not looked at by the capture filter"])
    }
}
