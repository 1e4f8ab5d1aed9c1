import BeiDou
import Bytes
import CCSDS
import Pipeline

/// The tables of an inspection: virtual channels, APIDs, the ledger.
extension InspectText {
    func channels() -> [String] {
        guard !report.channels.isEmpty else { return [] }
        let head =
            "VIRTUAL CHANNELS".left(22) + "frames".right(10) + "idle".right(10) + "gaps".right(8)
            + "missing".right(10) + "late".right(8) + "repeated".right(10)
        var lines = ["", style.bold(head)]
        for row in report.channels.prefix(limit(8)) {
            let channel = row.channel
            var line = "  " + "\(channel.spacecraft)/\(channel.vcid)".left(20)
            line += channel.frames.grouped.right(10) + channel.idleFrames.grouped.right(10)
            line += loss(channel.gaps, 8) + loss(channel.missing, 10) + loss(channel.late, 8)
            line += loss(channel.repeated, 10)
            lines.append(line)
        }
        if report.channels.count > limit(8) { lines.append(more(report.channels.count - 8, "channel")) }
        return lines
    }

    /// A count that is better 0.
    private func loss(_ number: Int, _ width: Int) -> String {
        let text = number.grouped.right(width)
        return number == 0 ? style.dim(text) : style.doubtful(text)
    }

    func apids() -> [String] {
        let rows = report.apids.filter { !$0.isIdle }
        guard !rows.isEmpty else { return [] }
        let room = isNarrow ? 16 : 20
        var head = "APIDS".left(room + 2) + "packets".right(10)
        if report.choice != nil { head += "chosen".right(10) }
        if !isNarrow { head += "octets".right(12) }
        head += "rate/s".right(9) + "gaps".right(7) + "missing".right(9)
        if rows.contains(where: { !$0.types.isEmpty }) { head += "  type" }
        var lines = ["", style.bold(head)]
        var shown = rows
        if rows.count > limit(10) {
            shown = Array(rows.sorted { $0.count.packets > $1.count.packets }.prefix(8)).sorted { $0.place < $1.place }
        }
        for row in shown { lines.append(line(row, room: room, rest: width - head.count + 4)) }
        if shown.count < rows.count { lines.append(more(rows.count - shown.count, "APID")) }
        return lines
    }

    private func line(_ row: InspectReport.APIDRow, room: Int, rest: Int) -> String {
        var line = "  " + row.name.left(room) + row.count.packets.grouped.right(10)
        if let chosen = row.chosen { line += style.name(chosen.grouped.right(10)) }
        if !isNarrow { line += row.count.bytes.grouped.right(12) }
        line += (row.rate.map(Self.rate) ?? "–").right(9)
        switch row.count.counter {
        case .still: line += style.dim("count stays".right(16))
        case .jumps: line += style.dim("count is shared".right(16))
        default: line += loss(row.count.gaps, 7) + loss(row.count.missing, 9)
        }
        guard let type = row.types.first else { return line }
        let others = row.types.count > 1 ? " +\(row.types.count - 1)" : ""
        let short = type.split(separator: ".").last.map(String.init) ?? type
        let name = type.count + others.count <= rest ? type : short.cut(max(8, rest - others.count))
        return line + "  " + style.name(name) + style.dim(others)
    }

