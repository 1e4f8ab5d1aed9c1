import Foundation
import Simulator
import Support
import Testing

/// SGP4 against the verification set of AIAA 2006-6753, which is not ours.
@Suite struct SGP4Tests {
    /// A row of the expected output: minutes, and what stands in kilometres and kilometres a second.
    private struct Row {
        let minutes: Double
        let position, velocity: SIMD3<Double>
    }

    private func expected() throws -> [(number: String, rows: [Row])] {
        let text = try String(contentsOf: Corpus.file("sgp4/tcppver.out"), encoding: .utf8)
        var records: [(number: String, rows: [Row])] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            if words.count == 2, words[1] == "xx" {
                records.append((String(words[0]), []))
            } else {
                let numbers = words.prefix(7).compactMap { Double($0) }
                guard numbers.count == 7 else { continue }
                records[records.count - 1].rows.append(
                    Row(
                        minutes: numbers[0], position: SIMD3(numbers[1], numbers[2], numbers[3]),
                        velocity: SIMD3(numbers[4], numbers[5], numbers[6])))
            }
        }
        return records
    }

    /// The sets; the check digits of some are wrong in the file, and are put right here.
    private func sets() throws -> [TwoLineElements] {
        let text = try String(contentsOf: Corpus.file("sgp4/SGP4-VER.TLE"), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map { line in
            let card = line.utf8.prefix(68)
            let sum = card.reduce(0) { $0 + ($1 == 45 ? 1 : (48...57).contains($1) ? Int($1) - 48 : 0) }
            return String(decoding: card, as: UTF8.self) + String(sum % 10)
        }
        return try TwoLineElements.read(Array(lines.joined(separator: "\n").utf8), file: "SGP4-VER.TLE")
    }

    @Test("every row of the verification set comes out to its digits", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func verification() throws {
        let (sets, records) = (try sets(), try expected())
        #expect(sets.count == 33 && records.count == 33)
        var (rows, worst) = (0, (position: 0.0, velocity: 0.0))
        var failed: [Int] = []
        for (set, record) in zip(sets, records) {
            #expect(Int(set.number) == Int(record.number))
            let orbit: SGP4
            do { orbit = try SGP4(set.elements) } catch {
                // The one that fails at once: the file repeats another's state for it.
                failed.append(error.rawValue)
                #expect(record.rows.count <= 1)
                continue
            }
            for row in record.rows {
                let state = try orbit.state(minutes: row.minutes)
                worst.position = max(worst.position, distance(state.position, row.position))
                worst.velocity = max(worst.velocity, distance(state.velocity, row.velocity))
                rows += 1
            }
        }
        #expect(worst.position < 2e-7 && worst.velocity < 2e-9, "\(worst)")
        #expect(rows >= 663, "\(rows)")
    }

    @Test(
        "where the verification set ends early the orbit ends for the reason it gives",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func ends() throws {
        let text = try String(contentsOf: Corpus.file("sgp4/SGP4-VER.TLE"), encoding: .utf8)
        // Behind the second line stand start, stop and step, in minutes.
        let spans = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("2 ") }.map { line in
            line.dropFirst(69).split(separator: " ").compactMap { Double($0) }
        }
        var reasons: [Int] = []
        for (set, span) in zip(try sets(), spans) {
            do {
                let orbit = try SGP4(set.elements)
                var minutes = span[0]
                while minutes <= span[1] {
                    _ = try orbit.state(minutes: minutes)
                    minutes += span[2]
                }
            } catch {
                reasons.append(error.rawValue)
            }
        }
        #expect(reasons == [1, 1, 6, 6, 4, 3, 6])
    }

    private func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let difference = a - b
        return max(abs(difference.x), abs(difference.y), abs(difference.z))
    }

    @Test("elements of no orbit are refused")
    func refusals() {
        var elements = MeanElements(epoch: 0, meanMotion: 0.065, eccentricity: 1, inclination: 1)
        #expect(throws: OrbitError.meanEccentricity) { try SGP4(elements) }
        elements.eccentricity = 0
        elements.meanMotion = 0
        #expect(throws: OrbitError.meanMotion) { try SGP4(elements) }
        elements.meanMotion = MeanElements.meanMotion(semiMajorAxis: 6300)
        #expect(throws: OrbitError.decayed) { try SGP4(elements) }
    }
}
