internal import Bytes
internal import CCSDS
internal import Capture
internal import Transport

/// Reading an archive of which members are passed.
extension Engine {
    /// Goes on in another member: behind members that were passed, nothing is continued, and everything stands where it
    /// stood in front of the member when the archive was written.
    func enter(_ place: MemberPlace, _ slice: ArchiveSlice, ledger: inout Ledger) {
        if place.jumps != self.place?.jumps ?? 0 {
            let first = self.place.map { $0.entry + 1 } ?? 0
            pass(first..<max(first, place.entry), slice, ledger: &ledger)
        }
        self.place = place
        guard slice.summaries.indices.contains(place.entry), let summary = slice.summaries[place.entry] else { return }
        for source in summary.sources {
            // A flow that is met for the first time begins here or was read from its beginning.
            guard transport.find(source.key) != nil || router.knows(source.key),
                let flow = transport.meet(source.key, layers: source.layers)
            else { continue }
            router.meet(transport)
            var channel = UInt32.max
            if let standing = source.channel {
                guard let index = router.frameDecoder(flow)?.resume(standing) else { continue }
                channel = UInt32(index)
            }
            for kind in source.kinds where !kind.isMessage {
                counts.resume(flow: flow, channel: channel, kind.standing)
            }
        }
    }

    /// Members were passed: what they have of flows is not there.
    private func pass(_ entries: Range<Int>, _ slice: ArchiveSlice, ledger: inout Ledger) {
        transport.pass(into: &ledger)
        for entry in entries where slice.summaries.indices.contains(entry) {
            for source in slice.summaries[entry]?.sources ?? [] {
                if let flow = transport.find(source.key) { router.pass(flow, source.channel, into: &ledger) }
            }
        }
    }
}
