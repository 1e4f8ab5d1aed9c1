import Records
import Bytes
import Mission
import Testing

/// Containers that extend and include each other.
struct ContainerTests {
    /// A packet of inheritance.xml: header, mode, and what follows.
    static func packet(
        version: UInt64 = 0, type: UInt64 = 0, apid: UInt64, count: UInt64 = 0, mode: UInt8, _ rest: [UInt8]
    ) -> [UInt8] {
        packed([(version, 3), (type, 1), (0, 1), (apid, 11), (3, 2), (count, 14), (UInt64(rest.count), 16)]) + [mode]
            + rest
    }

    @Test("criteria are checked level by level, on labels, numbers, lists and expressions")
    func criteria() throws {
        let decoded = Decoded(
            [try database("inheritance")],
            [
                Self.packet(apid: 42, mode: 0, [5]), Self.packet(apid: 42, mode: 1, [5, 1, 2]),
                Self.packet(apid: 43, mode: 0, [6]), Self.packet(apid: 200, count: 200, mode: 0, [7]),
                Self.packet(apid: 50, mode: 255, [8, 0, 9]),
            ])
        #expect((0..<5).map { decoded.type($0) } == ["Power", "PowerOn", "Thermal", "Thermal", "Radio"])
        #expect(decoded.texts(0)["a"] == "5")
        #expect(decoded.texts(1)["b"] == "258")
        #expect(decoded.texts(3)["c"] == "7")
        #expect(decoded.texts(4)["mode"] == "NONE")
        #expect(decoded.texts(4)["apid"] == "50")
        #expect(decoded.ledger.rejections.isEmpty)
    }

    @Test("no container matches: no type, and abstract containers are no end")
    func none() throws {
        let decoded = Decoded(
            [try database("inheritance")],
            [
                Self.packet(apid: 99, mode: 0, [5]), Self.packet(version: 1, apid: 42, mode: 0, [5]),
                Self.packet(type: 1, apid: 42, mode: 0, [5]), Self.packet(apid: 44, mode: 0, [5]), [], [0x00],
                Self.packet(apid: 200, count: 201, mode: 0, [7]),
            ])
        #expect((0..<7).allSatisfy { decoded.type($0) == nil })
        #expect(decoded.batch.typesPresent.isEmpty)
        #expect(decoded.ledger.rejections.isEmpty)
    }

    @Test("two containers match: the first of the document is taken and the ledger told")
    func ambiguous() throws {
        let decoded = Decoded([try database("inheritance")], [Self.packet(apid: 42, mode: 255, [5, 0, 0])])
        #expect(decoded.type(0) == "Power")
        #expect(decoded.ledger.rejections.map(\.reason) == ["packet matches more than one container"])
        #expect(decoded.ledger.rejections.map(\.bytes) == [0])
    }

    @Test("entries under a condition, locations from the start and from the entry before, included containers")
    func layout() throws {
        let decoded = Decoded(
            [try database("layout")], [[1, 0xAA, 0xBB, 0x55, 0x11, 0x22, 0x33], [2, 0x55, 0x11, 0x22, 0x33]])
        #expect(
            decoded.texts(0) == [
                "flag": "1", "extra": "43707", "tail": "85", "aux": "17", "auxTail": "51", "x": "1", "y": "1",
            ])
        #expect(decoded.values(1)["extra"] == Shown(raw: "-", value: "-", validity: .notIncluded))
        #expect(decoded.texts(1)["tail"] == "85")
        #expect(decoded.texts(1)["auxTail"] == "51")
        #expect(decoded.ledger.rejections.isEmpty)
    }

    @Test("a parameter that stands several times keeps all values, the last under the plain name")
    func repeated() throws {
        let decoded = Decoded([try database("repeated")], [[1, 2, 3, 4]])
        #expect(
            decoded.decoder.types[0].parameters.map(\.name) == [
                "Test.spare#1", "Test.value", "Test.spare#2", "Test.spare",
            ])
        #expect(decoded.texts(0)["spare"] == "4")
    }

    @Test("what lies behind the end of a short packet is not there, the rest is")
    func short() throws {
        let whole = Self.packet(apid: 42, mode: 1, [5, 1, 2])
        let decoded = Decoded(
            [try database("inheritance")], [whole, Array(whole.dropLast()), Array(whole.dropLast(3)), whole])
        #expect(decoded.texts(0)["b"] == "258")
        #expect(decoded.values(1)["a"]?.value == "5")
        #expect(decoded.values(1)["b"] == Shown(raw: "-", value: "-", validity: .beyondEnd))
        #expect(decoded.values(2)["a"]?.validity == .beyondEnd)
        #expect(decoded.texts(3)["b"] == "258")
        let row = decoded.ledger.rejections.first
        #expect(row?.reason == "packet ends before a parameter of its type")
        #expect(row?.count == 3)
        #expect(row?.firstPacket == 2)
        #expect(row?.firstOffset == UInt64(whole.count))
    }
}
