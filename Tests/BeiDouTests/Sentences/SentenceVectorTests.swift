import Bytes
import Foundation
import Records
import Support
import Testing

import BeiDou

@Test func dumpSentences() throws {
    let vectors = try SentenceVectors.load()
    var out = ""
    for vector in vectors {
        let start = vector.octets.starts(with: Array("$$".utf8)) ? 1 : 0
        let framing = SentenceFraming.frame(vector.octets.octets, at: start, isLast: true)
        out += "\(vector.text)\n  \(vector.check) \(framing)\n"
        guard case .whole(let count) = framing else { continue }
        let octets = Array(vector.octets[start..<start + count])
        let read = ReadSentence(octets)
        out += "  \(read.type.dialect.rawValue) \(read.type.name) \(read.type.title)\n"
        for info in read.type.parameters {
            if let value = read.values[info.shortName] { out += "    \(info.shortName)=\(value)\n" }
            else if let state = read.states[info.shortName], state != .notIncluded { out += "    !! \(info.shortName) \(state)\n" }
        }
        do {
            let again = try SentenceFamily.encode(MessageValues(raws: read.raws), type: read.number)
            if again != octets { out += "  RAW DIFFERS \(String(decoding: again, as: UTF8.self))\n" }
        } catch { out += "  RAW \(error)\n" }
        do {
            let again = try SentenceFamily.encode(MessageValues(parameters: read.given, raws: read.raws), type: read.number)
            if again != octets { out += "  BOTH DIFFERS \(String(decoding: again, as: UTF8.self))\n" }
        } catch { out += "  BOTH \(error)\n" }
        do {
            let again = try SentenceFamily.encode(MessageValues(parameters: read.given), type: read.number)
            if again != octets { out += "  ALONE DIFFERS \(String(decoding: again, as: UTF8.self))\n" }
        } catch { out += "  ALONE \(error)\n" }
    }
    try out.write(toFile: "/tmp/sent-dump.txt", atomically: true, encoding: .utf8)
}
