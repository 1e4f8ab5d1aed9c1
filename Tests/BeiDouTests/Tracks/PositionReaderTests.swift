import BeiDou
import Bytes
import Records
import Testing

private func place(_ latitude: Double, _ longitude: Double) -> [String: Cell] {
    ["latitude": .number(latitude), "longitude": .number(longitude)]
}

struct PositionReaderTests {
    private func gga(
        _ maker: TrackMessages, _ time: String, _ latitude: Double = 30, _ longitude: Double = 114, flow: UInt32 = 0,
        captured: CaptureTime = .unknown
    ) {
        maker.add(
            "GGA", flow: flow, captured: captured,
            place(latitude, longitude).merging(
                ["time_of_day": .text(time), "quality": .label("gnss"), "height": .number(25.5)]) { $1 })
    }

    private func rmc(
        _ maker: TrackMessages, _ seconds: Int64, _ latitude: Double = 30, _ longitude: Double = 114, flow: UInt32 = 0,
        captured: CaptureTime = .unknown
    ) {
        maker.add(
            "RMC", flow: flow, captured: captured,
            place(latitude, longitude).merging(
                [
                    "utc": .time(seconds, 0), "status": .label("valid"), "speed": .number(36), "course": .number(270),
                ]) { $1 })
    }

    // MARK: Receivers

    @Test func sentencesOfOneTimeAreOnePosition() {
        let maker = TrackMessages()
        gga(maker, "08:00:00.00")
        maker.add(
            "GLL", place(30, 114).merging(["time_of_day": .text("08:00:00"), "status": .label("valid")]) { $1 })
        rmc(maker, march + 8 * 3600)
        gga(maker, "08:00:01.00", 30.0001)
        let positions = maker.positions()
        #expect(positions.count == 2)
        #expect(positions[0].height == 25.5)
        #expect(positions[0].speed == 36)
        #expect(positions[0].course == 270)
        #expect(positions[0].stated == captured(8 * 3600))
        #expect(positions[0].flags == [.valid])
        #expect(positions[1].stated == captured(8 * 3600 + 1))
        #expect(positions[1].flags == [.valid, .dateCompleted])
        #expect(maker.reader.counts.merged == 2)
        #expect(maker.reader.terminals == [Terminal(group: .nmea, name: "flow 0")])
    }

    @Test func sentencesOfOneTimeFromDifferentFlowsAreTwoPositions() {
        let maker = TrackMessages()
        gga(maker, "08:00:00", flow: 0)
        gga(maker, "08:00:00", 31, flow: 1)
        rmc(maker, march + 8 * 3600, flow: 0)
        let positions = maker.positions()
        #expect(positions.map(\.latitude) == [30, 31])
        #expect(positions.map(\.speed.isNaN) == [false, true])
        #expect(maker.reader.terminals.map(\.name) == ["flow 0", "flow 1"])
    }

    @Test func theSameSentenceAgainIsNotMerged() {
        let maker = TrackMessages()
        for _ in 0..<2 {
            gga(maker, "08:00:00")
            rmc(maker, march + 8 * 3600)
        }
        #expect(maker.positions().count == 2)
    }

    @Test func anEpochMayLieInTwoBatches() {
        let maker = TrackMessages()
        gga(maker, "08:00:00")
        #expect(maker.positions(ends: false).isEmpty)
        rmc(maker, march + 8 * 3600)
        let positions = maker.positions()
        #expect(positions.count == 1)
        #expect(positions.first?.speed == 36)
    }

    @Test func aDateIsCarriedAcrossMidnight() {
        let maker = TrackMessages()
        rmc(maker, march + 86_399)
        gga(maker, "00:00:01")
        gga(maker, "12:00:00")
        gga(maker, "23:59:59")
        gga(maker, "00:00:00")
        let expected: [Double] = [86_399, 86_401, 129_600, 172_799, 172_800]
        #expect(maker.positions().map(\.stated) == expected.map { captured($0) })
    }

    @Test func aSentenceOfTheDayBeforeIsNotOfTheNext() {
        let maker = TrackMessages()
        rmc(maker, march + 1)
        gga(maker, "23:59:59")
        #expect(maker.positions().map(\.stated) == [captured(1), captured(-1)])
    }

    @Test func aDateComesFromASentenceWithoutPosition() {
        let maker = TrackMessages()
        maker.add("ZDA", ["utc": .time(march + 100, 0)])
        gga(maker, "00:01:41.25", captured: captured(9_000_000))
        let positions = maker.positions()
        #expect(positions.map(\.stated) == [captured(101.25)])
        #expect(positions.first?.flags.contains(.dateCompleted) == true)
    }

    @Test func aDateComesFromTheCaptureWhereTheFlowStatesNone() {
        let maker = TrackMessages()
        rmc(maker, march - 86_400 * 365, flow: 1)
        gga(maker, "23:59:59", captured: captured(2))
        gga(maker, "00:00:01", captured: captured(3))
        // The position of the other flow waits until the end.
        #expect(Array(maker.positions().map(\.stated).prefix(1)) == [captured(-1)])
    }

