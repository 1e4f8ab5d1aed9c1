internal import Records

/// What is drawn of a series: lines broken at gaps, and nothing finer than a column of the picture.
package struct Trace {
    /// Where something is missing.
    package struct Gap: Equatable {
        package var from: Int64
        package var to: Int64

        /// A gap from its ends.
        package init(from: Int64, to: Int64) {
            self.from = from
            self.to = to
        }
    }
    /// Lines, each through its points in order.
    package private(set) var runs: [[PlotPoint]] = []
    /// Where lines are broken.
    package private(set) var gaps: [Gap] = []
    /// Points outside of their limits, the worst of each column.
    package private(set) var alarms: [PlotPoint] = []

    /// The trace of points in a picture that shows `range` in so many columns.
    package init(_ points: inout PlotPoints, range: ClosedRange<Int64>, columns: Int) {
        let width = max(1, range.upperBound.distance(behind: range.lowerBound)) / Double(max(1, columns))
        let buckets = points.settled()
        let longest = points.longestStep ?? .max
        var run: [PlotPoint] = []
        var pending: Bucket?
        var pendingColumn = 0
        func emit() {
            pending?.forEach { run.append($0) }
            if let worst = pending?.worst, worst.state > .nominal { alarms.append(worst) }
            pending = nil
        }
        var last: Int64?
        for bucket in buckets {
            let column = Int(bucket.first.x.distance(behind: range.lowerBound) / width)
            let isBroken =
                last.map { before in
                    bucket.gapBefore || bucket.first.x.subtractingReportingOverflow(before).partialValue > longest
                } ?? false
            if bucket.gapInside { gaps.append(Gap(from: bucket.first.x, to: bucket.last.x)) }
            if isBroken {
                emit()
                runs.append(run)
                run = []
                gaps.append(Gap(from: last ?? bucket.first.x, to: bucket.first.x))
            } else if pending != nil, column == pendingColumn {
                pending?.join(bucket)
                last = max(last ?? .min, bucket.last.x)
                continue
            }
            emit()
            (pending, pendingColumn) = (bucket, column)
            last = max(last ?? .min, bucket.last.x)
        }
        emit()
        if !run.isEmpty { runs.append(run) }
    }

    /// Gaps of several traces as one list, in order and with none over another.
    static func union(_ lists: [[Gap]]) -> [Gap] {
        var all: [Gap] = []
        for gap in lists.joined().sorted(by: { $0.from < $1.from }) {
            if let last = all.last, gap.from <= last.to {
                all[all.count - 1].to = max(last.to, gap.to)
            } else {
                all.append(gap)
            }
        }
        return all
    }
}
