internal import Records
public import Settings

/// A set of two lines, as CelesTrak and Space-Track give elements: a card each, 69 columns with a check digit.
///
/// Source: T. S. Kelso, "FAQs: Two-Line Element Set Format", CelesTrak; letters in catalogue numbers (Alpha-5) as
/// Space-Track has them.
public struct TwoLineElements: Sendable, Equatable {
    /// What stands in front of the lines; nil where nothing does.
    public let name: String?
    /// The catalogue number, letters as they stand.
    public let number: String
    /// Year and number of the launch, and the piece.
    public let designator: String
    /// The elements.
    public let elements: MeanElements

    /// Files with more octets are no lists of elements.
    public static let largestFile = 64 << 20

    /// The catalogue number as a number: letters stand for ten thousands from 10 on, without I and O (Alpha-5); nil: it is none.
    public var catalogueNumber: Int? {
        guard let first = number.first, first.isLetter else { return Int(number) }
        guard number.count == 5, let place = Array("ABCDEFGHJKLMNPQRSTUVWXYZ").firstIndex(of: first) else { return nil }
        return Int(number.dropFirst()).map { (10 + place) * 10_000 + $0 }
    }

    /// Why a line is refused.
    private struct Flaw: Error { let reason: String }

    /// The sets in a file: lines in pairs, with or without a name in front of them (also as `0 NAME`); empty lines and those
    /// that begin with `#` are left out.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - file: its name, for errors.
    public static func read(_ octets: [UInt8], file: String) throws(SettingsError) -> [TwoLineElements] {
        var sets: [TwoLineElements] = []
        var (name, first): ((line: Int, text: String)?, (line: Int, text: [UInt8])?) = (nil, nil)
        var number = 0
        for line in lines(of: octets) {
            number += 1
            let text = trimmed(line)
            guard let begin = text.first, begin != UInt8(ascii: "#") else { continue }
            do throws(Flaw) {
                if isCard(text, "1") {
                    if let first {
                        throw Flaw(reason: "line 2 of the set that begins in line \(first.line) is missing")
                    }
                    try check(text, atLeast: 64)
                    first = (number, text)
                } else if let line = first {
                    guard text.starts(with: "2 ".utf8) else {
                        throw Flaw(reason: "a line that begins with '2 ' has to follow line \(line.line)")
                    }
                    try check(text, atLeast: 63)
                    sets.append(try TwoLineElements(name: name?.text, line.text, text))
                    (name, first) = (nil, nil)
                } else if isCard(text, "2") {
                    throw Flaw(reason: "line 1 of this set is missing")
                } else {
                    let words = String(decoding: text, as: UTF8.self)
                    name = (number, words.hasPrefix("0 ") ? String(words.dropFirst(2)) : words)
                }
            } catch {
                throw SettingsError(file: file, line: number, key: nil, reason: error.reason)
            }
        }
        if let first {
            throw SettingsError(
                file: file, line: first.line, key: nil, reason: "line 2 of the set that begins here is missing")
        }
        // Behind the last set a name has lost its lines.
        if !sets.isEmpty, let name {
            throw SettingsError(
                file: file, line: name.line, key: nil,
                reason: "the two lines of what stands here are missing: the file is not whole")
        }
        guard !sets.isEmpty else {
            throw SettingsError(
                file: file, line: nil, key: nil,
                reason: "has no two-line elements: pairs of lines of 69 columns that begin with 1 and 2")
        }
        return sets
    }

    /// The lines of a file, whose ends are line feeds, or carriage returns where there are none of those.
    private static func lines(of octets: [UInt8]) -> [ArraySlice<UInt8>] {
        // A mark of the order of octets says nothing in UTF-8.
        let all = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
        return all.split(separator: all.contains(10) ? 10 : 13, omittingEmptySubsequences: false)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        func isBlank(_ octet: UInt8) -> Bool { octet == 13 || octet == 32 || octet == 9 }
        var text = line.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return Array(text)
    }

    /// Whether a line is the first or the second one of a set, or the beginning of one: its number, a blank, a catalogue number.
    private static func isCard(_ text: [UInt8], _ kind: Unicode.Scalar) -> Bool {
        guard text.count >= 7, text[0] == UInt8(ascii: kind), text[1] == 32 else { return false }
        let number = text[2..<7]
        return number.dropFirst().allSatisfy { $0 == 32 || (48...57).contains($0) }
            && number.contains { (48...57).contains($0) }
    }

