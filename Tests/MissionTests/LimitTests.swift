import Bytes
import Foundation
import Records
import Mission
import Support
import Testing

struct LimitTests {
    private func limits(_ packets: [[UInt8]], _ name: String) throws -> [LimitState?] {
        let decoded = Decoded([try database("limits")], packets)
        return packets.indices.map { decoded.values($0)[name]?.limit }
    }

    @Test("the most severe band that a value is outside of decides")
    func bands() throws {
        let states = try limits(
            [[1, 70, 10], [1, 85, 10], [1, 88, 10], [1, 90, 10], [1, 50, 10], [1, 58, 10]], "volt")
        #expect(states == [.nominal, .nominal, .warning, .critical, .critical, .warning])
    }

    @Test("a context goes before the standard alarm, and a range may name what is inside")
    func contexts() throws {
        #expect(try limits([[0, 75, 10], [0, 90, 10], [0, 70, 10]], "volt") == [.watch, .nominal, .watch])
    }

    @Test("labels have levels")
    func labels() throws {
        #expect(try limits([[0, 70, 10], [2, 70, 10]], "state") == [.nominal, .critical])
    }

    @Test("a value outside its valid range is there and marked, and no rejection")
    func validRange() throws {
        let decoded = Decoded([try database("limits")], [[1, 70, 9], [1, 70, 10], [1, 70, 20], [1, 70, 21]])
        #expect(decoded.values(0)["ranged"] == Shown(raw: "9", value: "9", validity: .outOfRange))
        #expect((0..<4).map { decoded.values($0)["ranged"]?.validity } == [.outOfRange, .valid, .valid, .outOfRange])
        #expect(decoded.values(0)["ranged"]?.limit == nil)
        #expect(decoded.ledger.rejections.isEmpty)
        #expect(decoded.decoder.types[0].parameters.map(\.hasLimits) == [true, true, false])
        #expect(decoded.decoder.types[0].parameters.map(\.unit) == ["", "V", ""])
    }

    @Test("ranges are told where they are the same for every packet, and not where a context chooses others")
    func constant() throws {
        let contextual = Decoded([try database("limits")], []).decoder.types[0].parameters
        #expect(contextual.map(\.limitRanges.count) == [0, 0, 0])
        let songjiang = try Database.load(projectFolder.appendingPathComponent("Specs/songjiang.xml").path)
        let all = Decoded([songjiang], []).decoder.types.flatMap(\.parameters)
        let load = try #require(all.first { $0.shortName == "obc_cpu_load" || $0.limitRanges.count == 3 })
        #expect(load.hasLimits && load.limitRanges.count == 3)
        #expect(load.limitRanges.map(\.level) == load.limitRanges.map(\.level).sorted(by: >))
        #expect(all.allSatisfy { $0.limitRanges.isEmpty || $0.hasLimits })
    }

    @Test("a limit of the batch before does not stay")
    func again() throws {
        let decoded = Decoded([try database("limits")], [[1, 90, 10], [1, 70, 10]])
        decoded.again()
        #expect(decoded.values(0)["volt"]?.limit == .critical)
        #expect(decoded.values(1)["volt"]?.limit == .nominal)
    }
}
