internal import Bytes

/// What a scoring comes to.
extension Scoring {
    /// Counts what became of the packets of the truth.
    func count() {
        let packets = truth.packets
        var places: [UInt64: Int] = [:]
        for var packet in packets.all {
            if packet.isWrong, packet.state == .lost, truth.hidesDamage(packet) { packet.isWrong = false }
            let place = places[packet.group] ?? report.groups.count
            if place == report.groups.count {
                places[packet.group] = place
                report.groups.append(
                    ScoreReport.Group(
                        spacecraft: packets.spacecraft[packet.spacecraft].name, apid: packet.apid,
                        types: packets.types[packet.group] ?? [], repeated: repeatedByGroup[packet.group] ?? 0))
            }
            let isExplained = packet.state == .lost && truth.isExplained(packet)
            report.packets.add(packet, isExplained)
            report.groups[place].packets.add(packet, isExplained)
            if packet.state == .receivable, packet.found == 0, report.missed.count < options.shown {
                let line = truth.text.number(ofLineAt: Int(packet.offset))
                var example = example(packet, truth.text.name, line)
                let names = packets.spacecraft[packet.spacecraft].interfaces.enumerated().filter {
                    packet.heard & 1 << UInt32(min($0.offset, 31)) != 0
                }
                if !names.isEmpty { example.words = "heard by " + names.map(\.element).joined(separator: ", ") }
                report.missed.append(example)
            }
        }
    }

    /// Holds the faults against a ledger.
    func hold(_ ledger: LedgerFile) {
        let tally = truth.faults.counts()
        // What counts can tell is known of frames of a simulation alone.
        let isExact = tally.knowsArrivals && ledger.channels?.areFrames ?? true
        let areFrames = ledger.channels?.areFrames ?? true
        func row(_ kind: ScoreReport.FaultRow.Kind, _ injected: Int, _ visible: Int, _ found: Int?) {
            report.faults.append(
                ScoreReport.FaultRow(
                    kind: kind, injected: injected, visible: isExact || tally.overlooked > 0 ? visible : nil,
                    found: found))
        }
        row(
            .broken, tally.broken, tally.visibleBroken,
            areFrames ? ledger.rejectedFrames : ledger.rejectedFrames + ledger.rejectedPackets)
        row(.missing, tally.missing, tally.visibleMissing, ledger.channels?.missing)
        row(.repeated, tally.doubled, tally.visibleDoubled, ledger.channels?.repeated)
        if tally.moved > 0 || tally.late > 0 || ledger.channels?.late ?? 0 > 0 {
            report.faults.append(
                ScoreReport.FaultRow(
                    kind: .late, injected: tally.moved, visible: isExact ? tally.late : nil,
                    found: ledger.channels?.late))
        }
        if isExact {
            report.unseen = ScoreReport.Unseen(
                outside: tally.outside, hidden: tally.hidden, passed: tally.passed)
        }
        report.overlooked = tally.overlookedFrames
        report.rejections = ledger.rejections
        report.isBalanced = ledger.isBalanced
    }

    /// Says what is not good enough.
    func judgeAll() {
        let limits = options.limits
        var objections: [String] = []
        if report.result != nil {
            let (packets, rows) = (report.packets, report.rows)
            if packets.share < limits.leastFound {
                objections.append(
                    "found \(ScoreReport.percentage(packets.share)) of what could be received, at least "
                        + "\(ScoreReport.percentage(limits.leastFound)) are asked for")
            }
            if let least = limits.leastCompared, rows.share < least {
                objections.append(
                    "compared \(ScoreReport.percentage(rows.share)) of the values that the truth has of found packets, at least "
                        + "\(ScoreReport.percentage(least)) are asked for")
            }
            for (count, most, thing, more) in [
                (packets.wrong, Optional(limits.mostWrong), "packet", " with wrong values"),
                (rows.invented, limits.mostInvented, "row", " invented"),
                (rows.repeated, limits.mostRepeated, "row", " too many of packets that are there"),
            ] {
                guard let most, count > most else { continue }
                objections.append("\(count) \(thing)\(count == 1 ? "" : "s")\(more), at most \(most) may be")
            }
        }
        let rejected = report.rows.rejected
        if rejected > 0 { objections.append("\(rejected) line\(rejected == 1 ? "" : "s") could not be read") }
        if !report.isBalanced { objections.append("the ledger does not balance") }
        if let most = limits.mostDifference {
            for row in report.faults
            where (row.kind != .late || row.visible != nil) && row.difference?.magnitude ?? 0 > most {
                objections.append(
                    "faults and ledger differ by \(row.difference ?? 0) (\(row.kind.rawValue)), at most \(most) may be")
            }
        }
        report.objections = objections
    }
}

extension ScoreReport.Packets {
    /// Counts a packet.
    fileprivate mutating func add(_ packet: ExpectedPackets.Packet, _ isExplained: Bool) {
        made += 1
        let isFound = packet.found > 0
        switch packet.state {
        case .neverSent: neverSent += 1
        case .lost:
            lost += 1
            if isExplained { explained += 1 }
            if isFound { salvaged += 1 }
        case .receivable:
            receivable += 1
            if isFound { found += 1 } else { missed += 1 }
        }
        if packet.isWrong { wrong += 1 }
    }
}

extension JSONText {
    /// The value for people, cut to a line; what commands a terminal is a point.
    var words: String {
        let text: String =
            switch self {
            case .null: "nothing"
            case .boolean(let isTrue): "\(isTrue)"
            case .number(let digits): digits
            case .text(let text): text
            case .list(let list): "[" + list.prefix(16).map(\.words).joined(separator: ", ") + "]"
            case .object: "an object"
            }
        return MessageInput.words(Array(text.prefix(80).utf8))
    }
}
