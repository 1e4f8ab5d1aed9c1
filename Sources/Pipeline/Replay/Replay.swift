public import Bytes
internal import Capture
internal import Links
public import Mission

/// Sends packets of captures when they are due.
///
///     let report = try Replay(files, options, databases).run()
///
/// One thread reads ahead; the calling one keeps time. A ``Schedule`` says when a packet is due; until shortly before that
/// the thread sleeps, and then it looks at the clock again and again. How late a packet left is measured behind the system's
/// call that took it.
public final class Replay {
    private let options: ReplayOptions
    private let senders: [PacketSender]
    private let feed: ReplayFeed
    private let queue = ReplayQueue()
    private var report = ReplayReport()

    /// So long before a packet is due the thread no longer sleeps, in nanoseconds: it may be woken that much too late.
    private static let spin: Int64 = 50_000
    /// The first packet is due so long after the beginning, so that it is not late.
    private static let lead: Int64 = 1_000_000
    /// The user is asked so often what is to be done, in nanoseconds.
    private static let attention: Int64 = 50_000_000

    /// How far a replay has come.
    public struct Progress: Sendable {
        /// When the last packet was captured.
        public let position: CaptureTime
        /// Packets that left, and their octets.
        public let packets: Int, octets: Int
        /// How late the last packet left, in nanoseconds; nil where nothing is due.
        public let late: Int64?
    }

    /// A replay into targets, which are opened.
    ///
    /// - Parameters:
    ///   - files: captures, one behind the other; "-" is standard input.
    ///   - told: what the user says that a file carries.
    /// - Throws: what a filter or an address is refused with, and why a peer cannot be reached.
    public init(
        _ files: [String], _ options: ReplayOptions, _ databases: [Database],
        told: @escaping @Sendable (String) -> ToldLayout? = { _ in nil },
        progress: (ReadProgress) -> Bool = { _ in true }
    ) throws {
        self.options = options
        var selection: ReplaySelection?
        if options.layer == .packet || options.conditions.filter != nil {
            selection = try ReplaySelection(
                options, databases, files, told: files.first.flatMap(told), progress: progress)
        }
        feed = try ReplayFeed(files, options, selection, told: told, queue)
        var senders = try options.maps.map { try PacketSender($0.target) }
        if let target = options.target { senders.append(try PacketSender(target)) }
        self.senders = senders
    }

    /// Sends everything.
    ///
    /// - Parameter progress: called some times a second.
    public func run(progress: (Progress) -> Void = { _ in }) -> ReplayReport {
        let feed = self.feed
        SteadyClock.wakeExactly()
        if !DetachedThread.start(stackSize: 8 << 20, { feed.run() }) {
            report.problems.append("the system gives no thread")
            return report
        }
        // Behind the beginning of the other thread, which would inherit it.
        if options.isRealTime, let refusal = SteadyClock.goFirst() {
            report.notes.append(
                "real-time priority is not given (\(refusal)): it takes root, CAP_SYS_NICE or 'ulimit -r'; sent without it"
            )
        }
        do { try sendAll(progress) } catch { report.problems.append(error.description) }
        report.isInterrupted = Interruption.isAsked
        // Where the feed waits for input itself it is left alone.
        if queue.stop() {
            report.read = feed.read
            report.skipped.add(feed.skipped)
            report.failed.add(feed.failed)
            report.problems = feed.problems + report.problems
            report.damage = feed.damage
        }
        return report
    }

    private func sendAll(_ progress: (Progress) -> Void) throws(LinkError) {
        guard let first = queue.next() else { return }
        var schedule = Schedule(options.pace, anchor: SteadyClock.now() + Self.lead)
        var lateness = Lateness()
        defer {
            report.lateness = lateness
            report.duration = max(0, SteadyClock.now() - schedule.anchor)
            (report.backwards, report.untimed) = (schedule.backwards, schedule.untimed)
        }
        var next: ReplayBatch? = first
        while let batch = next {
            if batch.beginsInput, case .original = options.pace, !batch.hasTimes {
                report.problems.append("the packets have no times: --rate, --bitrate or --asap says when they are due")
                return
            }
            guard try send(batch, &schedule, &lateness, progress) else { return }
            queue.giveBack(batch)
            next = queue.next()
        }
    }

    /// Sends a batch; false when the user asks to end.
    private func send(
        _ batch: ReplayBatch, _ schedule: inout Schedule, _ lateness: inout Lateness, _ progress: (Progress) -> Void
    ) throws(LinkError) -> Bool {
        let isPaced = options.pace != .asSoonAsPossible
        if batch.beginsInput { schedule.beginInput() }
        let dues = batch.reckon(&schedule)
        let (octets, ends, targets) = (batch.octets, batch.ends, batch.targets)
        var next = 0
        var shown = SteadyClock.now()
        while next < batch.count {
            var now = SteadyClock.now()
            if isPaced, now < dues[next] {
                guard wait(until: dues[next], &shown, { progress(reached(batch, next, lateness)) }) else {
                    return false
                }
                now = SteadyClock.now()
            }
            var end = next + 1
            let most = min(batch.count, next + PacketSender.most)
            while end < most, targets[end] == targets[next], !isPaced || dues[end] <= now { end += 1 }
            let start = next == 0 ? 0 : ends[next - 1]
            let outcome = try senders[Int(targets[next])].send(
                octets.bytes, from: start, ends: ends.span.extracting(next..<end))
            let left = SteadyClock.now()
            enter(outcome, end - next)
            if isPaced { for index in next..<end { lateness.add(left - dues[index]) } }
            next = end
            if Interruption.isAsked { return false }
        }
        progress(reached(batch, batch.count - 1, lateness))
        return true
    }

    private func enter(_ outcome: PacketSender.Outcome, _ count: Int) {
        report.sent += outcome.sent
        report.octets += outcome.octets
        report.failed.add("longer than a datagram may be", outcome.tooLong)
        report.failed.add("refused, since nobody listens there", outcome.refusals)
    }

    private func reached(_ batch: ReplayBatch, _ index: Int, _ lateness: Lateness) -> Progress {
        Progress(
            position: CaptureTime(nanoseconds: batch.times[index]), packets: report.sent, octets: report.octets,
            late: lateness.count > 0 ? lateness.worst : nil)
    }

    /// Waits until a time; false when the user asks to end.
    private func wait(until due: Int64, _ shown: inout Int64, _ show: () -> Void) -> Bool {
        var now = SteadyClock.now()
        while due - now > Self.spin {
            if Interruption.isAsked { return false }
            if now - shown > Self.attention {
                shown = now
                show()
            }
            SteadyClock.sleep(until: min(due - Self.spin, now + Self.attention))
            now = SteadyClock.now()
        }
        while SteadyClock.now() < due {}
        return true
    }
}

extension ReplayBatch {
    /// Whether any packet has a time.
    fileprivate var hasTimes: Bool {
        for index in 0..<count where CaptureTime(nanoseconds: times[index]).isKnown { return true }
        return false
    }

    /// When its packets are due.
    fileprivate func reckon(_ schedule: inout Schedule) -> Lane<Int64> {
        var start = 0
        dues.removeAll()
        for index in 0..<count {
            dues.append(schedule.due(CaptureTime(nanoseconds: times[index]), octets: ends[index] - start))
            start = ends[index]
        }
        return dues
    }
}
