internal import Bytes
internal import Links

/// Keeps time: sends what the feed brings when it is due, and does what is asked, for which see
/// `ReplayPlayer+Control.swift`.
///
/// A ``Schedule`` says when a packet is due; until shortly before that the thread sleeps, and then it looks at the clock
/// again and again. How late a packet left is measured behind the system's call that took it.
struct ReplayPlayer {
    let senders: [PacketSender]
    let queue: ReplayQueue
    let desk: ControlDesk
    var report = ReplayReport()
    private(set) var lateness = Lateness()

    /// When packets are due, up to the end of the batch at hand, and what it said in front of the packet `settled` of it.
    var schedule: Schedule
    var mark: Schedule
    var settled = 0
    /// What is being sent, and the next packet of it.
    var batch: ReplayBatch?
    var next = 0
    /// Since when nothing goes out, and whether single packets did; nil where all does.
    var pause: (since: Int64, hasStepped: Bool)?
    /// So many packets go out though it is paused.
    var steps = 0
    /// Whether they are answered to when they are done.
    var isStepping = false
    /// Whether the next packet is due as soon as it is there.
    var hasJumped = true
    var isEnded = false
    /// Where the last packet came from, nil where none was sent since the reading was turned; and how late it was.
    var last: ReplayTurn.Place?
    var late: Int64?
    /// The capture time that was reached, or sought.
    var position = CaptureTime.unknown
    /// Where the reading was turned to last, and what chooses.
    var turn: ReplayTurn
    var filter: String?
    /// Whether it is written down what was broken of what was sent.
    let tellsFaults: Bool
    /// What is told to what makes packets while they are sent, and the number of the packet up to which all have left.
    let steering: ReplayOptions.Source.Steering?
    var left: UInt64 = 0
    /// The number, were it the last one, for each packet that was sent and may still be lost; and how many were sent before.
    var onTheWay: ArraySlice<UInt64> = []
    var arrived = 0
    /// When it is next looked what is asked.
    var attention: Int64 = 0
    /// When the first packet was due.
    private var began: Int64?
    /// Whether everything was sent; and has left.
    private var isOver = false
    var hasAll = false

    /// Whether the thread goes before all others.
    private var isRealTime = false
    /// When it slept last, and whether it has to, now and then.
    private var slept: Int64 = 0
    private var givesWay = false

    /// So long before a packet is due the thread no longer sleeps, in nanoseconds: it may be woken that much too late.
    private var spin: Int64 { isRealTime ? 75_000 : 50_000 }
    /// A thread that goes before all others and never sleeps is stopped by the system for 50 ms of a second where others wait
    /// (sched(7)). Where they do, or where that is seen, it sleeps for `nap` after `watch`, a twentieth of the time.
    private static let stop: Int64 = 20_000_000, watch: Int64 = 2_000_000, nap: Int64 = 110_000
    /// The first packet is due so long after the beginning, so that it is not late.
    private static let lead: Int64 = 1_000_000
    /// It is looked so often what is asked, in nanoseconds.
    private var attentive: Int64 { steering == nil ? 20_000_000 : 5_000_000 }

    init(
        _ senders: [PacketSender], _ queue: ReplayQueue, _ desk: ControlDesk, _ options: ReplayOptions,
        _ turn: ReplayTurn
    ) {
        (self.senders, self.queue, self.desk, self.turn) = (senders, queue, desk, turn)
        filter = options.conditions.filter
        steering = options.source?.steering
        tellsFaults = options.faults != nil
        schedule = Schedule(options.pace, anchor: 0)
        mark = schedule
        if options.isPaused { pause = (SteadyClock.now(), false) }
    }

    /// Lets the thread go before all others, where that is permitted.
    mutating func goFirst() {
        if let refusal = SteadyClock.goFirst() {
            report.notes.append(
                "real-time priority is not given (\(refusal)): it takes root, CAP_SYS_NICE or 'ulimit -r'; sent without it"
            )
        } else {
            (isRealTime, givesWay) = (true, SteadyClock.isBusy)
        }
    }

    /// Sends everything, or until it is told to end.
    mutating func run() throws(LinkError) {
        defer { finish(isOver: isOver) }
        defer {
            endSteps()
            report.lateness = lateness
            report.duration = began.map { max(0, SteadyClock.now() - $0) } ?? 0
            (report.backwards, report.untimed) = (schedule.backwards, schedule.untimed)
        }
        while !isEnded, !Interruption.isAsked {
            wish(SteadyClock.now())
            switch queue.next(steering == nil ? 20 : 5) {
            case .over:
                isOver = true
                try drain()
                return
            case .nothing: attend(SteadyClock.now())
            case .batch(let fresh):
                guard begin(fresh) else { return }
                // Also where it ends here: what was sent of it was sent.
                defer { queue.giveBack(fresh, sent: next) }
                // All of it may have been lost on purpose.
                if fresh.count == 0 { attend(SteadyClock.now()) }
                try send(fresh)
                // Where it ends here the rest was not sent.
                if next == fresh.count { batch = nil }
            }
        }
        try drain()
    }

