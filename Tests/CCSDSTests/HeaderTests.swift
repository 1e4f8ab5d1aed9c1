import Records
import Bytes
import CCSDS
import Support
import Testing

/// Headers in both directions, against rows that other implementations made.
struct HeaderTests {
    private func rows(_ name: String) throws -> [[String: String]] {
        try Table(fixture("vectors/\(name).tsv")).rows
    }

    @Test("a space packet header reads and writes as spacepackets does")
    func spacePacket() throws {
        let rows = try rows("ccsds-space-packet-headers")
        #expect(rows.count >= 50)
        for row in rows {
            let bytes = octets(row["header"] ?? "")
            let value = { (name: String) in Int(row[name] ?? "") ?? -1 }
            guard value("version") == 0 else {
                #expect(throws: HeaderError.version(found: value("version"), expected: 0)) {
                    try SpacePacketHeader(Octets(bytes).bytes)
                }
                continue
            }
            let header = try SpacePacketHeader(Octets(bytes).bytes)
            #expect(header.isTelecommand == (value("type") == 1))
            #expect(header.hasSecondaryHeader == (value("sec_hdr_flag") == 1))
            #expect(Int(header.apid) == value("apid"))
            #expect(Int(header.sequenceFlags.rawValue) == value("seq_flags"))
            #expect(Int(header.sequenceCount) == value("seq_count"))
            #expect(header.packetLength == value("packet_octets"))
            var written: [UInt8] = []
            try header.encode(into: &written)
            #expect(written == bytes)
        }
    }

    @Test("a space packet header refuses five octets and values over their fields")
    func spacePacketRefusals() {
        #expect(throws: HeaderError.tooShort(needed: 6, present: 5)) {
            try SpacePacketHeader(Octets([0, 1, 2, 3, 4]).bytes)
        }
        var written: [UInt8] = []
        #expect(throws: HeaderError.self) {
            try SpacePacketHeader(apid: 0x800, sequenceCount: 0, lengthField: 0).encode(into: &written)
        }
        #expect(throws: HeaderError.self) {
            try SpacePacketHeader(apid: 0, sequenceCount: 0x4000, lengthField: 0).encode(into: &written)
        }
        #expect(written.isEmpty)
    }

    @Test("a view of a packet is cut to its length and refuses one that is not whole")
    func view() throws {
        let octets = Octets([0x1A, 0x34, 0xC0, 0x05, 0, 1, 7, 8, 9])
        let view = try SpacePacketView(octets.bytes)
        #expect(view.bytes.byteCount == 8 && view.data.byteCount == 2 && view.data.u8(at: 1) == 8)
        #expect(view.apid == 0x234 && view.sequenceCount == 5 && view.isTelecommand && view.hasSecondaryHeader)
        let short = Octets([0x1A, 0x34, 0xC0, 0x05, 0, 1, 7])
        var refusal: HeaderError?
        do throws(HeaderError) { _ = try SpacePacketView(short.bytes) } catch { refusal = error }
        #expect(refusal == .tooShort(needed: 8, present: 7))
    }

    @Test("an encapsulation packet header reads and writes as dariol83/ccsds does")
    func encapsulation() throws {
        let rows = try rows("ccsds-encapsulation")
        #expect(rows.count >= 20)
        for row in rows {
            let bytes = octets(row["packet"] ?? "")
            let value = { (name: String) in Int(row[name] ?? "") ?? 0 }
            let header = try EncapsulationHeader(Octets(bytes).bytes)
            #expect(Int(header.protocolID) == value("protocol_id"))
            #expect(header.length == [1, 2, 4, 8][value("length_of_length")])
            #expect(header.packetLength == value("length_field") && header.packetLength == bytes.count)
            #expect(Int(header.userDefined) == value("user_defined"))
            #expect(Int(header.protocolIDExtension) == value("protocol_id_ext"))
            #expect(Int(header.defined) == Int(row["ccsds_defined"] ?? "", radix: 16) ?? 0)
            var written: [UInt8] = []
            try header.encode(into: &written)
            #expect(written == Array(bytes.prefix(header.length)))
            let decoder = Decoder.packets(PacketDecoder(isStream: false))
            let outcome = decode(bytes, [Piece(range: 0..<bytes.count)], by: decoder)
            #expect(outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty)
            #expect(outcome.units.count == (bytes.count == 1 ? 0 : 1))
        }
    }

    @Test(
        "an encapsulation header refuses what is none",
        arguments: [[], [0x00], [0xE4], [0xE5, 1], [0xE6, 0, 0, 3], [0xE7, 0, 0, 0, 0, 0, 0, 7], [0xE7, 0, 0]])
    func encapsulationRefusals(bytes: [UInt8]) {
        #expect(throws: HeaderError.self) { try EncapsulationHeader(Octets(bytes).bytes) }
    }

    @Test("a TM frame header reads and writes as spacepackets does")
    func tm() throws {
        let rows = try rows("ccsds-tm-frames")
        #expect(rows.count >= 30)
        for row in rows {
            let bytes = octets(row["frame"] ?? "")
            let value = { (name: String) in Int(row[name] ?? "") ?? -1 }
            guard value("version") == 0 else {
                #expect(throws: HeaderError.version(found: value("version"), expected: 0)) {
                    try TMFrameHeader(Octets(bytes).bytes)
                }
                continue
            }
            let header = try TMFrameHeader(Octets(bytes).bytes)
            #expect(Int(header.spacecraft) == value("scid") && Int(header.vcid) == value("vcid"))
            #expect(header.hasOperationalControl == (value("ocf_flag") == 1))
            #expect(Int(header.masterCount) == value("mc_frame_count"))
            #expect(Int(header.virtualCount) == value("vc_frame_count"))
            #expect(header.hasSecondaryHeader == (value("sec_hdr_flag") == 1))
            #expect(header.syncFlag == (value("sync_flag") == 1))
            #expect(header.packetOrderFlag == (value("packet_order_flag") == 1))
            #expect(Int(header.segmentLengthID) == value("segment_length_id"))
            #expect(Int(header.firstHeaderPointer) == value("first_header_pointer"))
            var written: [UInt8] = []
            try header.encode(into: &written)
            #expect(written == Array(bytes.prefix(6)))
            #expect(row["fecf"] != "1" || CRC16.of(Octets(bytes).bytes) == 0)
        }
    }

    @Test("an AOS frame header reads and writes as dariol83/ccsds and Yamcs do")
    func aos() throws {
        let rows = try rows("ccsds-aos-frames")
        #expect(rows.count >= 25)
        for row in rows {
            let bytes = octets(row["frame"] ?? "")
            let value = { (name: String) in Int(row[name] ?? "") ?? -1 }
            let header = try AOSFrameHeader(Octets(bytes).bytes, hasErrorControl: row["fhec"] != "none")
            #expect(Int(header.spacecraft) == value("scid_low8") && Int(header.vcid) == value("vcid"))
            #expect(Int(header.count) == value("vc_frame_count"))
            #expect(header.isReplay == (value("replay") == 1))
            #expect(header.usesCycle == (value("count_cycle_in_use") == 1))
            #expect(Int(header.cycle) == value("count_cycle"))
            var written: [UInt8] = []
            try header.encode(into: &written)
            #expect(written == Array(bytes.prefix(written.count)))
        }
    }

    @Test("frame headers refuse short input, the other version, and values over their fields")
    func frameRefusals() {
        #expect(throws: HeaderError.tooShort(needed: 6, present: 5)) {
            try TMFrameHeader(Octets([0, 0, 0, 0, 0]).bytes)
        }
        #expect(throws: HeaderError.tooShort(needed: 8, present: 6)) {
            try AOSFrameHeader(Octets([0x40, 0, 0, 0, 0, 0]).bytes, hasErrorControl: true)
        }
        #expect(throws: HeaderError.version(found: 1, expected: 0)) {
            try TMFrameHeader(Octets([0x40, 0, 0, 0, 0, 0]).bytes)
        }
        #expect(throws: HeaderError.version(found: 0, expected: 1)) {
            try AOSFrameHeader(Octets([0, 0, 0, 0, 0, 0]).bytes)
        }
        var written: [UInt8] = []
        #expect(throws: HeaderError.self) {
            try TMFrameHeader(spacecraft: 1024, vcid: 0, masterCount: 0, virtualCount: 0, firstHeaderPointer: 0)
                .encode(into: &written)
        }
        #expect(throws: HeaderError.self) {
            try AOSFrameHeader(spacecraft: 0, vcid: 64, count: 0).encode(into: &written)
        }
    }

    @Test("a control word reads and writes as dariol83/ccsds does")
    func clcw() throws {
        let rows = try rows("ccsds-clcw")
        #expect(rows.count >= 40)
        for row in rows {
            let word = UInt32(row["word"] ?? "", radix: 16) ?? 0
            let value = { (name: String) in Int(row[name] ?? "") ?? -1 }
            guard value("control_word_type") == 0 else {
                #expect(CLCW(word) == nil)
                continue
            }
            let clcw = try #require(CLCW(word))
            let flags = [clcw.noRadio, clcw.noBitLock, clcw.lockout, clcw.wait, clcw.retransmit].map { $0 ? 1 : 0 }
            #expect(flags == ["no_rf", "no_bit_lock", "lockout", "wait", "retransmit"].map(value))
            let fields = [clcw.version, clcw.status, clcw.cop, clcw.vcid, clcw.spare, clcw.farmB, clcw.report]
            let names = ["version", "status", "cop_in_effect", "vcid", "spare_16_17", "farm_b", "report_value"]
            #expect(fields.map { Int($0) } == names.map(value))
            #expect(try clcw.word() == word)
        }
        #expect(CLCW(0x8000_0000) == nil)
        #expect(throws: HeaderError.self) { try CLCW(vcid: 64, report: 0).word() }
    }

    @Test("header error control makes the field of Yamcs, reedsolo and libfec and puts any two nibbles right")
    func errorControl() throws {
        let rows = try rows("ccsds-aos-fhec")
        #expect(rows.count >= 20)
        for row in rows {
            let identifiers = UInt16(row["octets_0_1"] ?? "", radix: 16) ?? 0
            let signalling = UInt8(row["octet_5"] ?? "", radix: 16) ?? 0
            let field = UInt16(row["fhec"] ?? "", radix: 16) ?? 0
            #expect(HeaderErrorControl.field(identifiers: identifiers, signalling: signalling) == field)
            let word = UInt64(identifiers) << 24 | UInt64(signalling) << 16 | UInt64(field)
            for a in 0..<10 {
                for b in a..<10 {
                    let broken = word ^ 5 << UInt64(4 * a) ^ (a == b ? 0 : 11 << UInt64(4 * b))
                    let right = HeaderErrorControl.correct(
                        identifiers: UInt16(truncatingIfNeeded: broken >> 24),
                        signalling: UInt8(truncatingIfNeeded: broken >> 16), field: UInt16(truncatingIfNeeded: broken))
                    #expect(
                        right?.identifiers == identifiers && right?.signalling == signalling && right?.field == field)
                    #expect(right?.errors == (a == b ? 1 : 2))
                }
            }
        }
    }

    @Test("header error control never takes three wrong nibbles for none")
    func errorControlLimit() {
        var random = SeededGenerator(seed: 6)
        var refused = 0
        for _ in 0..<2000 {
            let places = Array((0..<10).shuffled(using: &random).prefix(3))
            var word = UInt64(HeaderErrorControl.field(identifiers: 0x1234, signalling: 0x56)) | 0x12_3456_0000
            for place in places { word ^= UInt64.random(in: 1...15, using: &random) << UInt64(4 * place) }
            let right = HeaderErrorControl.correct(
                identifiers: UInt16(truncatingIfNeeded: word >> 24), signalling: UInt8(truncatingIfNeeded: word >> 16),
                field: UInt16(truncatingIfNeeded: word))
            if right == nil { refused += 1 }
            #expect(right?.errors != 0)
        }
        #expect(refused > 1000)
    }
}
