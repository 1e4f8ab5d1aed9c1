import BeiDou
import Bytes
import Records
import Support
import Testing

/// The number of a type by its name, the first of its forms.
private func number(_ name: String, _ dialect: Dialect) -> Int {
    SentenceFamily.types.firstIndex { $0.name == name && $0.dialect == dialect } ?? -1
}

private func written(
    _ name: String, _ dialect: Dialect, _ parameters: [String: FieldValue], raws: [String: FieldValue] = [:]
) throws -> String {
    let values = MessageValues(parameters: parameters, raws: raws)
    return String(decoding: try SentenceFamily.encode(values, type: number(name, dialect)), as: UTF8.self)
}

private let message: [String: FieldValue] = [
    "receiver": .integer(179_773), "kind": .text("ordinary"), "form": .text("mixed"), "text": .text("hello"),
]

@Test func addressesHaveSevenDigitsAndHexIsUpperCase() throws {
    #expect(try written("TXA", .rdss2, message) == "$CCTXA,0179773,1,2,A468656C6C6F*7A")
}

@Test func contentsAreGivenAsTextOctetsOrAsTheyStand() throws {
    var values = message
    values["text"] = nil
    values["content"] = .octets([0x68])
    #expect(try written("TXA", .rdss2, values).hasPrefix("$CCTXA,0179773,1,2,A468*"))
    values["content"] = nil
    values["body"] = .text("a,b")
    #expect(try written("TXA", .rdss2, values).hasPrefix("$CCTXA,0179773,1,2,a,b*"))
}

@Test func timesAndDatesAreSplitFromAWholeTime() throws {
    let text = try written("RMC", .nmea, ["utc": .text("2024-03-14T02:36:56.25Z"), "status": .text("void")])
    #expect(text.hasPrefix("$GNRMC,023656.25,V,,,,,,,140324,"))
    let zda = try written("ZDA", .nmea, ["utc": .text("2024-03-14T02:36:56Z"), "local_zone": .text("+08:00")])
    #expect(zda.hasPrefix("$GNZDA,023656.00,14,03,2024,08,00*"))
}

@Test func positionsHaveFiveDecimalsInNMEAAndFourInRDSS() throws {
    let gll = try written(
        "GLL", .nmea, ["latitude": .number(-45.877567), "longitude": .number(0.9999999999), "status": .text("valid")])
    #expect(gll.hasPrefix("$GNGLL,4552.65402,S,00100.00000,E,,A*"))
    let dwr = try written(
        "DWR", .rdss2,
        [
            "kind": .text("own"), "address": .integer(1), "latitude": .number(23.03739),
            "longitude": .number(-113.394445),
        ])
    #expect(dwr.contains(",2302.2434,N,11323.6667,W,,M,,M,"))
}

@Test func satellitesThatAreNotGivenHaveNoColumns() throws {
    var values: [String: FieldValue] = ["sentences": .integer(1), "sentence": .integer(1), "in_view": .integer(1)]
    values["number_1"] = .integer(7)
    values["elevation_1"] = .integer(5)
    #expect(try written("GSV", .nmea, values).hasPrefix("$GBGSV,1,1,01,07,05,,*"))
    values["signal"] = .integer(11)
    #expect(try written("GSV", .nmea, values).hasPrefix("$GBGSV,1,1,01,07,05,,,B*"))
    values["system_id"] = .text("4")
    #expect(try written("GSV", .nmea, values).hasPrefix("$GBGSV,1,1,01,07,05,,,B,4*"))
}

