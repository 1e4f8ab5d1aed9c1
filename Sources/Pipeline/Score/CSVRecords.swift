package import Bytes

/// Records of comma-separated values (RFC 4180), read one by one; tabs or semicolons stand for commas where the first line
/// has more of them.
package final class CSVRecords {
    /// A line, or several where quotes hold line feeds.
    package struct Record {
        package var fields: [String] = []
        /// The line on which it begins, from 1 on.
        package var line: Int
        /// Why it is none; nil where it is one.
        package var problem: String?
    }

    private let lines: NumberedLines
    private var separator: UInt8?

    package init(_ lines: NumberedLines) { self.lines = lines }

    /// The next record; nil at the end. Empty lines are passed over.
    package func next() -> Record? {
        var tape = ValueTape()
        guard let (line, problem) = next(onto: &tape) else { return nil }
        return Record(fields: tape.values.indices.map(tape.words), line: line, problem: problem)
    }

    /// Puts the fields of the next record on a tape, as texts; gives the line on which it begins, and why it is none.
    func next(onto tape: inout ValueTape) -> (line: Int, problem: String?)? {
        tape.octets.removeAll(keepingCapacity: true)
        var line = lines.next(behind: &tape.octets)
        while line != nil, tape.octets.isEmpty { line = lines.next(behind: &tape.octets) }
        guard let line else { return nil }
        let separator = separator ?? Self.separator(of: tape.octets)
        self.separator = separator
        return (line, read(&tape, separator))
    }

    private func read(_ tape: inout ValueTape, _ separator: UInt8) -> String? {
        guard tape.octets.octets.firstIndex(of: 0x22, from: 0) != nil else {
            tape.split(at: separator)
            return nil
        }
        tape.removeValues()
        var at = 0
        while true {
            var field = at..<at
            if at < tape.octets.count, tape.octets[at] == 0x22 {
                guard let end = readQuotes(&tape.octets, &at) else { return "a field in quotes does not end" }
                guard at == tape.octets.count || tape.octets[at] == separator else {
                    return "something stands behind the quotes of field \(tape.values.count + 1)"
                }
                field = field.lowerBound..<end
            } else {
                while at < tape.octets.count, tape.octets[at] != separator { at += 1 }
                field = field.lowerBound..<at
            }
            tape.add(text: field)
            guard at < tape.octets.count else { return nil }
            at += 1
        }
    }

    /// Puts what stands in quotes where the first of them is, and goes behind the last one; gives its end. Nil where there is
    /// no last one.
    private func readQuotes(_ octets: inout [UInt8], _ at: inout Int) -> Int? {
        var end = at
        at += 1
        while true {
            if at == octets.count {
                // An end of line in quotes is one of the field, as it is.
                guard octets.count < NumberedLines.longest else { return nil }
                if lines.endedInCR { octets.append(0x0D) }
                octets.append(0x0A)
                guard lines.next(behind: &octets) != nil else { return nil }
            }
            let octet = octets[at]
            at += 1
            if octet == 0x22 {
                guard at < octets.count, octets[at] == octet else { return end }
                at += 1
            }
            octets[end] = octet
            end += 1
        }
    }

    /// What stands most often in a line of names.
    private static func separator(of line: [UInt8]) -> UInt8 {
        let signs: [UInt8] = [0x2C, 0x09, 0x3B]
        let counts = signs.map { sign in line.count { $0 == sign } }
        return zip(signs, counts).max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil } ?? 0x2C
    }
}

/// The lines of a source with their numbers, from 1 on. A line that is too long comes in pieces of one number.
package final class NumberedLines {
    /// Octets that a line may have.
    package static let longest = 1 << 22
    private let lines: OctetLines
    private var number = 0
    private var wasCut = false
    private var waiting: (octets: [UInt8], number: Int)?
    /// Whether the line that was given last ended in CR and LF.
    var endedInCR: Bool { lines.endedInCR }

    package init(_ source: any OctetSource) { lines = OctetLines(source, longest: Self.longest) }

    /// Puts the next line behind what is there, and gives its number; nil at the end.
    func next(behind octets: inout [UInt8]) -> Int? {
        if let line = waiting {
            waiting = nil
            octets += line.octets
            return line.number
        }
        let start = octets.count
        guard lines.next(behind: &octets) else { return nil }
        if !wasCut { number += 1 }
        wasCut = octets.count - start == Self.longest
        return number
    }

    /// The next line that is not empty, which stays to be read; the mark in front of a file in UTF-8 is no part of it.
    func peek() -> (octets: [UInt8], number: Int)? {
        var octets: [UInt8] = []
        while let number = next(behind: &octets) {
            if number == 1, octets.starts(with: [0xEF, 0xBB, 0xBF]) { octets.removeFirst(3) }
            if octets.contains(where: { $0 > 0x20 || $0 < 0x09 }) {
                waiting = (octets, number)
                return waiting
            }
            octets.removeAll()
        }
        return nil
    }
}
