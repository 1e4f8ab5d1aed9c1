import BeiDou
import Bytes
import Foundation
import Records
import Support

/// Help for the tests of RDSS 4.0.
enum RDSS4 {
    /// The rows of the vectors.
    static func vectors() throws -> [(octets: [UInt8], name: String, check: String)] {
        try Table(fixture("vectors/beidou-binary.tsv")).rows.map { row in
            (Support.octets(row["hex"] ?? ""), row["name"] ?? "", row["check"] ?? "")
        }
    }

    /// A frame from its parts, with a right length and check.
    static func frame(_ name: String, address: Int = 0, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 11
        var octets = Array("$\(name)".utf8) + [UInt8(length >> 8), UInt8(length & 0xFF)]
        octets += [UInt8(address >> 16), UInt8(address >> 8 & 0xFF), UInt8(address & 0xFF)] + body
        return octets + [octets.reduce(0, ^)]
    }

    /// What people read in a frame, by short name.
    static func values(_ octets: [UInt8]) -> [String: FieldValue] { RDSS4Reading(octets).values.parameters }

    /// What stands in a frame, by short name.
    static func raws(_ octets: [UInt8]) -> [String: FieldValue] { RDSS4Reading(octets).values.raws }

    /// Whether a value of a frame is there.
    static func validity(_ octets: [UInt8], _ name: String) -> Validity? {
        let reading = RDSS4Reading(octets)
        return RDSS4Family.types[reading.type].parameters.firstIndex { $0.shortName == name }.map(reading.validity)
    }

    /// The number of the first or second form of a name.
    static func type(_ name: String, form: Int = 0) -> Int {
        RDSS4Family.types.indices.filter { RDSS4Family.types[$0].name == name }[form]
    }

    /// Writes a frame.
    static func encode(
        _ name: String, form: Int = 0, _ parameters: [String: FieldValue], raws: [String: FieldValue] = [:]
    ) throws(EncodingRefusal) -> [UInt8] {
        try RDSS4Family.encode(MessageValues(parameters: parameters, raws: raws), type: type(name, form: form))
    }

    /// Why a frame is not written: the parameter and the reason; nil when it is.
    static func refusal(
        _ name: String, form: Int = 0, _ parameters: [String: FieldValue], raws: [String: FieldValue] = [:]
    ) -> EncodingRefusal? {
        do throws(EncodingRefusal) {
            _ = try encode(name, form: form, parameters, raws: raws)
            return nil
        } catch { return error }
    }

    /// Everything that a frame says, as the encoder takes it.
    static func everything(_ octets: [UInt8]) -> MessageValues { RDSS4Reading(octets).values }

    /// A random frame of a type: its layout filled with random octets, now and then with octets behind.
    static func randomFrame(_ type: Int, _ random: inout SeededGenerator) -> [UInt8]? {
        let info = RDSS4Family.types[type]
        func any<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...60, using: &random)
            var body = (0..<count).map { _ in UInt8.random(in: 0...any([255, 59, 23, 11]), using: &random) }
            switch info.name {
            case "TXSQ" where count > 7, "TXXX" where count > 9:
                let (place, around) = info.name == "TXSQ" ? (4, 7) : (6, 9)
                let bits = (count - around) * 8
                body[0] = any([0x44, 0x46, 0x40, 0x62, 0x60])
                (body[place], body[place + 1]) = (UInt8(bits >> 8), UInt8(bits & 0xFF))
            case "FKXX" where count > 5 && Bool.random(using: &random):
                body.replaceSubrange(0..<5, with: [any([0, 1, 2, 6])] + Array("DWSQ".utf8))
            case "GNPX" where count > 10 && Bool.random(using: &random):
                (body[0], body[5]) = (any([0x45, 0x57]), any([0x4E, 0x53]))
            default: break
            }
            let name = info.name == "unknown" ? any(["QQQQ", "ABCD", "TXXA"]) : info.name
            let frame = frame(name, address: Int.random(in: 0...0xFF_FFFF, using: &random), body)
            guard RDSS4Family.type(of: frame.octets) == type else { continue }
            let reading = RDSS4Reading(frame)
            // Frames that are cut off are not written.
            if info.parameters.indices.contains(where: { reading.validity($0) == .beyondEnd }) { continue }
            return frame
        }
        return nil
    }
}
