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
        var line = lines.next()
        while let (octets, _) = line, octets.isEmpty { line = lines.next() }
        guard let (octets, number) = line else { return nil }
        if separator == nil { separator = Self.separator(of: octets) }
        return record(octets, number, separator ?? 0x2C)
    }

    private func record(_ first: [UInt8], _ number: Int, _ separator: UInt8) -> Record {
        var record = Record(line: number)
        var octets = first
        var total = first.count
        var field: [UInt8] = []
        var at = 0
        /// Whether a quote was opened, and whether one was closed.
        var (isQuoted, isClosed) = (false, false)
        while true {
            if at == octets.count {
                guard isQuoted else { break }
                guard total < NumberedLines.longest, let (more, _) = lines.next() else {
                    record.problem = "a field in quotes does not end"
                    return record
                }
                field.append(0x0A)
                (octets, at) = (more, 0)
                total += more.count + 1
                continue
            }
            let octet = octets[at]
            at += 1
            if isQuoted {
                if octet != 0x22 {
                    field.append(octet)
                } else if at < octets.count, octets[at] == 0x22 {
                    field.append(octet)
                    at += 1
                } else {
                    (isQuoted, isClosed) = (false, true)
                }
            } else if octet == separator {
                record.fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
                isClosed = false
            } else if isClosed {
                record.problem = "something stands behind the quotes of field \(record.fields.count + 1)"
                return record
            } else if octet == 0x22, field.isEmpty {
                isQuoted = true
            } else {
                field.append(octet)
            }
        }
        record.fields.append(String(decoding: field, as: UTF8.self))
        return record
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

    package init(_ source: any OctetSource) { lines = OctetLines(source, longest: Self.longest) }

    package func next() -> (octets: [UInt8], number: Int)? {
        if let line = waiting {
            waiting = nil
            return line
        }
        guard let octets = lines.next() else { return nil }
        if !wasCut { number += 1 }
        wasCut = octets.count == Self.longest
        return (octets, number)
    }

    /// The next line that is not empty, which stays to be read.
    func peek() -> (octets: [UInt8], number: Int)? {
        while let line = next() {
            guard line.octets.contains(where: { $0 > 0x20 }) else { continue }
            waiting = line
            return line
        }
        return nil
    }
}
