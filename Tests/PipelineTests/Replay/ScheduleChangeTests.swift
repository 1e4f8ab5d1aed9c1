import Bytes
import Pipeline
import Testing

/// What is due when the pace changes, and after pauses and jumps, in virtual time.
struct ScheduleChangeTests {
    private let start: Int64 = 1_773_450_000_000_000_000
    private let second: Int64 = 1_000_000_000

    private func due(_ schedule: inout Schedule, _ seconds: Double, octets: Int = 100) -> Double {
        let time = CaptureTime(nanoseconds: start + Int64(seconds * 1e9))
        return Double(schedule.due(time, octets: octets)) / 1e9
    }

    @Test("hours with thousands of changes of speed and pauses do not drift")
    func drift() {
        var generator = SystemRandomNumberGenerator()
        var schedule = Schedule(.original(speed: 1), anchor: 0)
        // What should be: the capture time that has gone by, reckoned piece by piece in nanoseconds and fractions.
        var (clock, reached, speed) = (0.0, 0.0, 1.0)
        var time = 0.0
        for round in 0..<20_000 {
            let next = time + Double.random(in: 1_000...3_000_000_000, using: &generator).rounded()
            let due = Double(schedule.due(CaptureTime(nanoseconds: start + Int64(next)), octets: 1))
            let expected = round == 0 ? 0 : clock + (next - reached) / speed
            // Each of ten thousand changes is exact to half a nanosecond.
            #expect(abs(due - expected) <= 1_000, "packet \(round): \(due) and not \(expected)")
            if round == 0 { (time, reached) = (next, next) } else { time = next }
            switch round % 4 {
            case 1:
                // Some way behind a packet the speed changes.
                let moment = Int64(expected) + Int64.random(in: 0..<1_000_000, using: &generator)
                reached += (Double(moment) - clock) * speed
                clock = Double(moment)
                speed = [0.5, 1, 2, 3, 10].randomElement(using: &generator) ?? 1
                schedule.change(to: .original(speed: speed), at: moment)
            case 3:
                let moment = Int64(expected) + 5
                let length = Int64.random(in: 1..<60_000_000_000, using: &generator)
                schedule.resume(from: moment, at: moment + length, isBehind: false)
                clock += Double(length)
            default: break
            }
        }
        #expect(clock > 3_600e9)
    }

    @Test("twice the speed leaves half of what is left to the next packet")
    func speed() {
        var schedule = Schedule(.original(speed: 1), anchor: 100 * second)
        #expect(due(&schedule, 0) == 100)
        schedule.change(to: .original(speed: 2), at: 107 * second)
        #expect(due(&schedule, 10) == 108.5)
        #expect(due(&schedule, 14) == 110.5)
    }

    @Test("in front of the first packet a change changes no more than the pace")
    func beforeFirst() {
        var schedule = Schedule(.original(speed: 1), anchor: 100 * second)
        schedule.change(to: .packets(perSecond: 2), at: 50 * second)
        #expect(due(&schedule, 0) == 100)
        #expect(due(&schedule, 0) == 100.5)
    }

    @Test("another rate counts from the last packet, and never makes up for the time before it")
    func rate() {
        var schedule = Schedule(.packets(perSecond: 1), anchor: 0)
        #expect(due(&schedule, 0) == 0)
        #expect(due(&schedule, 0) == 1)
        schedule.change(to: .packets(perSecond: 10), at: second + second / 20)
        #expect(due(&schedule, 0) == 1.1)
        schedule.change(to: .packets(perSecond: 1000), at: 3 * second)
        #expect(due(&schedule, 0) == 3)
        #expect(due(&schedule, 0) == 3.001)
        var bits = Schedule(.bits(perSecond: 800), anchor: 0)
        #expect(due(&bits, 0) == 0)
        bits.change(to: .bits(perSecond: 8000), at: 0)
        #expect(due(&bits, 0) == 0.1)
    }

    @Test("a pace of another kind begins with the next packet, and the way back, too")
    func kinds() {
        var schedule = Schedule(.original(speed: 1), anchor: 0)
        #expect(due(&schedule, 0) == 0)
        #expect(due(&schedule, 5) == 5)
        schedule.change(to: .packets(perSecond: 4), at: 6 * second)
        #expect(due(&schedule, 9) == 6)
        #expect(due(&schedule, 10) == 6.25)
        schedule.change(to: .asSoonAsPossible, at: 7 * second)
        #expect(due(&schedule, 11) == 7)
        #expect(due(&schedule, 12) == 7)
        schedule.change(to: .original(speed: 2), at: 8 * second)
        #expect(due(&schedule, 20) == 8)
        #expect(due(&schedule, 22) == 9)
    }

    @Test("a pause puts everything off by its length; behind steps the next packet follows the last one stepped to")
    func pauses() {
        var schedule = Schedule(.original(speed: 1), anchor: 0)
        #expect(due(&schedule, 0) == 0)
        schedule.resume(from: 3 * second, at: 1003 * second, isBehind: false)
        #expect(due(&schedule, 4) == 1004)
        #expect(due(&schedule, 10) == 1010)
        schedule.resume(from: 1004 * second, at: 2000 * second, isBehind: true)
        #expect(due(&schedule, 12) == 2002)
        var rate = Schedule(.packets(perSecond: 2), anchor: 0)
        #expect(due(&rate, 0) == 0)
        #expect(due(&rate, 0) == 0.5)
        rate.resume(from: 0, at: 100 * second, isBehind: true)
        #expect(due(&rate, 0) == 100.5)
    }

    @Test("behind a jump, forwards or back, the first packet is due at once and the others at their distances")
    func jumps() {
        var schedule = Schedule(.original(speed: 2), anchor: 0)
        #expect(due(&schedule, 100) == 0)
        schedule.jump(at: 7 * second)
        #expect(due(&schedule, 5) == 7)
        #expect(due(&schedule, 9) == 9)
        schedule.jump(at: 20 * second)
        #expect(due(&schedule, 1000) == 20)
        #expect(due(&schedule, 1002) == 21)
        #expect(schedule.backwards == 0)
    }

    @Test("a pace that changed while packets were stepped through goes on from there")
    func stepped() {
        var schedule = Schedule(.original(speed: 1), anchor: 0)
        _ = due(&schedule, 0)
        _ = due(&schedule, 50)
        schedule.change(to: .packets(perSecond: 10), at: 60 * second)
        schedule.resume(from: 55 * second, at: 70 * second, isBehind: true)
        let first = due(&schedule, 51)
        #expect(first >= 70 && first <= 70.1)
        #expect(abs(due(&schedule, 52) - first - 0.1) < 1e-6)
    }
}