    /// Packets in a second, with two decimals.
    private static func rate(_ value: Double) -> String {
        if value >= 1000 { return Int(value + 0.5).grouped }
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The kinds of messages, those of one name in all flows together.
    func messages() -> [String] {
        guard !report.messages.isEmpty else { return [] }
        var rows: [InspectReport.MessageRow] = []
        var sums: [(messages: Int, chosen: Int, bytes: Int)] = []
        for row in report.messages {
            if let index = rows.firstIndex(where: {
                $0.type.name == row.type.name && $0.type.dialect == row.type.dialect
            }) {
                sums[index].messages += row.count.messages
                sums[index].chosen += row.chosen ?? 0
                sums[index].bytes += row.count.bytes
            } else {
                rows.append(row)
                sums.append((row.count.messages, row.chosen ?? 0, row.count.bytes))
            }
        }
        let order = rows.indices.sorted { sums[$0].messages > sums[$1].messages }
        var head = "MESSAGES".left(12) + "count".right(10)
        if report.choice != nil { head += "chosen".right(10) }
        head += "octets".right(12) + "  " + "dialect".left(20) + "what it is"
        var lines = ["", style.bold(head)]
        for index in order.prefix(limit(10)) {
            let type = rows[index].type
            var line = "  " + type.name.left(10) + sums[index].messages.grouped.right(10)
            if report.choice != nil { line += style.name(sums[index].chosen.grouped.right(10)) }
            line += sums[index].bytes.grouped.right(12) + "  " + type.dialect.title.left(20)
            lines.append(line + style.name(type.title.cut(max(12, width - head.count + 10))))
        }
        if order.count > limit(10) { lines.append(more(order.count - 10, "kind")) }
        return lines
    }

    /// Packets that were half received; only where everything is shown.
    func dropped() -> [String] {
        guard all, !report.dropped.isEmpty else { return [] }
        let head =
            "HALF RECEIVED".left(22) + "octets".right(10) + "of".right(10) + "packet".right(12) + "at octet".right(16)
        return ["", style.bold(head)]
            + report.dropped.map { row in
                let expected = row.packet.expected > 0 ? row.packet.expected.grouped : "–"
                let number = row.packet.packet > 0 ? row.packet.packet.grouped : "–"
                return "  " + "\(row.spacecraft)/\(row.vcid)".left(20) + row.packet.octets.grouped.right(10)
                    + expected.right(10) + number.right(12) + row.packet.offset.grouped.right(16)
            }
    }

    func ledger() -> [String] {
        let ledger = report.ledger
        var lines = ["", style.bold("LEDGER".left(12) + ledger.bytes.grouped.right(14) + " octets")]
        func row(_ name: String, _ bytes: Int, _ words: String? = nil, _ paint: (String) -> String = { $0 }) {
            guard bytes > 0 || words != nil else { return }
            let share = ledger.bytes == 0 ? 0 : Double(bytes) / Double(ledger.bytes)
            let bar = style.dim(String(repeating: "█", count: Int((share * 20).rounded())))
            let indent = String(repeating: " ", count: 37)
            let text = "  " + name.left(10) + bytes.grouped.right(14) + Self.percent(share).right(9) + "  "
            lines.append(text + (words.map { paint($0.wrapped(width - 1, indent: indent)) } ?? bar))
        }
        row("decoded", ledger.decoded)
        row("overhead", ledger.overhead)
        row("idle", ledger.idle)
        if ledger.unclaimedBytes > 0 {
            let largest = ledger.unclaimed.sorted { $0.bytes > $1.bytes }
            let names = largest.prefix(4).map { "\($0.name) \($0.bytes.grouped)" }.joined(separator: ", ")
            row("unclaimed", ledger.unclaimedBytes, names + (largest.count > 4 ? " …" : ""))
        }
        for reject in ledger.rejections.prefix(limit(5)) { row("rejected", reject.bytes, reject.words, style.bad) }
        if ledger.rejections.count > limit(5) { lines.append(more(ledger.rejections.count - 5, "reason")) }
        row("pending", ledger.pending, ledger.pending > 0 ? "incomplete at the end" : nil)
        lines.append(
            ledger.isBalanced
                ? "  " + style.good("balanced: every octet is accounted for")
                : "  " + style.bad("does not balance: please report this"))
        return lines
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

extension Ledger.Rejection {
    /// One line for people, without the octets.
    var words: String {
        let times = count == 1 ? "once" : "\(count.grouped) times"
        let place = firstPacket > 0 ? "packet \(firstPacket.grouped), octet" : "octet"
        return "\(stage.rawValue): \(reason), \(times)\(count == 1 ? "" : ", first") at \(place) \(firstOffset.grouped)"
    }
}

extension InspectReport.APIDRow {
    /// Spacecraft, channel and APID, as far as there are: `341/0/100`.
    var name: String {
        let front = [spacecraft, vcid].compactMap { $0.map(String.init) }.map { $0 + "/" }.joined()
        switch count.kind {
        case .telemetry: return front + String(count.apid)
        case .telecommand: return front + "\(count.apid) command"
        case .encapsulation: return front + "encapsulated \(count.apid)"
        }
    }

    fileprivate var place: (Int, Int, Int) { (spacecraft ?? -1, vcid ?? -1, Int(count.apid)) }
}