    /// Holds a line against its check digit: the sum of its digits, a minus counting one.
    private static func check(_ text: [UInt8], atLeast least: Int) throws(Flaw) {
        guard text.count >= least else {
            throw Flaw(reason: "the line has \(text.count) columns where 69 are wanted: it is cut off")
        }
        // Columns behind the 69th are somebody else's; without the digit there is nothing to check.
        guard text.count >= 69 else { return }
        let sum = text[..<68].reduce(0) { sum, octet in
            octet == UInt8(ascii: "-") ? sum + 1 : (48...57).contains(octet) ? sum + Int(octet) - 48 : sum
        }
        let digit = Int(text[68]) - 48
        guard digit == sum % 10 else {
            throw Flaw(
                reason: "the check digit in column 69 is '\(Character(UnicodeScalar(text[68])))', "
                    + "the line's digits give \(sum % 10): a digit is wrong")
        }
    }

    private init(name: String?, _ one: [UInt8], _ two: [UInt8]) throws(Flaw) {
        self.name = name
        let (first, second) = (Card(text: one, number: 1), Card(text: two, number: 2))
        number = first.words(3, 7)
        guard number == second.words(3, 7) else {
            throw Flaw(reason: "it is of object \(second.words(3, 7)), the line in front of it of \(number)")
        }
        designator = first.words(10, 17)
        let year = Int(try first.value(19, 20, "the epoch's year", 0...99))
        let day = Int(try first.value(21, 23, "the epoch's day", 1...366))
        let part = try first.value(24, 32, "the epoch's part of a day", 0...1)
        let since1970 = StatedTime.days(year: year < 57 ? 2000 + year : 1900 + year, month: 1, day: 1) + day - 1
        let radians = Double.pi / 180
        elements = MeanElements(
            epoch: Int64(since1970) * 86_400_000_000_000 + Int64((part * 1e8).rounded()) * 864_000,
            meanMotion: try second.value(53, 63, "the mean motion", 1e-8...20) * 2 * .pi / 1440,
            eccentricity: try second.value(27, 33, "the eccentricity", 0...1, point: true),
            inclination: try second.value(9, 16, "the inclination", 0...180) * radians,
            ascendingNode: try second.value(18, 25, "the node", -360...360) * radians,
            argumentOfPerigee: try second.value(35, 42, "the argument of perigee", -360...360) * radians,
            meanAnomaly: try second.value(44, 51, "the mean anomaly", -360...360) * radians,
            bStar: try first.power(54, 61, "the drag term"))
    }

    /// A line, and what stands in its columns, which are counted from 1.
    private struct Card {
        let text: [UInt8]
        let number: Int

        func octets(_ from: Int, _ to: Int) -> [UInt8] {
            Array(text[min(from - 1, text.count)..<min(to, text.count)]).filter { $0 != 32 }
        }

        func words(_ from: Int, _ to: Int) -> String { String(decoding: octets(from, to), as: UTF8.self) }

        /// A decimal number; with `point` its digits stand behind one that is not written.
        func value(
            _ from: Int, _ to: Int, _ what: String, _ range: ClosedRange<Double>, point: Bool = false
        ) throws(Flaw) -> Double {
            let words = words(from, to)
            guard let value = Double(point ? "0." + words : words), range.contains(value) else {
                throw flaw(from, to, what, "\(range.lowerBound.plain) to \(range.upperBound.plain) is allowed")
            }
            return value
        }

        /// A number like ` 28098-4`, which is 0.28098 times ten to the minus fourth.
        func power(_ from: Int, _ to: Int, _ what: String) throws(Flaw) -> Double {
            var octets = octets(from, to)
            guard !octets.isEmpty else { return 0 }
            var sign = 1.0
            if octets[0] == UInt8(ascii: "-") || octets[0] == UInt8(ascii: "+") {
                sign = octets[0] == UInt8(ascii: "-") ? -1 : 1
                octets.removeFirst()
            }
            if octets.first == UInt8(ascii: ".") { octets.removeFirst() }
            let digits = octets.prefix { (48...57).contains($0) }
            let exponent = octets.dropFirst(digits.count)
            let power = exponent.isEmpty ? 0 : Int(String(decoding: exponent, as: UTF8.self))
            guard let power, !digits.isEmpty, abs(power) < 10,
                let value = Double("0.\(String(decoding: digits, as: UTF8.self))e\(power)")
            else { throw flaw(from, to, what, "a number like 28098-4, 0.28098 times ten to the -4, is allowed") }
            return sign * value
        }

        private func flaw(_ from: Int, _ to: Int, _ what: String, _ allowed: String) -> Flaw {
            Flaw(reason: "\(what) in columns \(from) to \(to) is '\(words(from, to))'; \(allowed)")
        }
    }
}

extension Double {
    /// A whole number without its point.
    fileprivate var plain: String { self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self) }
}
