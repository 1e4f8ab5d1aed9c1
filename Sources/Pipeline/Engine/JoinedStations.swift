internal import Bytes
internal import CCSDS
internal import Capture
internal import Transport

/// Flows of a merged capture that are one link heard by several stations: their payloads are taken as those of one flow, so
/// that a packet goes on in the frame that only another station received.
struct JoinedStations {
    /// Which link a flow belongs to.
    private let links: [FlowKey: Int]
    /// The flow of each link that came first.
    private var first: [Int: UInt32] = [:]
    /// The flow that each is taken for.
    private var table: [UInt32] = []

    /// - Parameter links: the flows of each link.
    init(_ links: [FlowKey: Int]) { self.links = links }

    /// Gives payloads the flow that they are taken for.
    mutating func join(_ payloads: inout Batch<Payload>, _ transport: Transport) {
        guard !links.isEmpty else { return }
        for key in transport.keys(from: table.count) {
            let flow = UInt32(table.count)
            guard let link = links[key] else {
                table.append(flow)
                continue
            }
            first[link] = first[link] ?? flow
            table.append(first[link] ?? flow)
        }
        for index in 0..<payloads.count { payloads[index].flow = table[Int(payloads[index].flow)] }
    }

    /// Finds the flows of each link, by what was found out of all of them: those on several interfaces that carry frames of
    /// the same spacecraft, or have the same addresses and ports as one that does. A station may have heard too little to
    /// be sure, so what is surest of one flow holds for all of its link.
    static func links(_ verdicts: inout [FlowKey: Verdict]) -> [FlowKey: Int] {
        var links: [(layout: FrameLayout, verdict: Verdict, keys: Set<FlowKey>)] = []
        for (key, verdict) in verdicts where !key.isStream && verdict.isSure {
            guard case .frames(let layout) = verdict.carrying else { continue }
            if let place = links.firstIndex(where: { $0.layout.isLike(layout) }) {
                links[place].keys.insert(key)
                guard verdict.confidence > links[place].verdict.confidence else { continue }
                (links[place].layout, links[place].verdict) = (layout, verdict)
            } else {
                links.append((layout, verdict, [key]))
            }
        }
        var found: [FlowKey: Int] = [:]
        for (number, link) in links.enumerated() {
            let ends = Set(link.keys.map(\.ends))
            let all = verdicts.keys.filter { key in
                link.keys.contains(key) || verdicts[key]?.isSure == false && ends.contains(key.ends)
            }
            guard Set(all.map(\.interface)).count > 1 else { continue }
            for key in all {
                found[key] = number
                verdicts[key] = link.verdict
            }
        }
        return found
    }

    /// How a merged capture says of itself that it is one, in the comment of its section.
    static let mark = "merged: "
}

extension FrameLayout {
    /// Whether frames may be of one link: a station that heard few of them knows less of what is in them.
    fileprivate func isLike(_ other: FrameLayout) -> Bool {
        kind == other.kind && length == other.length && marker == other.marker && spacecraft == other.spacecraft
    }
}

extension PacketSource {
    /// Whether it was put together from what several stations heard, without copies.
    var isMerged: Bool {
        guard let reader = self as? CaptureReader else { return false }
        let own = reader.remarks.filter { $0.offset == 0 && $0.packet == 0 }
        return own.contains { $0.kind == .comment && $0.text.hasPrefix(JoinedStations.mark) }
            && own.contains { $0.kind == .application && $0.text.hasPrefix("starlane") }
    }
}
