internal import Bytes

/// A text of which parts have come: what a ``SegmentAssembler`` keeps of it.
struct SegmentText {
    let sender: UInt64
    let id: SegmentID
    let total: Int
    /// The octets of the check, as odd and even parts told them.
    var oddCheck: UInt8?
    var evenCheck: UInt8?
    /// For each part what came of it: nothing, its octets, or two forms that differ.
    var parts: [[[UInt8]]]
    /// Parts that came again after the check had failed.
    var repeated: Set<Int> = []
    /// Whether all parts came and do not make up the check.
    var isDoubtful = false
    /// When its last new part came.
    var lastNews: Int64
    /// When the next request is due.
    var nextRequest: Int64
    /// Requests that were made since its last new part.
    var requests = 0
    /// An older text of this sender and id that this one may have taken the place of: it makes no requests before it
    /// has a second part.
    var isNewcomer: Bool

    init(sender: UInt64, id: SegmentID, total: Int, now: Int64, isNewcomer: Bool) {
        self.sender = sender
        self.id = id
        self.total = total
        parts = Array(repeating: [], count: total)
        lastNews = now
        nextRequest = now
        self.isNewcomer = isNewcomer
    }

    /// Parts that are there.
    var count: Int { parts.count { !$0.isEmpty } }

    /// Octets that are kept.
    var size: Int { parts.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } } }

    /// The whole check, once parts of both kinds are there.
    var check: UInt16? {
        guard let oddCheck, let evenCheck else { return nil }
        return UInt16(oddCheck) << 8 | UInt16(evenCheck)
    }

    /// What the half of the check says that a part carries; nil when no such part has come.
    func knownHalf(_ index: Int) -> UInt8? { index.isMultiple(of: 2) ? evenCheck : oddCheck }

    /// Whether a part can be of this text.
    func agrees(index: Int, total: Int, check: UInt8) -> Bool {
        total == self.total && knownHalf(index) ?? check == check
    }

    mutating func learn(_ check: UInt8, from index: Int) {
        if index.isMultiple(of: 2) { evenCheck = check } else { oddCheck = check }
    }

    /// The parts to be asked for: those that have not come; all that have not come again, when the check failed.
    var missing: [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for index in 1...total where isDoubtful ? !repeated.contains(index) : parts[index - 1].isEmpty {
            if let last = ranges.last, last.upperBound == index - 1 {
                ranges[ranges.count - 1] = last.lowerBound...index
            } else {
                ranges.append(index...index)
            }
        }
        return ranges
    }

    /// The most ways that parts with two forms are put together in.
    private static let mostWays = 64

    /// The octets that make up the check; nil when none do.
    func whole() -> [UInt8]? {
        guard let check, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let twofold = parts.indices.filter { parts[$0].count > 1 }
        for way in 0..<(twofold.count > 6 ? Self.mostWays : 1 << twofold.count) {
            var octets: [UInt8] = []
            for (place, forms) in parts.enumerated() {
                let bit = twofold.firstIndex(of: place)
                let form = bit.map { $0 < 6 ? way >> $0 & 1 : 0 } ?? 0
                octets += forms[form]
            }
            if CRC16.of(octets.octets) == check { return octets }
        }
        return nil
    }
}
