import Settings
import Simulator
import Support
import Testing

/// Two-line elements as they are given, and what is wrong with others.
@Suite struct TwoLineElementsTests {
    private static let one = "1 25544U 98067A   24060.51782528  .00016717  00000+0  30270-3 0  9990"
    private static let two = "2 25544  51.6416 160.5281 0005805 318.2741 167.0414 15.49815308441075"

    /// A line with its check digit put right.
    private static func checked(_ line: String) -> String {
        let sum = line.utf8.prefix(68).reduce(0) { $0 + ($1 == 45 ? 1 : (48...57).contains($1) ? Int($1) - 48 : 0) }
        return String(line.prefix(68)) + String(sum % 10)
    }

    private func read(_ text: String) throws -> [TwoLineElements] {
        try TwoLineElements.read(Array(text.utf8), file: "a.tle")
    }

    private func refusal(_ text: String) -> String {
        do {
            _ = try read(text)
            return "none"
        } catch { return "\(error)" }
    }

    @Test("a set is read with and without its name, whatever ends the lines")
    func sets() throws {
        let lines = [Self.checked(Self.one), Self.checked(Self.two)]
        for text in [
            lines.joined(separator: "\n"), "ISS (ZARYA)             \r\n" + lines.joined(separator: "\r\n") + "\r\n",
            "# a list\n\n0 ISS (ZARYA)\n" + lines.joined(separator: "\n"),
            "\u{FEFF}ISS (ZARYA)\r" + lines.joined(separator: "\r"), " ISS (ZARYA)\n " + lines.joined(separator: "\n "),
        ] {
            let sets = try read(text)
            #expect(sets.count == 1 && sets[0].number == "25544" && sets[0].designator == "98067A")
            #expect(sets[0].name == (text.contains("ISS") ? "ISS (ZARYA)" : nil))
            let elements = sets[0].elements
            // 2024-02-29 12:25:40.104192
            #expect(elements.epoch == 1_709_209_540_104_192_000)
            #expect(abs(elements.eccentricity - 0.0005805) < 1e-12 && abs(elements.bStar - 0.0003027) < 1e-12)
            #expect(abs(elements.inclination * 180 / .pi - 51.6416) < 1e-9)
            #expect(abs(elements.period - 86_400 / 15.49815308) < 1e-6)
        }
        let both = try read((lines + lines).joined(separator: "\n"))
        #expect(both.count == 2)
        // Letters stand for ten thousands from 10 on, without I and O.
        for (letters, number) in [("A0001", 100_001), ("J2931", 182_931), ("Z9999", 339_999)] {
            let set = try read(lines.map { Self.checked($0.replacing("25544", with: letters)) }.joined(separator: "\n"))
            #expect(set[0].number == letters && set[0].catalogueNumber == number)
        }
    }

    @Test("what is wrong is named with its line and columns")
    func refusals() {
        let (one, two) = (Self.checked(Self.one), Self.checked(Self.two))
        #expect(refusal("") == "a.tle: has no two-line elements: pairs of lines of 69 columns that begin with 1 and 2")
        #expect(refusal(one) == "a.tle:1: line 2 of the set that begins here is missing")
        #expect(refusal("\n" + two) == "a.tle:2: line 1 of this set is missing")
        #expect(refusal(one + "\n" + one) == "a.tle:2: line 2 of the set that begins in line 1 is missing")
        #expect(refusal(one + "\nISS") == "a.tle:2: a line that begins with '2 ' has to follow line 1")
        #expect(
            refusal(one + "\n" + two.prefix(55))
                == "a.tle:2: the line has 55 columns where 69 are wanted: it is cut off")
        #expect(refusal(one + "\n" + two + "\n" + one.prefix(40)).hasPrefix("a.tle:3: the line has 40 columns"))
        #expect(
            refusal(one + "\n" + two + "\nTHE NEXT")
                == "a.tle:3: the two lines of what stands here are missing: the file is not whole")
        let wrong = one.replacing("24060", with: "24061")
        #expect(refusal(wrong + "\n" + two).hasPrefix("a.tle:1: the check digit in column 69 is "))
        let other = Self.checked(two.replacing("25544", with: "25545"))
        #expect(refusal(one + "\n" + other) == "a.tle:2: it is of object 25545, the line in front of it of 25544")
        let tilted = Self.checked(two.replacing(" 51.6416", with: "251.6416"))
        #expect(
            refusal(one + "\n" + tilted)
                == "a.tle:2: the inclination in columns 9 to 16 is '251.6416'; 0 to 180 is allowed")
        let letters = Self.checked(two.replacing("0005805", with: "00O5805"))
        #expect(refusal(one + "\n" + letters).contains("the eccentricity in columns 27 to 33 is '00O5805'"))
        let drag = Self.checked(one.replacing("30270-3", with: "3027x-3"))
        #expect(refusal(drag + "\n" + two).contains("the drag term in columns 54 to 61 is '3027x-3'"))
        let motion = Self.checked(two.replacing("15.49815", with: "25.49815"))
        #expect(refusal(one + "\n" + motion).contains("the mean motion in columns 53 to 63 is '25.49815308'"))
    }
}
