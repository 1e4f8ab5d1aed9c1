internal import Bytes
internal import Links

/// What may be asked while packets are sent, between two of them.
extension ReplayPlayer {
    /// Does what is asked, as far as what it takes is there.
    mutating func perform(_ now: Int64) {
        while !isStepping, !isEnded, let (command, means) = desk.next(), !takesMore(command) {
            do throws(ControlCommand.Refusal) {
                try perform(command, means, now)
                if !isStepping { desk.reply(.success(status)) }
            } catch { desk.reply(.failure(error)) }
        }
    }

    /// The time of the packet that is next, nil where none is there yet.
    private var nextTime: Int64? { batch.flatMap { next < $0.count ? $0.times[next] : nil } }

    /// Whether it has to wait for the first packet, which is being read: what it means rests on times.
    private func takesMore(_ command: ControlCommand) -> Bool {
        guard steering == nil, !position.isKnown, nextTime == nil else { return false }
        return switch command {
        case .seekBy, .pace(.original): true
        default: false
        }
    }

    /// How far it has come.
    var status: ControlStatus {
        var status = ControlStatus()
        status.isPaused = pause != nil
        (status.position, status.number) = (position, last?.packet)
        (status.packets, status.octets) = (report.sent, report.octets)
        (status.pace, status.filter, status.late) = (schedule.pace, filter, late)
        return status
    }

    private mutating func perform(_ command: ControlCommand, _ means: AnyObject?, _ now: Int64) throws(ControlCommand
        .Refusal)
    {
        switch command {
        case .pause: hold(now)
        case .resume: resume(now)
        case .toggle: if pause == nil { hold(now) } else { resume(now) }
        case .step(let count):
            hold(now)
            pause?.hasStepped = true
            (steps, isStepping) = (count, true)
        case .pace(let pace):
            if case .original = pace, let batch, !batch.hasTimes { throw Self.noTimes }
            change(to: pace, now)
        case .faster(let factor):
            guard let pace = schedule.pace.times(factor) else {
                throw ControlCommand.Refusal(
                    "nothing is faster than without waiting: 'speed 1' goes back to the times of the capture")
            }
            change(to: pace, now)
        case .seekTo(let time): seek(to: time, now)
        case .seekBy(let distance):
            // In front of the first packet its time is what counts.
            let time = position.isKnown ? position.nanoseconds : nextTime ?? CaptureTime.unknown.nanoseconds
            guard time != CaptureTime.unknown.nanoseconds else { throw Self.noTimes }
            let (target, overflow) = time.addingReportingOverflow(distance)
            seek(to: overflow ? (distance < 0 ? .min + 1 : .max) : target, now)
        case .filter(let text): choose(text, means as? ReplaySelection, now)
        // What happens was asked of what is simulated; here it is only told how far that has come.
        case .status, .event: break
        case .quit:
            isEnded = true
            report.isInterrupted = true
        }
    }

    private static let noTimes = ControlCommand.Refusal("the packets have no times: rate, bitrate and asap need none")

    private mutating func hold(_ now: Int64) { if pause == nil { pause = (now, false) } }

    private mutating func resume(_ now: Int64) {
        guard let (since, hasStepped) = pause else { return }
        pause = nil
        steps = 0
        reckon { $0.resume(from: since, at: now, isBehind: hasStepped) }
    }

    private mutating func change(to pace: Schedule.Pace, _ now: Int64) {
        let moment = pause?.since ?? now
        reckon { $0.change(to: pace, at: moment) }
        steering?.look(pace)
    }

    /// Changes the schedule between the last packet and the next.
    private mutating func reckon(_ change: (inout Schedule) -> Void) {
        guard let batch else { return change(&schedule) }
        settle(batch)
        change(&mark)
        schedule = mark
        batch.reckon(&schedule, from: next)
    }

    /// Lets `mark` be the schedule in front of the next packet.
    private mutating func settle(_ batch: ReplayBatch) {
        for index in settled..<next {
            let start = index == 0 ? 0 : batch.ends[index - 1]
            _ = mark.due(CaptureTime(nanoseconds: batch.times[index]), octets: batch.ends[index] - start)
        }
        settled = next
    }

    private mutating func seek(to time: Int64, _ now: Int64) {
        turn.place = ReplayTurn.Place(pass: max(turn.place.pass, last?.pass ?? 0, batch?.pass ?? 0))
        turn.time = time
        position = CaptureTime(nanoseconds: time)
        go(now)
    }

    private mutating func choose(_ text: String?, _ selection: ReplaySelection?, _ now: Int64) {
        if let last {
            if last.pass != turn.place.pass { turn.time = nil }
            turn.place = last
        }
        (turn.selection, filter) = (selection, text)
        go(now)
    }

    /// Lets the reading go on where ``turn`` says.
    private mutating func go(_ now: Int64) {
        var passed = queue.turn(to: turn)
        if let batch {
            settle(batch)
            passed += batch.count - next
            schedule = mark
            self.batch = nil
        }
        report.skipped.add(ReplayFeed.passed, passed)
        (hasJumped, last) = (true, nil)
        pause?.hasStepped = false
    }

    /// One of the steps is done.
    mutating func step() {
        steps -= 1
        if steps == 0 { endSteps() }
    }

    /// Answers to steps, also where there are no packets for all of them.
    mutating func endSteps() {
        guard isStepping else { return }
        (steps, isStepping) = (0, false)
        desk.reply(.success(status))
    }
}