    @Test func aFlowThatWasSilentForDaysHasTheDateOfTheCapture() {
        let maker = TrackMessages()
        rmc(maker, march + 100, captured: captured(1000))
        gga(maker, "00:01:41", captured: captured(1001 + 3 * 86_400))
        #expect(maker.positions().map(\.stated) == [captured(100), captured(101 + 3 * 86_400)])
    }

    @Test func withoutAnyDateThereIsATimeOfDayOnly() {
        let maker = TrackMessages()
        gga(maker, "08:00:00.5")
        let positions = maker.positions()
        #expect(positions.map(\.stated.isKnown) == [false])
        #expect(positions.map(\.timeOfDay) == [28_800_500_000_000])
        #expect(maker.reader.counts.undated == 1)
    }

    @Test func datesAreOfOneCaptureOnly() {
        let maker = TrackMessages()
        rmc(maker, march)
        #expect(maker.positions().count == 1)
        gga(maker, "00:00:01")
        #expect(maker.positions().map(\.stated.isKnown) == [false])
        // The flow has the same name, so it is the same receiver.
        #expect(maker.reader.terminals.count == 1)
    }

    // MARK: Refusals

    @Test func aVoidFixGivesNothingAndIsCounted() {
        let maker = TrackMessages()
        maker.add("GGA", ["time_of_day": .text("08:00:00"), "quality": .label("none")])
        maker.add("GGA", place(30, 114).merging(["quality": .label("none")]) { $1 })
        maker.add("RMC", place(30, 114).merging(["status": .label("void"), "utc": .time(march, 0)]) { $1 })
        maker.add("GLL", ["time_of_day": .text("08:00:00")])
        maker.add(
            "0x0200", place(0, 0).merging(["phone": .text("013912345678"), "positioned": .unsigned(0)]) { $1 })
        #expect(maker.positions().isEmpty)
        #expect(maker.reader.counts.void == 5)
        #expect(maker.reader.counts.absurd == 0)
        #expect(maker.reader.terminals.isEmpty)
    }

    @Test(arguments: [
        (90.1, 0.0), (-91, 0), (0, 180.5), (0, -181), (.nan, 0), (0, .infinity),
    ])
    func anAbsurdPlaceIsRefused(latitude: Double, longitude: Double) {
        let maker = TrackMessages()
        maker.add("DWXX", place(latitude, longitude).merging(["address": .unsigned(1)]) { $1 })
        #expect(maker.positions(ends: false).isEmpty)
        #expect(maker.reader.counts.absurd == 1)
        #expect(maker.reader.firstAbsurd?.packet == 1)
    }

    @Test func aPlaceThatIsNotWrittenRightIsRefused() {
        let maker = TrackMessages()
        maker.add("GGA", ["latitude": .no(.malformed), "longitude": .number(3), "quality": .label("gnss")])
        maker.add("GGA", ["latitude": .number(3), "quality": .label("gnss")])
        maker.add("GGA", ["latitude": .no(.outOfRange), "longitude": .number(3)])
        #expect(maker.positions().isEmpty)
        #expect(maker.reader.counts.absurd == 3)
    }

    @Test func absurdSpeedsAndCoursesAreNotTold() {
        let maker = TrackMessages()
        maker.add(
            "0x0200",
            place(30, 114).merging([
                "phone": .text("1"), "speed": .number(-1), "course": .number(361), "height": .number(.infinity),
            ]) { $1 })
        let positions = maker.positions()
        #expect(positions.count == 1)
        #expect(positions.allSatisfy { $0.speed.isNaN && $0.course.isNaN && $0.height.isNaN })
    }

    @Test func theEndsOfTheRangesArePlaces() {
        let maker = TrackMessages()
        for (latitude, longitude) in [(90.0, 180.0), (-90, -180), (0, 0)] {
            maker.add("DWXX", place(latitude, longitude).merging(["address": .unsigned(1)]) { $1 })
        }
        #expect(maker.positions().count == 3)
    }

    @Test(arguments: ["", "0800", "08:00:0", "24:00:00", "08:60:00", "08:00:61", "08:00:00.", "08:00:00.x", "ab:cd:ef"])
    func aTimeThatIsNoneIsNotTaken(_ text: String) {
        let maker = TrackMessages()
        gga(maker, text, captured: captured(0))
        #expect(maker.positions().map(\.timeOfDay) == [-1])
    }

    @Test func aLeapSecondIsTheEndOfTheSecondBefore() {
        let maker = TrackMessages()
        gga(maker, "23:59:60")
        #expect(maker.positions().map(\.timeOfDay) == [86_399_999_999_999])
    }

    @Test func aDateOutsideOfTheYearsOfCapturesIsNone() {
        let maker = TrackMessages()
        for seconds: Int64 in [-62_135_596_800, 253_402_300_799, -1] {
            maker.add("0x0200", place(30, 114).merging(["phone": .text("1"), "utc": .time(seconds, 5)]) { $1 })
        }
        #expect(maker.positions().map(\.stated.nanoseconds) == [.min, .min, -999_999_995])
    }

