import BeiDou
import Bytes
import Testing

/// A report at so many seconds; 0.001 degrees of latitude are 110.9 m there.
private func report(
    _ seconds: Double?, _ latitude: Double, _ longitude: Double = 114, who: UInt32 = 0, captured at: Double? = nil
) -> Position {
    var position = Position(
        who: who, latitude: latitude, longitude: longitude, captured: at.map { captured($0) } ?? .unknown)
    if let seconds { position.stated = captured(seconds) }
    return position
}

private func tracks(_ positions: [Position], _ change: (inout TrackOptions) -> Void = { _ in }) -> [Track] {
    var options = TrackOptions()
    change(&options)
    let builder = TrackBuilder(options)
    var batch = Batch<Position>()
    for position in positions { batch.append(position) }
    builder.add(batch)
    return builder.finish((0..<4).map { Terminal(group: .rdss, name: "\($0)") })
}

private func marks(_ positions: [Position], _ change: (inout TrackOptions) -> Void = { _ in }) -> [TrackPoint.Marks] {
    tracks(positions, change).first?.points.map(\.marks) ?? []
}

struct TrackBuilderTests {
    @Test func eachTerminalHasItsTrack() {
        let found = tracks([report(0, 30, who: 2), report(0, 31, who: 0), report(10, 30.001, who: 2)])
        #expect(found.map(\.terminal.name) == ["2", "0"])
        #expect(found.map(\.points.count) == [2, 1])
        #expect(found[0].duration == 10_000_000_000)
        #expect(found[0].first == captured(0))
        #expect(found[0].last == captured(10))
        // GeographicLib: 110.852451 m.
        #expect((found[0].distance - 110.852451).magnitude < 1e-4)
        #expect(found[1].duration == 0)
        #expect(found[1].distance == 0)
    }

