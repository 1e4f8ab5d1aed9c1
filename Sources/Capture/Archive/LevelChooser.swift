internal import Bytes

/// Chooses how hard to compress: the fastest level that costs hardly more octets than the usual one.
///
/// What a longer search wins depends on what is searched. Readings that repeat shrink by a tenth more; pictures and what is
/// ciphered do not shrink by any, and are done in half the time. So a piece is tried now and then.
struct LevelChooser {
    /// Faster levels, the fastest first: one of each way that libdeflate searches.
    private static let faster = [1, 4]
    /// A faster level may cost one octet in so many.
    private static let share = 250
    /// Octets that are tried, at the least and at the most.
    private static let least = 32 << 10, most = 64 << 10
    /// Behind so many octets the choice is made again.
    private static let interval: UInt64 = 8 << 20

    /// The level to use: the usual one until a piece was tried.
    private(set) var level = ArchiveWriter.usualLevel
    private var next: UInt64 = 0
    private let trials = ([ArchiveWriter.usualLevel] + Self.faster).map { (Deflater(level: $0), ByteBuffer()) }

    /// Tries the levels on a member that begins at an offset, if it is time to.
    mutating func look(_ member: RawSpan, at offset: UInt64, _ crew: Crew) {
        guard offset >= next, member.byteCount >= Self.least else { return }
        next = offset + Self.interval
        let trials = trials
        crew.run(trials.count) { number in
            let (deflater, packed) = trials[number]
            packed.removeAll()
            _ = deflater.compress(member.extracting(first: Self.most), into: packed)
        }
        let most = trials[0].1.count + trials[0].1.count / Self.share
        let good = Self.faster.indices.first { trials[$0 + 1].1.count <= most }
        level = good.map { Self.faster[$0] } ?? ArchiveWriter.usualLevel
    }
}
