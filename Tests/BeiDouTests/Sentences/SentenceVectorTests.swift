import BeiDou
import Bytes
import Foundation
import Records
import Support
import Testing

/// The good ones of the published sentences, without what stands in front of their `$`.
private func good() throws -> [(text: String, octets: [UInt8])] {
    try SentenceVectors.load().filter { $0.check == "ok" }.map { vector in
        (vector.text, vector.octets.starts(with: Array("$$".utf8)) ? Array(vector.octets.dropFirst()) : vector.octets)
    }
}

@Test func publishedSentencesAreWholeWithAndWithoutALinesEnd() throws {
    for (text, octets) in try good() {
        #expect(frame(octets, at: 0, isLast: true) == .whole(octets.count), "\(text)")
        let line = octets + Array("\r\n".utf8)
        #expect(frame(line, at: 0, isLast: false) == .whole(octets.count), "\(text)")
        #expect(explain(line) == nil, "\(text)")
    }
}

@Test func publishedSentencesSayWhatTheirSourcesState() throws {
    var expected: [String: [String: String]] = [:]
    for row in try Table(fixture("vectors/sentence-values.tsv")).rows { expected[row["sentence"] ?? ""] = row }
    let vectors = try good()
    #expect(expected.count == Set(vectors.map(\.text)).count)
    for ((text, _), read) in zip(vectors, readAll(vectors.map(\.octets))) {
        let row = expected[text]
        #expect(read.type.dialect.rawValue == row?["dialect"], "\(text)")
        #expect(read.type.name == row?["type"], "\(text)")
        let content = Set(ContentColumns.parameters(family: "", type: "").map(\.shortName))
        let hasContent = read.type.parameters.contains { $0.aliases == ["message.lead"] }
        let values = read.type.parameters.compactMap { info -> String? in
            let name = info.shortName
            if name == "talker" || name == "body" || hasContent && content.contains(name) { return nil }
            return read.values[name].map { "\(name)=\($0)" }
        }
        #expect(values.joined(separator: "; ") == row?["values"], "\(text)")
    }
}

@Test func publishedSentencesAreWrittenBackToTheOctet() throws {
    for (text, octets) in try good() {
        let read = ReadSentence(octets)
        let fromRaws = try SentenceFamily.encode(MessageValues(raws: read.raws), type: read.number)
        #expect(fromRaws == octets, "\(text)")
        let values = MessageValues(parameters: read.given, raws: read.raws)
        let fromBoth = try SentenceFamily.encode(values, type: read.number)
        #expect(fromBoth == octets, "\(text)")
    }
}

@Test func publishedSentencesWrittenFromValuesAloneSayTheSame() throws {
    for (text, octets) in try good() {
        let read = ReadSentence(octets)
        let written = try SentenceFamily.encode(MessageValues(parameters: read.given), type: read.number)
        let again = ReadSentence(written)
        #expect(again.number == read.number, "\(text)")
        for (name, value) in read.given { expectSame(again.given[name], value, "\(text) \(name)") }
    }
}

@Test func publishedSentencesWithWrongChecksumsAreRefusedForIt() throws {
    let bad = try SentenceVectors.load().filter { $0.check != "ok" }
    #expect(bad.count == 8)
    for vector in bad {
        let framing = SentenceFraming.frame(vector.octets.octets, at: 0, isLast: true)
        let explained = explain(vector.octets)
        // "bad: check 5E, XOR is 5F": both numbers are told.
        let given = vector.check.suffix(2)
        if vector.check.contains("is not two digits") {
            #expect(framing == .bad(vector.octets.count, SentenceFraming.checkNotDigits), "\(vector.text)")
            #expect(explained?.offset == vector.octets.count)
        } else {
            let says = vector.text.suffix(2)
            #expect(framing == .bad(vector.octets.count, SentenceFraming.wrongChecksum), "\(vector.text)")
            #expect(explained?.offset == vector.octets.count - 2)
            #expect(explained?.reason.contains("says \(says)") == true, "\(vector.text)")
        }
        #expect(explained?.reason.contains("give \(given)") == true, "\(vector.text) \(explained as Any)")
    }
}

/// Two values are the same, numbers to the last place that a sentence writes.
func expectSame(_ a: FieldValue?, _ b: FieldValue?, _ note: String) {
    if case .number(let x)? = a, case .number(let y)? = b {
        #expect(abs(x - y) <= max(1e-6, abs(y) * 1e-9), "\(note)")
    } else {
        #expect(a == b, "\(note)")
    }
}