    @Test func noPositionsMakeNoTracks() { #expect(tracks([]).isEmpty) }

    // MARK: Late and repeated

    @Test func aLatePointStandsWhereItBelongs() {
        let found = tracks([report(0, 30), report(20, 30.002), report(10, 30.001), report(30, 30.003)])
        #expect(found[0].points.map(\.position.latitude) == [30, 30.001, 30.002, 30.003])
        #expect(found[0].points.map(\.marks) == [[], .late, [], []])
        #expect(found[0].count(of: .late) == 1)
    }

    @Test func theSameTimeAndPlaceAgainIsRepeated() {
        #expect(marks([report(0, 30), report(0, 30), report(10, 30)]) == [[], .repeated, []])
    }

    @Test func whatComesAgainLaterIsRepeatedAndNotLate() {
        #expect(marks([report(0, 30), report(10, 30.001), report(0, 30)]) == [[], .repeated, []])
    }

    @Test func theSameTimeInAnotherPlaceIsNotRepeated() {
        #expect(marks([report(0, 30), report(0, 30.0001)]) == [[], []])
    }

    @Test func withoutStatedTimesTheSameWithinASecondIsRepeated() {
        let found = marks([
            report(nil, 30, captured: 0), report(nil, 30, captured: 0.5), report(nil, 30, captured: 60),
        ])
        #expect(found == [[], .repeated, []])
        let untimed = marks([report(nil, 30), report(nil, 30), report(nil, 31), report(nil, 30)])
        #expect(untimed == [[], .repeated, [], []])
    }

    // MARK: Gaps

    @Test func muchMoreThanTheUsualIntervalIsAGap() {
        let times: [Double] = [0, 10, 20, 30, 80, 90, 141]
        let found = tracks(times.map { report($0, 30 + $0 / 10_000) })
        #expect(found[0].points.map(\.marks) == [[], [], [], [], [], [], .gapBefore])
        #expect(found[0].usualInterval == 10_000_000_000)
        #expect(found[0].lines == [[0, 1, 2, 3, 4, 5], [6]])
    }

    @Test func twoIntervalsAreNotYetUsual() {
        #expect(marks([report(0, 30), report(1, 30), report(5000, 30)]) == [[], [], []])
    }

    @Test func aStutterOfAFastReceiverIsNoGap() {
        let times = [0, 0.1, 0.2, 0.3, 4, 9.1]
        let gaps = marks(times.map { report($0, 30 + $0 / 1e5) }).map { $0.contains(.gapBefore) }
        #expect(gaps == [false, false, false, false, false, true])
    }

    @Test func aGapCanBeTold() {
        let found = marks([report(0, 30), report(60, 30.001), report(121, 30.002)]) { $0.gap = 60 }
        #expect(found == [[], [], .gapBefore])
    }

    @Test func theGapInFrontOfAJumpDividesTheLineBehindIt() {
        let found = tracks([report(0, 30), report(100, -30), report(101, 30.001)]) { $0.gap = 60 }
        #expect(found[0].points.map(\.marks) == [[], [.gapBefore, .jump], []])
        #expect(found[0].lines == [[0], [2]])
    }

    // MARK: Jumps

    @Test func aSingleOutlierIsTheJump() {
        let found = tracks([report(0, 30), report(10, 30.001), report(20, 35), report(30, 30.002), report(40, 30.003)])
        #expect(found[0].points.map(\.marks) == [[], [], .jump, [], []])
        #expect((found[0].distance - 3 * 110.852451).magnitude < 1e-2)
        #expect(found[0].lines == [[0, 1, 3, 4]])
    }

    @Test func theLimitIsASpeed() {
        // 0.03 degrees are 3,326 m: in 10 s 1,197 km/h.
        #expect(marks([report(0, 30), report(10, 30.03)]) == [[], []])
        #expect(marks([report(0, 30), report(10, 30.0302)]) == [[], .jump])
        #expect(marks([report(0, 30), report(10, 30.03)]) { $0.highestSpeed = 200 } == [[], .jump])
        #expect(marks([report(0, 30), report(10, 30.03)]) { $0.highestSpeeds[.rdss] = 200 } == [[], .jump])
        #expect(marks([report(0, 30), report(10, 30.03)]) { $0.highestSpeeds[.nmea] = 200 } == [[], []])
    }

    @Test func manyPointsInARowBeginTheTrackAnew() {
        let before = (0..<3).map { (index: Int) -> Position in report(Double(index) * 10, 30) }
        let behind = (3..<9).map { (index: Int) -> Position in
            report(Double(index) * 10, -30 + Double(index) / 1000)
        }
        let found = tracks(before + behind)
        #expect(found[0].points.map(\.marks) == [[], [], [], .relocated, [], [], [], [], []])
        #expect(found[0].lines == [[0, 1, 2], [3, 4, 5, 6, 7, 8]])
        #expect((found[0].distance - 5 * 110.852).magnitude < 1e-1)
    }

    @Test func fewerThanThatAreJumps() {
        let found = marks(
            (0..<7).map { (index: Int) -> Position in report(Double(index) * 10, (2..<6).contains(index) ? -30 : 30) })
        #expect(found == [[], [], .jump, .jump, .jump, .jump, []])
    }

    @Test func pointsThatAgreeWithNothingBeginNoTrack() {
        let found = marks(
            (0..<12).map { (index: Int) -> Position in
                report(Double(index), index == 0 ? 0 : Double(index * 7 % 12) * 5 + 10)
            })
        #expect(found.dropFirst().allSatisfy { $0 == .jump })
    }

    @Test func theAntimeridianIsNoJump() {
        #expect(marks([report(0, 10, 179.9995), report(10, 10, -179.9995)]) == [[], []])
    }

    @Test func aTurnAroundThePoleIsNoJump() {
        #expect(marks([report(0, 89.9999, 0), report(10, 89.9999, 180)]) == [[], []])
    }

    @Test func withoutTimesThereAreNoJumps() {
        #expect(marks([report(nil, 30), report(nil, -30)]) == [[], []])
    }

    // MARK: Times of day

    private func timed(_ seconds: Int64, _ latitude: Double) -> Position {
        var position = Position(latitude: latitude, longitude: 114)
        position.timeOfDay = seconds * 1_000_000_000
        return position
    }

    @Test func timesOfDayGoOnOverMidnight() {
        let found = tracks([timed(86_390, 30), timed(86_395, 30.0001), timed(0, 30.0002), timed(5, 30.0003)])
        #expect(found[0].points.allSatisfy { $0.marks.isEmpty && !$0.time.isKnown })
        #expect(found[0].duration == 15_000_000_000)
        #expect(!found[0].first.isKnown)
    }

    @Test func timesOfDayGetTheDateThatComesBehindThem() {
        let found = tracks([timed(86_398, 30), timed(86_399, 30), timed(0, 30), report(1, 30)])
        #expect(found[0].points.map(\.time) == [captured(-2), captured(-1), captured(0), captured(1)])
        #expect(found[0].points.map { $0.position.flags.contains(.dateCompleted) } == [true, true, true, false])
    }

    @Test func aTimeThatLiesBehindTheDateThatCompletesItIsPutBehindIt() {
        let found = tracks([timed(61_615, 30), report(61_560, 30)])
        #expect(found[0].points.map(\.time) == [captured(61_560), captured(61_615)])
        #expect(found[0].points.map(\.marks) == [.late, []])
        #expect(found[0].duration == 55_000_000_000)
    }

    @Test func datesOfManyDaysAreGivenBackInOrder() {
        let day: Int64 = 86_400
        let thirds: [Int64] = (0..<9).map { $0 * day / 3 }
        var positions = thirds.map { timed($0 % day, 30) }
        positions.append(report(Double(3 * day), 30))
        let expected = (thirds + [3 * day]).map { captured(Double($0)) }
        #expect(tracks(positions)[0].points.map(\.time) == expected)
    }

    // MARK: Bounds

    @Test func pointsThatFindNoRoomAreCounted() {
        var options = TrackOptions()
        options.mostPoints = 2
        let builder = TrackBuilder(options)
        var batch = Batch<Position>()
        for index in 0..<5 { batch.append(report(Double(index), 30, who: UInt32(index % 2))) }
        #expect(builder.add(batch) == 2)
        #expect(builder.dropped == 3)
        let found = builder.finish([Terminal(group: .rdss, name: "a"), Terminal(group: .rdss, name: "b")])
        #expect(found.map(\.points.count) == [1, 1])
        #expect(found.map(\.dropped) == [2, 1])
    }

    @Test func onlyWantedTerminalsAreKept() {
        let builder = TrackBuilder()
        var batch = Batch<Position>()
        for who in 0..<3 { batch.append(report(0, 30, who: UInt32(who))) }
        builder.add(batch) { $0 == 1 }
        let found = builder.finish((0..<3).map { Terminal(group: .rdss, name: "\($0)") })
        #expect(found.map(\.terminal.name) == ["1"])
    }

    @Test func timesAtTheEndsOfTheirRangeAreNoTrap() {
        var early = Position(latitude: 1, longitude: 1)
        early.stated = CaptureTime(nanoseconds: .min + 1)
        var late = Position(latitude: 2, longitude: 2)
        late.stated = CaptureTime(nanoseconds: .max)
        let found = tracks([late, early, late, timed(5, 1), early])
        #expect(found[0].points.count == 5)
        #expect(found[0].duration == nil)
    }
}