    private mutating func begin(_ fresh: ReplayBatch) -> Bool {
        if fresh.beginsInput {
            if case .original = schedule.pace, fresh.count > 0, !fresh.hasTimes {
                report.problems.append("the packets have no times: --rate, --bitrate or --asap says when they are due")
                return false
            }
            schedule.beginInput()
        }
        if hasJumped { schedule.jump(at: pause?.since ?? SteadyClock.now() + Self.lead) }
        hasJumped = false
        began = began ?? SteadyClock.now() + Self.lead
        (batch, next, mark, settled) = (fresh, 0, schedule, 0)
        fresh.reckon(&schedule, from: 0)
        wish(SteadyClock.now())
        return true
    }

    /// Sends the batch at hand, as far as the reading is not turned elsewhere.
    private mutating func send(_ batch: ReplayBatch) throws(LinkError) {
        while next < batch.count {
            let now = SteadyClock.now()
            if now >= attention {
                attend(now)
                // What is asked may end it, and may turn the reading.
                if isEnded || Interruption.isAsked || self.batch == nil { return }
            }
            if pause != nil {
                if steps > 0 {
                    try send(batch, until: next + 1, due: nil)
                    step()
                } else {
                    SteadyClock.sleep(until: attention)
                }
                continue
            }
            let due = batch.dues[next]
            if due - now > spin {
                sleep(until: min(due - spin, attention))
                continue
            }
            if givesWay, now - slept > Self.watch { sleep(until: now + Self.nap) }
            while SteadyClock.now() < due {}
            try send(batch, until: batch.count, due: max(now, due))
        }
    }

    private mutating func sleep(until time: Int64) {
        SteadyClock.sleep(until: time)
        slept = SteadyClock.now()
    }

    /// Sends packets to one target, at most up to `end`: those that are due by a time, or without asking for that.
    private mutating func send(_ batch: ReplayBatch, until end: Int, due now: Int64?) throws(LinkError) {
        let first = next
        let (octets, ends, targets, dues) = (batch.octets, batch.ends, batch.targets, batch.dues)
        let most = min(end, first + PacketSender.most)
        var last = first + 1
        while last < most, targets[last] == targets[first], now.map({ dues[last] <= $0 }) ?? true { last += 1 }
        let start = first == 0 ? 0 : ends[first - 1]
        let areDue = schedule.pace != .asSoonAsPossible
        let outcome = try senders[Int(targets[first])].send(
            octets.bytes, from: start, ends: ends.span.extracting(first..<last), areDue: areDue)
        if outcome.isHeldUp { attention = 0 }
        report.enter(outcome)
        last = first + outcome.taken
        guard last > first else { return }
        if now != nil, areDue {
            let left = SteadyClock.now()
            for index in first..<last { lateness.add(left - dues[index]) }
            let late = left - dues[last - 1]
            self.late = late
            if isRealTime, late > Self.stop { givesWay = true }
        } else {
            late = nil
        }
        self.last = batch.place(last - 1)
        position = CaptureTime(nanoseconds: batch.times[last - 1])
        next = last
        if steering != nil { for index in first..<last { onTheWay.append(batch.left(index + 1)) } }
    }

    /// Does what is to be done now and then.
    mutating func attend(_ now: Int64) {
        attention = now + attentive
        for sender in senders { sender.attend() }
        perform(now)
        wish(now)
        tellLeft()
    }
}

/// What is made while it is sent.
extension ReplayPlayer {
    /// So far ahead of what is due packets are made, in nanoseconds of the clock; and at most so far in nanoseconds of capture
    /// time, so that not much is made when it is slowed down.
    private static let ahead = (clock: 150_000_000.0, least: 10_000_000.0, capture: 300_000_000.0)

    /// Lets so much be made as is due soon.
    private func wish(_ now: Int64) {
        guard steering != nil else { return }
        let moment = pause?.since ?? now
        switch schedule.pace {
        case _ where steps > 0, .asSoonAsPossible: queue.wish(upTo: .max)
        case .original(let speed):
            let lead = max(Self.ahead.least, min(Self.ahead.clock, Self.ahead.capture / speed))
            queue.wish(upTo: schedule.captureTime(at: moment + Int64(lead)))
        case .packets, .bits:
            let isSoon = pause == nil && schedule.earliest <= now + Int64(Self.ahead.least) * 5
            queue.wish(upTo: isSoon ? nil : .min)
        }
    }
}

extension ReplayReport {
    fileprivate mutating func enter(_ outcome: PacketSender.Outcome) {
        sent += outcome.sent
        octets += outcome.octets
        failed.add("longer than a datagram may be, or than the interface takes", outcome.tooLong)
        failed.add("shorter than the header of the interface", outcome.tooShort)
        failed.add("refused, since nobody listens there", outcome.refusals)
        failed.add("lost by clients that read too slowly", outcome.lost)
    }
}
