import Records
import Bytes
import Mission
import Testing

struct DecoderTests {
    @Test("only what is selected has columns, and what it depends on is decoded all the same")
    func selection() throws {
        let packet: [UInt8] = [0x3A, 0xBC, 1, 2, 3, 4, 0xDE, 0xAD, 0xBE, 0xEF, 9]
        let loaded = try database("binaries")
        let decoded = Decoded([loaded], [packet], selection: .parameters(["last", "Test.looked"]))
        #expect(decoded.decoder.types[0].parameters.map(\.shortName) == ["looked", "last"])
        #expect(decoded.texts(0) == ["looked": "beef", "last": "9"])
        #expect(Decoded([loaded], [packet], selection: .none).texts(0).isEmpty)
        #expect(Decoded([loaded], [packet], selection: .none).type(0) == "All")
        #expect(Decoded([loaded], [packet], selection: .parameters(["ast"])).texts(0).isEmpty)
    }

    @Test("every selection gives the same values as all")
    func selections() throws {
        let packets: [[UInt8]] = [
            [1, 0xAA, 0xBB, 0x55, 0x11, 0x22, 0x33], [2, 0x55, 0x11, 0x22, 0x33], [1, 0xAA], [],
        ]
        let loaded = try database("layout")
        let all = Decoded([loaded], packets)
        for name in ["flag", "extra", "tail", "aux", "auxTail", "x", "y"] {
            let one = Decoded([loaded], packets, selection: .parameters([name]))
            for index in packets.indices {
                #expect(one.values(index) == all.values(index).filter { $0.key == name }, "\(name) of \(index)")
            }
        }
    }

    @Test("a match is exact when the packet ends where its type does")
    func match() throws {
        let decoder = MissionDecoder([try database("inheritance"), try database("strings")])
        func match(_ packet: [UInt8]) -> MissionDecoder.Match? {
            let memory = ByteBuffer()
            memory.append(octets: packet)
            return decoder.match(memory.bytes)
        }
        let power = ContainerTests.packet(apid: 42, mode: 0, [5])
        let found = match(power)
        #expect(found.map { decoder.types[$0.type].name } == "Test.Power")
        #expect(found?.isExact == true)
        #expect(found?.database == 0)
        #expect(match(power + [0])?.isExact == false)
        #expect(match(power + [0])?.database == 0)
        // Strings of varying length: the walk says where the packet ends.
        let strings: [UInt8] = Array("abcdefabc\nde".utf8) + [1, 65, 0, 0, 0, 0, 0x41, 0, 1, 0x42, 0, 7]
        #expect(match(strings)?.database == 1)
        #expect(match(strings)?.isExact == true)
        #expect(match(strings + [1])?.isExact == false)
    }

    @Test("a flow stays with the database that explained it first")
    func flows() throws {
        let decoded = Decoded(
            [try database("repeated"), try database("limits")], [[1, 70, 10], [1, 2, 3, 4], [1, 70, 10, 9]],
            flows: [5, 6, 5])
        #expect(decoded.decoder.types.map(\.database) == [0, 1])
        #expect((0..<3).map { decoded.batch.type(of: $0) } == [1, 0, 1])
    }

    @Test(
        "of a flow that two share each channel, or each APID without frames, stays with its own",
        arguments: [true, false])
    func shared(_ hasFrames: Bool) throws {
        let packets: [[UInt8]] = [
            [1, 70, 10], [1, 2, 3, 4], [1, 70, 10, 9], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 70, 10], [1, 2, 3],
        ]
        // What ends nowhere stays with the flow's database: 4, alone in its channel.
        let parts: [UInt32] = [0, 1, 0, 1, 2, 3, 1]
        let decoded = Decoded(
            [try database("repeated"), try database("limits")], packets, flows: Array(repeating: 5, count: 7),
            channels: hasFrames ? parts : [], apids: hasFrames ? [] : parts.map { UInt16($0) })
        #expect((0..<7).map { decoded.batch.type(of: $0) } == [1, 0, 1, 0, 1, 1, 0])
    }

    @Test("several single containers are told apart by length")
    func byLength() throws {
        let decoded = Decoded(
            [try database("nested"), try database("repeated")], [[1, 2, 3], [1, 2, 3, 4], [1, 2]])
        #expect(decoded.type(0) == "Frame")
        #expect(decoded.type(1) == "Frame" || decoded.type(1) == "All")
    }

    @Test("idle packets have no type")
    func idle() throws {
        let decoded = Decoded([try database("repeated")], [[1, 2, 3, 4], [1, 2, 3, 4]], idle: [1])
        #expect(decoded.type(0) == "All")
        #expect(decoded.type(1) == nil)
        #expect(decoded.batch.row(of: 1) == -1)
    }

    @Test("packets of several types keep their order within each")
    func order() throws {
        let packets = (0..<100).map { ContainerTests.packet(apid: $0 % 3 == 0 ? 42 : 43, mode: 0, [UInt8($0)]) }
        let decoded = Decoded([try database("inheritance")], packets)
        for index in packets.indices {
            let name = index % 3 == 0 ? "a" : "c"
            #expect(decoded.texts(index)[name] == "\(index)")
            let table = try #require(decoded.batch.table(ofType: decoded.batch.type(of: index)))
            #expect(Int(table.units[decoded.batch.row(of: index)]) == index)
        }
        #expect(decoded.batch.typesPresent.count == 2)
    }

    @Test("a batch serves one decoder after another")
    func reuse() throws {
        let first = Decoded([try database("repeated")], [[1, 2, 3, 4]])
        let other = MissionDecoder([try database("limits")])
        var ledger = Ledger()
        other.decode(Batch<Packet>(), into: first.batch, ledger: &ledger)
        #expect(first.batch.typesPresent.isEmpty)
        first.again()
        #expect(first.texts(0)["spare"] == "4")
    }
}
