internal import BeiDou
internal import Bytes
internal import Records
internal import Transport

/// What speaks for a flow's being messages of terminals: names that are known, checksums that agree, and how much of the
/// flow they explain.
struct MessageEvidence {
    /// Good messages of each dialect, the most frequent first.
    private(set) var dialects: [(dialect: Dialect, messages: Int)] = []
    /// Octets that good messages and the line ends between them take up.
    private(set) var explained = 0
    /// Octets looked at.
    private(set) var octets = 0
    /// Messages whose checksum is wrong.
    private(set) var wrong = 0
    /// Good sentences with names that nobody knows.
    private(set) var unknown = 0

    /// Octets of a sample that are looked at.
    private static let most = 1 << 18

    /// Looks for messages in a sample.
    init(_ sample: Sample) {
        // Most flows carry none: their octets are looked through before anything is made for the others.
        guard MessageScanner.holdsMessage(sample.allBytes) else { return }
        var payloads = Batch<Payload>(capacity: 64)
        sample.release(into: &payloads)
        let scanner = MessageScanner(isLog: sample.isFile)
        var units = Batch<Unit>()
        var ledger = Ledger()
        var index = 0
        while index < payloads.count, octets < Self.most {
            octets += payloads[index].extent.count
            scanner.process(payloads, at: index..<index + 1, into: &units, ledger: &ledger)
            index += 1
        }
        if index == payloads.count { scanner.finish(into: &units, ledger: &ledger) }
        var counts: [Dialect: Int] = [:]
        for count in scanner.counts {
            let type = MessageTypes.all[count.type]
            if type.isKnown { counts[type.dialect, default: 0] += count.messages } else { unknown += count.messages }
        }
        dialects = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map {
            ($0.key, $0.value)
        }
        explained = ledger.decoded + ledger.overhead
        wrong = ledger.rejections.filter { $0.reason != "octets that are no message" }.reduce(0) { $0 + $1.count }
    }

    /// What the flow carries by these signs.
    var verdict: Verdict {
        let good = dialects.reduce(0) { $0 + $1.messages }
        guard good + unknown > 0 else { return .unknown(["no message with a known name and a right checksum"]) }
        var weighing = Weighing()
        for (dialect, messages) in dialects {
            let all = good + wrong
            weighing.agree(
                messages > 1 ? Weighing.strong : 0.8,
                "\(dialect.title): \(messages) of \(all) messages with a known name and a right checksum")
        }
        if unknown > 0 {
            weighing.agree(
                unknown > 3 ? Weighing.medium : Weighing.weak,
                "\(unknown) other sentences with a right checksum")
        }
        let share = Double(explained) / Double(max(1, octets))
        // A document that quotes a few sentences is no log; one with many of them is, whatever else stands in it.
        if share < 0.25, good + unknown < 20 || wrong > 0 {
            weighing.disagree(share < 0.05 ? 0.8 : 0.3, "they are \(Int(share * 100)) % of the octets")
        }
        if wrong > good + unknown { weighing.disagree(Weighing.medium, "\(wrong) checksums are wrong") }
        return Verdict(
            carrying: .messages(dialects.map(\.dialect)), confidence: weighing.confidence, agreeing: weighing.agreeing,
            disagreeing: weighing.disagreeing)
    }
}