    @Test func terminalsBeyondTheBoundAreCounted() {
        let maker = TrackMessages(mostTerminals: 2)
        for address in 1...4 {
            maker.add("DWXX", place(30, 114).merging(["address": .unsigned(UInt64(address))]) { $1 })
        }
        for name in ["x", "y", "z"] {
            maker.add("0x0200", place(30, 114).merging(["phone": .text(name)]) { $1 })
        }
        #expect(maker.positions().count == 2)
        #expect(maker.reader.counts.crowded == 5)
    }

    // MARK: Who

    @Test func terminalsAreNamedByTheirDialect() {
        let maker = TrackMessages()
        maker.add("DWXX", place(30, 114).merging(["address": .unsigned(247_911)]) { $1 })
        maker.add(
            "TXXX", place(30, 114).merging(["sender": .unsigned(247_911), "time_of_day": .text("08:00:00")]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("013912345678")]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("00000000013912345678")]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("98765432109876543210")]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("A-1")]) { $1 })
        maker.add("0x0200", flow: 7, place(30, 114))
        #expect(maker.positions().map(\.who) == [0, 0, 1, 1, 2, 3, 4])
        let expected = [
            Terminal(group: .rdss, name: "0247911"), Terminal(group: .jtt808, name: "13912345678"),
            Terminal(group: .jtt808, name: "98765432109876543210"), Terminal(group: .jtt808, name: "A-1"),
            Terminal(group: .jtt808, name: "flow 7"),
        ]
        #expect(maker.reader.terminals == expected)
    }

    @Test func aPositionInAMessageHasTheTimeOfThePosition() {
        let maker = TrackMessages()
        maker.add(
            "TXXX", captured: captured(30_000),
            place(30, 114).merging(["sender": .unsigned(1), "time_of_day": .text("08:00:00")]) { $1 })
        maker.setFirst("time_of_day", .text("08:05"))
        let positions = maker.positions()
        #expect(positions.map(\.stated) == [captured(28_800)])
    }

    @Test func aMessageWithoutAPositionIsNoFailure() {
        let maker = TrackMessages()
        maker.add("TXXX", ["sender": .unsigned(1), "text": .text("hello")])
        maker.add("0x0002", ["phone": .text("1")])
        #expect(maker.positions().isEmpty)
        #expect(maker.reader.counts == PositionReader.Counts())
    }

    @Test func placesThatAPlatformTellsAreNobodysPositions() {
        let maker = TrackMessages()
        maker.add("0x8600", place(30, 114).merging(["phone": .text("1")]) { $1 })
        #expect(maker.positions().isEmpty)
        #expect(maker.reader.counts == PositionReader.Counts())
    }

    @Test func callsForHelpAreFlagged() {
        let maker = TrackMessages()
        maker.add("DWXX", place(30, 114).merging(["address": .unsigned(1), "emergency": .unsigned(1)]) { $1 })
        maker.add("DWXX", place(30, 114).merging(["address": .unsigned(1), "emergency": .unsigned(0)]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("1"), "alarm": .unsigned(0x8000_0001)]) { $1 })
        maker.add("0x0200", place(30, 114).merging(["phone": .text("1"), "alarm": .unsigned(2)]) { $1 })
        #expect(maker.positions().map { $0.flags.contains(.emergency) } == [true, false, true, false])
    }

    @Test func whoIsAskedForGoesBeforeWhoAsks() {
        let maker = TrackMessages()
        for queried in [2, 0] {
            maker.add(
                "DWXX",
                place(30, 114).merging(["address": .unsigned(1), "queried": .unsigned(UInt64(queried))]) { $1 })
        }
        #expect(maker.positions().map(\.who) == [0, 1])
        #expect(maker.reader.terminals.map(\.name) == ["0000002", "0000001"])
    }

    @Test func anEncryptedPlaceIsNone() {
        let maker = TrackMessages()
        for states in ["[\"acc_on\",\"coordinates_encrypted\"]", "[\"acc_on\"]"] {
            maker.add("0x0200", place(30, 114).merging(["phone": .text("1"), "status_flags": .text(states)]) { $1 })
        }
        #expect(maker.positions().count == 1)
        #expect(maker.reader.counts.void == 1)
    }

    @Test func anEmergencyReportCallsForHelpAndAnInjectedPlaceIsNoReport() {
        let maker = TrackMessages()
        maker.add("EPI", place(30, 114))
        maker.add("NPS", place(30, 114))
        #expect(maker.positions().map(\.flags) == [.emergency])
    }

    @Test func typesAreNumberedFromTheirBase() {
        let maker = TrackMessages(base: 5)
        maker.add("DWXX", place(30, 114).merging(["address": .unsigned(1)]) { $1 })
        #expect(maker.positions().count == 1)
    }
}
