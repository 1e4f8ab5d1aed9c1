internal import Synchronization

/// The steps of a resonance's integration that were done, so that each is done once, however many times are asked for (DSPACE keeps the
/// last one, and is right as long as times go on).
final class ResonanceSteps: Sendable {
    /// The resonance's angle and motion.
    struct Point: Sendable {
        let xli, xni: Double
    }

    private let points = Mutex<(behind: [Point], before: [Point])>(([], []))

    /// The point behind so many steps.
    ///
    /// - Parameters:
    ///   - isBehind: whether steps go on from the epoch, and not back.
    ///   - first: the point at the epoch.
    ///   - next: what comes behind a point, which is told with its number.
    func point(_ number: Int, isBehind: Bool, from first: Point, _ next: (Point, Int) -> Point) -> Point {
        points.withLock { points in
            func extend(_ list: inout [Point]) -> Point {
                if list.isEmpty { list.append(first) }
                while list.count <= number { list.append(next(list[list.count - 1], list.count - 1)) }
                return list[number]
            }
            return isBehind ? extend(&points.behind) : extend(&points.before)
        }
    }
}
