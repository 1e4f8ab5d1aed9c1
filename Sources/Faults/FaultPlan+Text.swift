/// A plan from its text: `bit-error=1e-5,loss=1%,burst=20,duplicate=0.001,reorder=3:0.01,truncate=0.001,jitter=2ms`.
extension FaultPlan {
    /// What can be written in a plan.
    private enum Key: String, CaseIterable {
        case bitError = "bit-error"
        case loss, burst, duplicate, reorder, truncate, jitter

        /// How its value is written.
        var shape: String {
            switch self {
            case .bitError: "the probability a bit from 0 to 1, as in bit-error=1e-5"
            case .loss: "the probability a packet from 0 to 1, as in loss=0.01 or loss=1%"
            case .burst: "the mean length of runs of lost packets from 1 to 1000000, as in burst=20"
            case .duplicate: "the probability a packet from 0 to 1, as in duplicate=0.001"
            case .reorder:
                "by how many places a packet is put back at most, 1 to 1000, and the share of packets, as in reorder=3 "
                    + "or reorder=3:0.01"
            case .truncate: "the probability a packet from 0 to 1, as in truncate=0.001"
            case .jitter: "by how much packets are late at most, 1us to 60s, as in jitter=2ms"
            }
        }
    }

    /// The keys of a plan, for people.
    public static var keys: String {
        let names = Key.allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }

    /// Reads a plan.
    ///
    /// - Throws: what was found at which key, what is allowed, and the nearest key where there is no such one.
    public init(_ text: String) throws(Refusal) {
        self.init()
        var met: Set<String> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let item = item.trimmingBlanks
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmingBlanks)
            guard !item.isEmpty, let name = parts.first else {
                throw Refusal(
                    description: "'\(text)' has nothing between two commas or at an end: faults are \(Self.keys)")
            }
            guard let key = Key(rawValue: String(name)) else { throw Self.unknown(String(name), String(item)) }
            guard parts.count == 2, !parts[1].isEmpty else {
                throw Refusal(description: "'\(item)' has no value: \(key.rawValue) takes \(key.shape)")
            }
            guard met.insert(key.rawValue).inserted else {
                throw Refusal(
                    description: "\(key.rawValue) is told twice: leave '\(item)' out or what is in front of it")
            }
            try read(String(parts[1]), of: key, String(item))
        }
        try check()
    }

    private mutating func read(_ value: String, of key: Key, _ item: String) throws(Refusal) {
        switch key {
        case .bitError: bitError = try Self.share(value, key, item)
        case .loss: loss = try Self.share(value, key, item)
        case .duplicate: duplicate = try Self.share(value, key, item)
        case .truncate: truncate = try Self.share(value, key, item)
        case .burst:
            guard let length = Self.decimal(value), (1...Self.mostBurst).contains(length) else {
                throw Self.wrong(key, item)
            }
            burst = length
        case .reorder:
            let parts = value.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let places = Int(parts[0]), (1...Self.mostPlaces).contains(places) else {
                throw Self.wrong(key, item)
            }
            reorder = places
            if parts.count == 2 { reorderShare = try Self.share(String(parts[1]), key, item) }
        case .jitter: jitter = try Self.microseconds(value, key, item)
        }
    }

    private static func share(_ text: String, _ key: Key, _ item: String) throws(Refusal) -> Double {
        let isPercent = text.hasSuffix("%")
        let number = decimal(isPercent ? String(text.dropLast()) : text)
        guard let value = number.map({ isPercent ? $0 / 100 : $0 }), (0...1).contains(value) else {
            throw wrong(key, item)
        }
        return value
    }

    private static func microseconds(_ text: String, _ key: Key, _ item: String) throws(Refusal) -> Int64 {
        let units: [(name: String, factor: Double)] = [("us", 1), ("ms", 1e3), ("s", 1e6)]
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else {
            let advice = decimal(text) == nil ? "" : ": write \(key.rawValue)=\(text)us, \(text)ms or \(text)s"
            throw Refusal(
                description: "'\(item)' has no unit of time that is known\(advice); \(key.rawValue) takes \(key.shape)")
        }
        guard let number = decimal(String(text.dropLast(unit.name.utf8.count))), number >= 0,
            number * unit.factor <= Double(mostJitter)
        else { throw wrong(key, item) }
        let value = (number * unit.factor).rounded()
        if value == 0, number > 0 { throw wrong(key, item) }
        return Int64(value)
    }

    /// A number as people write one: no hexadecimal digits, and nothing that is none.
    private static func decimal(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func wrong(_ key: Key, _ item: String) -> Refusal {
        Refusal(description: "'\(item)' cannot be: \(key.rawValue) takes \(key.shape)")
    }

    private static func unknown(_ name: String, _ item: String) -> Refusal {
        let near = Key.allCases.map { ($0, distance(Array(name.lowercased().utf8), Array($0.rawValue.utf8))) }
            .min { $0.1 < $1.1 }
        let advice = near.map { $0.1 <= 3 ? ", and near it is '\($0.0.rawValue)'" : "" } ?? ""
        return Refusal(description: "'\(item)': there is no fault '\(name)'\(advice); faults are \(keys)")
    }

    /// How many letters have to be put in, left out or changed (Levenshtein).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        // What is much longer than any key is near none.
        guard a.count <= 32 else { return .max }
        var row = Array(0...b.count)
        for (index, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in b.indices {
                let changed = diagonal + (letter == b[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}

extension StringProtocol {
    /// Without blanks at its ends.
    fileprivate var trimmingBlanks: SubSequence {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
