public import Foundation

/// A table of tab-separated values: the first line names the columns (behind a #, or plain), further lines with # are
/// remarks.
public struct Table: Sendable {
    /// The rows, a value a column.
    public let rows: [[String: String]]

    /// Reads a table from a file.
    public init(_ url: URL) throws {
        var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        if let first = lines.first, first.hasPrefix("# ") { lines.removeAll { $0.hasPrefix("#") } }
        let head = lines.removeFirst()
        let names = (head.hasPrefix("#") ? String(head.dropFirst()) : head).components(separatedBy: "\t")
        rows = lines.filter { !$0.hasPrefix("#") }.map { line in
            let values = line.components(separatedBy: "\t")
            return Dictionary(uniqueKeysWithValues: zip(names, values))
        }
    }
}

/// The octets that hexadecimal digits stand for; "-" and "none" are none at all. Traps on anything else: test data is
/// right.
public func octets(_ hex: String) -> [UInt8] {
    if hex == "-" || hex == "none" { return [] }
    let digits = hex.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    precondition(digits.count % 2 == 0, "odd number of digits")
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// A generator whose numbers are the same for the same seed, so that a failing random test can be run again.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator from a seed, which the test prints.
    public init(seed: UInt64) { state = seed }

    /// The next number (splitmix64).
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
