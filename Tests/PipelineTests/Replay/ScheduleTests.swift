import Bytes
import Pipeline
import Testing

/// When packets are due, in virtual time.
struct ScheduleTests {
    private let start: Int64 = 1_773_450_000_000_000_000
    private let anchor: Int64 = 5_000_000_000

    private func dues(_ pace: Schedule.Pace, _ times: [Int64], octets: Int = 100) -> [Int64] {
        var schedule = Schedule(pace, anchor: anchor)
        return times.map { schedule.due(CaptureTime(nanoseconds: start + $0), octets: octets) - anchor }
    }

    @Test("a day of virtual time at odd distances does not drift by a nanosecond, whenever packets really left")
    func original() {
        var schedule = Schedule(.original(speed: 1), anchor: anchor)
        var (time, clock) = (start, anchor)
        var generator = SystemRandomNumberGenerator()
        while time - start < 86_400_000_000_000 {
            let due = schedule.due(CaptureTime(nanoseconds: time), octets: 1)
            #expect(due - anchor == time - start)
            // Who sends is late by up to 10 ms each time: what is due next does not mind.
            clock = max(clock, due) + Int64.random(in: 0..<10_000_000, using: &generator)
            time += Int64.random(in: 1..<3_000_000_000, using: &generator)
        }
        #expect(clock - anchor < time - start + 20_000_000)
    }

    @Test("a speed divides the times of a day to a nanosecond", arguments: [0.1, 0.5, 3, 10, 1000])
    func speed(_ speed: Double) {
        let times = (0..<10_000).map { Int64($0) * 8_640_000_007 }
        for (time, due) in zip(times, dues(.original(speed: speed), times)) {
            #expect(abs(Double(due) - Double(time) / speed) <= 1)
        }
    }

    @Test("a rate is even, and the millionth packet is where it belongs")
    func rate() {
        var schedule = Schedule(.packets(perSecond: 3), anchor: anchor)
        var last: Int64 = 0
        for _ in 0...1_000_000 { last = schedule.due(.unknown, octets: 9) }
        #expect(abs(last - anchor - 1_000_000 * 1_000_000_000 / 3) <= 1)
        #expect(schedule.untimed == 0)
    }

    @Test("a bit rate counts the octets in front of a packet")
    func bits() {
        #expect(dues(.bits(perSecond: 8_000), [0, 0, 5], octets: 500) == [0, 500_000_000, 1_000_000_000])
        #expect(dues(.asSoonAsPossible, [0, 7_000, 3]) == [0, 0, 0])
    }

    @Test("packets with earlier times or none are due with the one in front of them, and are counted")
    func backwards() {
        var schedule = Schedule(.original(speed: 2), anchor: anchor)
        let times: [Int64?] = [0, 4_000, 1_000, nil, 3_999, 6_000]
        let dues = times.map { time in
            schedule.due(time.map { CaptureTime(nanoseconds: start + $0) } ?? .unknown, octets: 1) - anchor
        }
        #expect(dues == [0, 2_000, 2_000, 2_000, 2_000, 3_000])
        #expect(schedule.backwards == 2)
        #expect(schedule.untimed == 1)
    }

    @Test("another input, earlier or later, follows at the usual distance; a thousand rounds do not drift")
    func inputs() {
        var schedule = Schedule(.original(speed: 1), anchor: anchor)
        for round in 0..<1000 {
            schedule.beginInput()
            for packet in 0..<5 {
                let time = CaptureTime(nanoseconds: start - Int64(round) * 77 + Int64(packet) * 1_000)
                #expect(schedule.due(time, octets: 1) - anchor == Int64(round * 5 + packet) * 1_000)
            }
        }
        #expect(schedule.backwards == 0)
    }

    @Test("times at the ends of what can be written do not overflow")
    func extremes() {
        var schedule = Schedule(.original(speed: 0.000001), anchor: anchor)
        for time in [Int64.min + 1, .max, .min + 1, 0, .max] {
            #expect(schedule.due(CaptureTime(nanoseconds: time), octets: .max / 16) >= anchor)
        }
        var slow = Schedule(.packets(perSecond: 0.000001), anchor: anchor)
        for _ in 0..<100_000 { #expect(slow.due(.unknown, octets: 1) >= anchor) }
    }

    @Test("the capture time that is due is told back, and when the next packet is due at the earliest")
    func inverse() {
        for speed in [0.1, 1, 40] {
            var schedule = Schedule(.original(speed: speed), anchor: anchor)
            #expect(schedule.captureTime(at: anchor) == nil)
            for step in 0..<100 {
                let time = start + Int64(step) * 70_000_000
                let due = schedule.due(CaptureTime(nanoseconds: time), octets: 1)
                #expect(abs((schedule.captureTime(at: due) ?? 0) - time) <= Int64(max(1, speed)))
            }
            // However far away it is, there is a time.
            #expect(schedule.captureTime(at: .max) ?? 0 > start)
            schedule.change(to: .asSoonAsPossible, at: anchor)
            #expect(schedule.captureTime(at: anchor) == nil)
        }
        var rate = Schedule(.packets(perSecond: 5), anchor: anchor)
        #expect(rate.earliest == anchor)
        for step in 1...3 {
            _ = rate.due(.unknown, octets: 100)
            #expect(rate.earliest == anchor + Int64(step) * 200_000_000)
        }
        var bits = Schedule(.bits(perSecond: 8_000), anchor: anchor)
        _ = bits.due(.unknown, octets: 100)
        #expect(bits.earliest == anchor + 100_000_000)
    }
}
