import Foundation
import Support
import Testing

/// Where the logs are, and what is known of them.
private enum Receivers {
    static let facts = Corpus.file("gpsd/FACTS.tsv")
    static let areThere = FileManager.default.fileExists(atPath: facts.path)
}

/// Logs of real receivers, as `decode` prints them, against what a script of somebody else counted, and where gpsd and
/// pynmeagps say that the receivers were.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: Receivers.areThere, "\(Corpus.why)"))
struct ReceiverLogTests {
    /// What one log says, and what is known of it.
    private struct Log {
        let row: [String: String]
        let finished: Finished
        let lines: [JSON]

        var name: String { row["file"] ?? "" }

        init(_ row: [String: String]) throws {
            self.row = row
            finished = try Starlane.run(["decode", "--format", "jsonl", row["file"] ?? ""], in: Corpus.folder)
            lines = try JSON.lines(finished.text)
        }

        /// How often each sentence comes, by talker and formatter as they stand on the line. The facts cut makers' own
        /// names to five letters.
        var kinds: [String: Int] {
            let names = lines.map { line in
                let values = line["parameters"]
                let isKnown = line["type"]?.text != "unknown"
                let name =
                    (values?["talker"]?.text ?? "") + ((isKnown ? line["type"] : values?["sentence"])?.text ?? "")
                return name.hasPrefix("P") ? String(name.prefix(5)) : name
            }
            return Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        }

        /// Where a sentence says that the receiver is, and when, of those that do not say that they do not know.
        var fixes: [(latitude: Double, longitude: Double, time: String)] {
            lines.compactMap { line in
                guard let values = line["parameters"], let latitude = values["latitude"]?.double,
                    let longitude = values["longitude"]?.double, values["status"]?.text != "void",
                    values["quality"]?.text != "none"
                else { return nil }
                return (latitude, longitude, (values["utc"] ?? values["time_of_day"])?.text ?? "")
            }
        }
    }

    private static func logs() throws -> [Log] { try Table(Receivers.facts).rows.map(Log.init) }

    @Test("sentences are as many of each talker and formatter as another script counted")
    func kinds() throws {
        var sentences = 0
        for log in try Self.logs() {
            let pairs = (log.row["kinds"] ?? "-").split(separator: " ").compactMap { pair -> (String, Int)? in
                let parts = pair.split(separator: ":")
                return parts.count == 2 ? Int(parts[1]).map { (String(parts[0]), $0) } : nil
            }
            #expect(log.kinds == Dictionary(uniqueKeysWithValues: pairs), "\(log.name)")
            #expect("\(log.lines.count)" == log.row["sentences (good checksum)"], "\(log.name)")
            sentences += log.lines.count
            // Nothing is read from receivers that speak another language, nor from an empty file, and that is said.
            if log.lines.isEmpty {
                let isEmpty = log.row["bytes"] == "0"
                #expect(log.finished.status == (isEmpty ? 2 : 0), "\(log.name)")
                #expect(log.finished.words.contains(isEmpty ? "is empty" : "recognised"), "\(log.name)")
            }
        }
        #expect(sentences > 8_000)
    }

    @Test("sentences without a checksum are rejected, as many as another script counted in logs without binary frames")
    func withoutChecksum() throws {
        let report = try JSON(
            Starlane.run(["inspect", "--format", "json", "gpsd/mtk-3301.log"], in: Corpus.folder).text)
        let rejected = report["ledger"]?["rejected"]?.array ?? []
        let row = rejected.first { $0["reason"]?.text == "sentence without a checksum" }
        let facts = try Table(Receivers.facts).rows.first { $0["file"] == "gpsd/mtk-3301.log" }
        #expect(row?["count"]?.integer.map(String.init) == facts?["sentences without checksum"])
    }

    /// Degrees that a place may differ by: the facts have six decimals.
    private static let tolerance = 0.5e-6 + 1e-9

    @Test("the first and last fix are those of pynmeagps, place to half a millionth of a degree and time")
    func fixes() throws {
        var compared = 0
        for log in try Self.logs() {
            let fixes = log.fixes
            for (column, ours) in [("first", fixes.first), ("last", fixes.last)] {
                guard let stated = log.row["\(column) fix pynmeagps"], stated != "-" else {
                    // Binary logs have fixes that are no sentences.
                    #expect(ours == nil, "\(log.name)")
                    continue
                }
                let fix = try #require(ours, "\(log.name)")
                // "48.483342,0.366693 1999-08-22 00:02:31.420000", or without a date
                let words = stated.split(separator: " ").map(String.init)
                let place = (words.first ?? "").split(separator: ",").compactMap { Double($0) }
                #expect(place.count == 2)
                #expect(abs(fix.latitude - (place.first ?? .nan)) <= Self.tolerance, "\(log.name), \(column)")
                #expect(abs(fix.longitude - (place.last ?? .nan)) <= Self.tolerance, "\(log.name), \(column)")
                let time = fix.time.split { $0 == "T" || $0 == "Z" }.map(String.init)
                #expect(time.dropLast() == words.dropFirst().dropLast(), "\(log.name), \(column): \(fix.time)")
                #expect(seconds(time.last) == seconds(words.last), "\(log.name), \(column): \(fix.time)")
                compared += 1
            }
        }
        #expect(compared >= 90)
    }

    /// Microseconds of a day of "07:41:55.799".
    private func seconds(_ text: String?) -> Int? {
        let parts = (text ?? "").split(separator: ":").compactMap { Double($0) }
        guard parts.count == 3 else { return nil }
        return Int(((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1e6 + 0.5)
    }

    @Test("the first fix is where gpsd sees it first, but for logs of which the facts say that others differ too")
    func gpsd() throws {
        var compared = 0
        for log in try Self.logs() {
            guard let stated = log.row["first fix gpsd"], stated != "-",
                log.row["note"]?.contains("oracles differ") != true,
                log.row["sentences (good checksum)"] != "0"
            else { continue }
            let fix = try #require(log.fixes.first, "\(log.name)")
            let place = stated.prefix { $0 != " " }.split(separator: ",").compactMap { Double($0) }
            #expect(abs(fix.latitude - (place.first ?? .nan)) <= 2 * Self.tolerance, "\(log.name)")
            #expect(abs(fix.longitude - (place.last ?? .nan)) <= 2 * Self.tolerance, "\(log.name)")
            compared += 1
        }
        #expect(compared >= 40)
    }
}
