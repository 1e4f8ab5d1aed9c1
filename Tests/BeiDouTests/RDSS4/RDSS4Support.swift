import BeiDou
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

    /// Everything that a frame says, as the encoder takes it: the octets of a content come from the frame itself.
    static func everything(_ octets: [UInt8]) -> MessageValues {
        var values = RDSS4Reading(octets).values
        let name = String(decoding: octets[1..<5], as: UTF8.self)
        let places = ["TXSQ": (17, 1), "TXXX": (18, 2)]
        if values.parameters["length"] != nil, let (start, behind) = places[name], octets.count >= start + behind {
            var content = Array(octets[start..<octets.count - behind])
            let isMixed = values.parameters["form"] == .text("mixed") && content.first == 0xA4
            if isMixed { content.removeFirst() }
            values.parameters["content"] = .octets(content)
            values.parameters["lead"] = isMixed ? .integer(0xA4) : values.parameters["lead"]
            for name in ["text", "content", "lead"] { values.raws[name] = nil }
        }
        return values
    }
}