@Test func whatCannotBeWrittenIsRefusedWithWhatIsAllowed() {
    func refusal(_ change: (inout [String: FieldValue], inout [String: FieldValue]) -> Void) -> EncodingRefusal? {
        var (values, raws) = (message, [String: FieldValue]())
        change(&values, &raws)
        do {
            _ = try SentenceFamily.encode(MessageValues(parameters: values, raws: raws), type: number("TXA", .rdss2))
            return nil
        } catch { return error }
    }
    #expect(refusal { values, _ in values["kind"] = .text("slow") }?.reason.contains("express, ordinary") == true)
    #expect(refusal { values, _ in values["kind"] = .integer(1) }?.parameter == "kind")
    #expect(refusal { values, _ in values["receiver"] = .integer(10_000_000) }?.reason.contains("0 to 9999999") == true)
    #expect(refusal { values, _ in values["receiver"] = .integer(-1) }?.parameter == "receiver")
    #expect(refusal { values, _ in values["receiver"] = .text("0179773") }?.parameter == "receiver")
    #expect(refusal { values, _ in values["receiver"] = nil }?.reason.hasPrefix("is missing") == true)
    #expect(refusal { values, _ in values["recever"] = .integer(1) }?.reason.contains("receiver") == true)
    #expect(refusal { values, _ in values["talker"] = .text("cc") }?.parameter == "talker")
    #expect(refusal { values, _ in values["form"] = nil } == nil)
    #expect(refusal { values, _ in values["body"] = .text("a\nb") }?.reason.contains("0A") == true)
    #expect(
        refusal { values, _ in values["body"] = .octets([UInt8](repeating: 65, count: 20_000)) }?.reason.contains(
            "16384") == true)
    #expect(refusal { _, raws in raws["receiver"] = .text("1,2") }?.reason.contains("0 are allowed") == true)
    #expect(refusal { _, raws in raws["receiver"] = .boolean(true) }?.parameter == "receiver")
    // A raw value and a value have to mean the same.
    #expect(refusal { _, raws in raws["receiver"] = .text("0179774") }?.reason.contains("179774") == true)
    #expect(refusal { _, raws in raws["receiver"] = .text("179773") } == nil)
}

@Test func valuesThatFollowFromOthersHaveToAgreeWithThem() {
    let gsv = number("GSV", .nmea)
    var values: [String: FieldValue] = [
        "sentences": .integer(1), "sentence": .integer(1), "in_view": .integer(1), "number_1": .integer(207),
        "talker": .text("BD"), "system": .text("beidou"), "satellite_1": .integer(7),
    ]
    #expect(throws: Never.self) { try SentenceFamily.encode(MessageValues(parameters: values), type: gsv) }
    values["satellite_1"] = .integer(8)
    #expect(throws: EncodingRefusal.self) { try SentenceFamily.encode(MessageValues(parameters: values), type: gsv) }
    #expect(throws: EncodingRefusal("satellite_1", "has no raw value: it follows from other fields")) {
        try SentenceFamily.encode(MessageValues(raws: ["satellite_1": .text("7")]), type: gsv)
    }
}

@Test func aFormThatWouldBeReadAsAnotherIsRefused() throws {
    let zda = MessageValues(
        parameters: ["utc": .text("2024-03-14T02:36:56Z"), "extra": .text("1,2,3,4,5,6")])
    #expect(throws: EncodingRefusal.self) { try SentenceFamily.encode(zda, type: number("ZDA", .nmea)) }
}

// MARK: Random values

