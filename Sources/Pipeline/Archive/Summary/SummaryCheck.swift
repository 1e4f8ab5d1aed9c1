internal import Bytes
public import Capture

/// Holds what the members of an archive say of their packets against the packets: a part of what `archive verify` does.
public enum SummaryCheck {
    /// Reads an archive whose members are whole, until `progress` says false.
    ///
    /// - Returns: the members whose summary is another than their packets', by their places in the index; and how many tell
    ///   nothing that is known here.
    public static func run(
        _ path: String, _ index: ArchiveIndex, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CaptureError) -> (wrong: [Int], untold: Int) {
        guard index.joints.isEmpty else { return ([], index.entries.count) }
        let told = index.entries.map { MemberSummary($0.member.summary) != nil }
        let untold = told.count { !$0 }
        guard untold < told.count else { return ([], untold) }
        let reader = try CaptureReader.open(path, MemberChoice(told.map { _ in true }))
        let summariser = Summariser(firstInterface: 0)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        var wrong: [Int] = []
        var place = 0
        func end(before next: Int) {
            while place < next {
                let octets = summariser.summary()?.octets ?? []
                if told[place], octets != index.entries[place].member.summary { wrong.append(place) }
                place += 1
            }
        }
        while progress(ReadProgress(reader)), reader.next(into: &batch, ledger: &ledger) {
            end(before: min(reader.member?.entry ?? place, told.count))
            summariser.look(batch, interfaces: reader.interfaces)
        }
        if !Interruption.isAsked { end(before: told.count) }
        return (wrong, untold)
    }
}
