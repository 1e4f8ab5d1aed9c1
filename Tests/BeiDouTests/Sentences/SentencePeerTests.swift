import BeiDou
import Bytes
import Foundation
import Records
import Support
import Testing

/// Sentences of real receivers, and what other readers say of them.
private enum Logs {
    static let isThere = Corpus.isThere && FileManager.default.fileExists(atPath: Corpus.file("gpsd/FACTS.tsv").path)

    /// The whole sentences of a log with a right checksum.
    static func sentences(_ octets: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var at = 0
        let bytes = octets.octets
        while at < octets.count {
            switch octets[at] == 0x24 ? SentenceFraming.frame(bytes, at: at, isLast: true) : .none {
            case .whole(let count):
                found.append(Array(octets[at..<at + count]))
                at += count
            case .bad, .needs, .none: at += 1
            }
        }
        return found
    }
}

@Test(.enabled(if: Logs.isThere, "the logs of receivers are not beside this clone"))
func logsHoldTheSentencesThatAnotherScriptCounted() throws {
    var read = 0
    for row in try Table(Corpus.file("gpsd/FACTS.tsv")).rows {
        guard let file = row["file"], let wanted = row["sentences (good checksum)"],
            row["binary frames (good checksum)"] == "-"
        else { continue }
        let sentences = Logs.sentences(Array(try Data(contentsOf: Corpus.file(file))))
        // Makers' own names that begin like no sentence, and JSON beside the sentences, are left to the other script.
        #expect("\(sentences.count)" == wanted, "\(file)")
        var first: String?
        for sentence in readAll(sentences) {
            read += 1
            guard first == nil, sentence.values["status"] != "void", sentence.values["quality"] != "none",
                let latitude = sentence.values["latitude"].flatMap(Double.init),
                let longitude = sentence.values["longitude"].flatMap(Double.init)
            else { continue }
            first = String(format: "%.6f,%.6f", latitude, longitude)
        }
        if let stated = row["first fix pynmeagps"], stated != "-" {
            #expect(first == stated.split(separator: " ").first.map(String.init), "\(file)")
        }
    }
    #expect(read > 5_000)
}

@Test(.enabled(if: Logs.isThere, "the logs of receivers are not beside this clone"))
func sentencesOfReceiversAreWellWritten() throws {
    var malformed: [String: Int] = [:]
    var total = 0
    for url in Corpus.files(below: "gpsd") {
        for sentence in Logs.sentences(Array(try Data(contentsOf: url))) {
            total += 1
            for field in SentenceFamily.malformedFields(of: sentence.octets) {
                malformed[
                    "\(SentenceFamily.types[SentenceFamily.type(of: sentence.octets)].name).\(field.name) \(field.reason)",
                    default: 0] += 1
            }
        }
    }
    #expect(malformed.values.reduce(0, +) * 100 <= total, "\(malformed.sorted { $0.value > $1.value }.prefix(20))")
}

private enum Pynmeagps {
    static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    static let isThere = (try? run(python, ["-c", "import pynmeagps"]))?.status == 0

    /// What it reads from each line, as a line of JSON.
    static let script = """
        import json, sys
        from pynmeagps import NMEAReader
        for line in open(sys.argv[1], "rb"):
            try:
                message = NMEAReader.parse(line.strip(), validate=1, msgmode=0)
                known = {k: v for k, v in message.__dict__.items() if not k.startswith("_")}
            except Exception as error:
                known = {"error": str(error)}
            print(json.dumps(known, default=str))
        """
}

@Test(.enabled(if: Pynmeagps.isThere, "pynmeagps is not there: STARLANE_PYTHON names no Python that has it"))
func anotherReaderSeesTheSameValues() throws {
    let names = [
        "lat": "latitude", "lon": "longitude", "alt": "height", "sep": "geoid_separation", "HDOP": "hdop",
        "VDOP": "vdop",
        "PDOP": "pdop", "numSV": "satellites_used", "cog": "course", "sogk": "speed", "stdLat": "latitude_sigma",
        "numMsg": "sentences", "msgNum": "sentence", "svid_01": "number_1", "az_02": "azimuth_2", "cno_03": "cn0_3",
    ]
    let vectors = try SentenceVectors.load().filter { $0.check == "ok" }.map {
        $0.octets.starts(with: Array("$$".utf8)) ? Array($0.octets.dropFirst()) : $0.octets
    }
    let reads = zip(vectors, readAll(vectors)).filter { $1.type.dialect == .nmea && $1.type.name != "unknown" }
    let folder = try TemporaryFolder()
    try Data(reads.flatMap { $0.0 + Array("\r\n".utf8) }).write(to: folder.file("lines"))
    let finished = try run(Pynmeagps.python, ["-c", Pynmeagps.script, folder.file("lines").path])
    #expect(finished.status == 0, "\(finished.words)")
    let lines = try JSON.lines(finished.text)
    #expect(lines.count == reads.count)
    var compared = 0
    for (line, (octets, read)) in zip(lines, reads) {
        for (theirs, ours) in names {
            // In the other form of VTG and GNS its names mean other things.
            guard read.type.parameters.contains(where: { $0.shortName == ours }), let value = line[theirs]?.double
            else { continue }
            guard let mine = read.values[ours].flatMap(Double.init) else { continue }
            #expect(abs(mine - value) < 1e-7, "\(String(decoding: octets, as: UTF8.self)) \(ours)")
            compared += 1
        }
    }
    #expect(compared > 100)
}