/// A value that a field may have; nil: leave it out.
private func random(_ field: SentenceField, _ random: inout SeededGenerator) -> FieldValue? {
    func whole(_ most: Double) -> FieldValue {
        let range = field.allowed ?? 0...most
        return .integer(Int64.random(in: Int64(range.lowerBound)...Int64(range.upperBound), using: &random))
    }
    func word() -> String {
        String(
            decoding: (0..<Int.random(in: 1...8, using: &random)).map { _ in
                UInt8.random(in: 0x41...0x5A, using: &random)
            }, as: UTF8.self)
    }
    func pair(_ most: Int) -> String {
        let number = Int.random(in: 0..<most, using: &random)
        return number < 10 ? "0\(number)" : "\(number)"
    }
    switch field.kind {
    case .text: return .text(word())
    case .unitLetter: return .text("F")
    case .body: return .octets((0..<20).map { _ in UInt8.random(in: 0x21...0xFE, using: &random) })
    case .content: return .text("A4B0")
    case .octets: return .octets((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    case .number, .hexNumber: return whole(99)
    case .level: return .integer(Int64.random(in: 1...5, using: &random))
    case .minutesSeconds: return .integer(Int64.random(in: 0...5_999, using: &random))
    case .decimal:
        let range = field.allowed ?? -99_999...99_999
        return .number((Double.random(in: range, using: &random) * 100).rounded(.towardZero) / 100)
    case .code(let codes): return codes.randomElement(using: &random).map { .text($0.label) }
    case .flag: return .boolean(Bool.random(using: &random))
    case .latitude: return .number(Double.random(in: -90...90, using: &random))
    case .longitude: return .number(Double.random(in: -180...180, using: &random))
    case .variation: return .number(Double(Int.random(in: -1_799...1_799, using: &random)) / 10)
    case .timeOfDay: return .text("\(pair(24)):\(pair(60)):\(pair(61)).\(pair(100))")
    case .hourMinute: return .text("\(pair(24)):\(pair(60))")
    case .date, .dayMonthYear:
        return .text(
            "20\(pair(80))-0\(Int.random(in: 1...9, using: &random))-1\(Int.random(in: 0...9, using: &random))")
    case .zone: return .text((Bool.random(using: &random) ? "+" : "-") + "\(pair(14)):\(pair(60))")
    case .list(let list):
        let count = min(field.width == 1 ? 8 : field.width, 8)
        return .list(
            (0..<count).map { _ in
                switch list.element {
                case .hourMinute: .text("\(pair(24)):\(pair(60))")
                case .decimal: .integer(Int64.random(in: 0...60, using: &random))
                case .number, .address: .integer(Int64.random(in: 1...63, using: &random))
                }
            })
    case .utc, .system, .satellite, .satellites, .modeLetter, .anyMode, .part: return nil
    }
}

@Test func everyLayoutIsReadAsItWasWritten() throws {
    var generator = SeededGenerator(seed: 2_026)
    for (type, plan) in SentenceCatalogue.shared.plans.enumerated() {
        for round in 0..<40 {
            var values: [String: FieldValue] = [:]
            for field in plan.layout.fields { values[field.name] = random(field, &generator) }
            // Beams are as many as their counts say; the codes of FKI and ICI tell their forms apart.
            if plan.type.name == "PWI" {
                (values["rdss_beam_count"], values["rdss_beams"]) = (
                    .integer(1), .list([1, 2, 3].map { .integer($0) })
                )
            }
            if round % 2 == 1 {
                // Any field that is not needed may be left out.
                for field in plan.layout.fields where !field.isNecessary && Bool.random(using: &generator) {
                    values[field.name] = nil
                }
                if plan.type.name == "PWI" { continue }
            }
            let octets: [UInt8]
            do { octets = try SentenceFamily.encode(MessageValues(parameters: values), type: type) } catch {
                Issue.record("\(plan.type.name) \(plan.type.title): \(error), \(values)")
                continue
            }
            #expect(frame(octets, isLast: true) == .whole(octets.count))
            let read = ReadSentence(octets)
            #expect(read.number == type)
            for (name, value) in values { compare(read.given[name], value, "\(plan.type.name) \(name)") }
            #expect(SentenceFamily.malformedFields(of: octets.octets).isEmpty)
            let again = try SentenceFamily.encode(MessageValues(parameters: read.given, raws: read.raws), type: type)
            #expect(again == octets)
        }
    }
}

private func compare(_ read: FieldValue?, _ given: FieldValue, _ note: String) {
    func number(_ value: FieldValue?) -> Double? {
        switch value {
        case .integer(let number)?: Double(number)
        case .number(let number)?: number
        default: nil
        }
    }
    if let a = number(read), let b = number(given) {
        #expect(abs(a - b) <= max(1e-6, abs(b) * 1e-9), "\(note)")
    } else if case .text(let a)? = read, case .text(let b) = given, a.contains(":") {
        #expect(a == b, "\(note)")
    } else {
        #expect(read == given, "\(note)")
    }
}
