/// Which station listens to a satellite when: as long as any sees it one listens, and hands over when it loses sight.
public struct ContactPlan: Sendable {
    /// A time in which one station listens.
    public struct Contact: Sendable, Equatable {
        /// The station's place in the list.
        public let station: Int
        /// From when until when, in nanoseconds since 1970-01-01.
        public let from, until: Int64
        /// Whether another station goes on where it ends.
        public fileprivate(set) var handsOver: Bool
    }

    /// The contacts, in order; none of them overlap.
    public private(set) var contacts: [Contact] = []

    /// How long nobody hears it between one contact and the next, in nanoseconds, where that is at all.
    public var gaps: [(from: Int64, until: Int64)] {
        zip(contacts, contacts.dropFirst()).filter { $0.until < $1.from }.map { ($0.until, $1.from) }
    }

    /// A plan by the passes over each station, in order. The first to see the satellite listens, and who sees it longest
    /// takes over from it.
    public init(_ passes: [[Pass]]) {
        let all = passes.enumerated().flatMap { station, passes in passes.map { (station: station, pass: $0) } }
            .sorted { ($0.pass.rise.time, -$0.pass.set.time) < ($1.pass.rise.time, -$1.pass.set.time) }
        var now = Int64.min
        while true {
            // Who sees it now and longest, else who is next to see it.
            let seeing = all.filter { $0.pass.rise.time <= now && $0.pass.set.time > now }
            guard
                let next = seeing.max(by: { $0.pass.set.time < $1.pass.set.time })
                    ?? all.first(where: { $0.pass.rise.time > now })
            else { return }
            let from = max(now, next.pass.rise.time)
            if let last = contacts.indices.last, contacts[last].until == from { contacts[last].handsOver = true }
            contacts.append(
                Contact(station: next.station, from: from, until: next.pass.set.time, handsOver: false))
            now = next.pass.set.time
        }
    }
}
