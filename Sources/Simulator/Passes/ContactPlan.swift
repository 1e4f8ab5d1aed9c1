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

    /// The time that is planned, in nanoseconds since 1970-01-01.
    public let from, until: Int64

    /// When nobody hears it, in nanoseconds since 1970-01-01.
    public var gaps: [(from: Int64, until: Int64)] {
        let ends = [from] + contacts.map(\.until)
        let begins = contacts.map(\.from) + [until]
        return zip(ends, begins).filter { $0 < $1 }.map { ($0, $1) }
    }

    /// A plan of a time by the passes over each station, in order, which are cut to it. The first to see the satellite listens, and
    /// who sees it longest takes over from it.
    public init(_ passes: [[Pass]], from: Int64, until: Int64) {
        (self.from, self.until) = (from, until)
        let all = passes.enumerated().flatMap { station, passes in passes.map { (station: station, pass: $0) } }
            .sorted { ($0.pass.rise.time, -$0.pass.set.time) < ($1.pass.rise.time, -$1.pass.set.time) }
        var now = from
        while now < until {
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
        contacts = contacts.filter { $0.from < until }.map {
            Contact(
                station: $0.station, from: $0.from, until: min($0.until, until),
                handsOver: $0.handsOver && $0.until < until)
        }
    }
}
