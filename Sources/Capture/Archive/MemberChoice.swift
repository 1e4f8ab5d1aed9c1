/// Which members of an archive are read; the others are passed without being unpacked.
public struct MemberChoice: Sendable {
    private let wanted: [Bool]?
    private let times: ClosedRange<Int64>?

    /// All of them.
    public static let all = MemberChoice(wanted: nil, times: nil)

    /// Those for which it says so, by their places in the index. Members that came behind them since are read, too.
    ///
    /// The reader tells of each packet in which member it is.
    public init(_ wanted: [Bool]) { self.init(wanted: wanted, times: nil) }

    /// Those that have packets of a time, in nanoseconds since 1970, and those that begin a section.
    public init(from: Int64?, until: Int64?) {
        let last = until.map { $0 == .min ? .min : $0 - 1 } ?? .max
        self.init(wanted: nil, times: min(from ?? .min, last)...last)
    }

    private init(wanted: [Bool]?, times: ClosedRange<Int64>?) { (self.wanted, self.times) = (wanted, times) }

    /// Whether the reader is to be told where each member begins.
    var marksMembers: Bool { wanted != nil }

    /// How much of a member is read.
    enum Share { case nothing, whatTellsTheSection, everything }

    func share(_ place: Int, _ member: ArchiveMember) -> Share {
        if let wanted { return !wanted.indices.contains(place) || wanted[place] ? .everything : .nothing }
        guard let times else { return .everything }
        if member.latest >= times.lowerBound, member.earliest <= times.upperBound { return .everything }
        return member.section == nil ? .whatTellsTheSection : .nothing
    }
}
