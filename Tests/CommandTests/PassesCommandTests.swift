import Foundation
import Support
import Testing

/// `passes` as its users have it, and held against skyfield and ERFA, which are not ours.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct PassesCommandTests {
    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    private static let hasPeers = (try? run(python, ["-c", "import skyfield, erfa"]))?.status == 0
    private static let noPeers: Comment = "no Python with skyfield and pyerfa is here"

    /// A space station, an orbit of half a day, a geostationary one, and one over the poles.
    private static let lines = [
        "1 25544U 98067A   24060.51782528  .00016717  00000+0  30270-3 0  9996",
        "2 25544  51.6416 160.5281 0005805 318.2741 167.0414 15.49815308441075",
        "1 08195U 75081A   24060.33215444  .00000099  00000-0  11873-3 0   815",
        "2 08195  64.1586 279.0717 6877146 264.7651  20.2257  2.00491383225656",
        "1 28626U 05008A   24060.46683397 -.00000205  00000-0  10000-3 0  2192",
        "2 28626   0.0019 286.9433 0000335  13.7918  55.6504  1.00270176  4891",
        "1 43013U 17073A   24060.50000000  .00000010  00000-0  20000-4 0  9993",
        "2 43013  98.7300  10.0000 0001200  90.0000 270.0000 14.19550000 10008",
    ]

    private let folder: TemporaryFolder
    private var file: String { folder.file("four.tle").path }

    init() throws {
        folder = try TemporaryFolder()
        try Data(Self.lines.joined(separator: "\n").utf8).write(to: folder.file("four.tle"))
    }

    private func passes(_ arguments: [String], status: Int32 = 0) throws -> Finished {
        try Starlane.run(["passes", "--from", "2026-03-15"] + arguments).expecting(status)
    }

    @Test(
        "rise, peak and set of four orbits over five places, and shadows, are those of peers",
        .enabled(if: hasPeers, noPeers))
    func peers() throws {
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/passes.py").path
        for mask in ["0", "5", "25"] {
            let finished = try run(
                Self.python, [script, Starlane.program.path, file, "2024-03-01T00:00:00Z", "2", mask])
            #expect(finished.status == 0, "\(finished.words.suffix(600))")
            let found = try #require(try JSON.lines(finished.text).first)
            #expect(found["compared"]?.integer ?? 0 > 100 && found["shadows"]?.integer ?? 0 > 200, "\(finished.text)")
            #expect(found["seconds"]?.double ?? 9 < 1 && found["degrees"]?.double ?? 9 < 0.05)
        }
    }

    @Test("vehicles and stations are known by name, and the table, JSON and calendar tell the same passes")
    func formats() throws {
        let table = try passes(["songjiang", "--station", "hefei", "--days", "1"]).text.split(separator: "\n")
        #expect(table.count == 5 && table[0].hasPrefix(" #  station  rise (UTC)"))
        #expect(table[2].hasPrefix(" 2  hefei    2026-03-15 02:25:42  177   02:30:14  60  02:34:48  343    9:06"))
        let lines = try JSON.lines(
            try passes(["songjiang", "--station", "hefei", "--days", "1", "--format", "json"]).text)
        #expect(lines.count == 4 && lines[1]["station"]?.text == "hefei" && lines[3]["light"]?.text == "umbra")
        #expect(lines[1]["rise"]?["time"]?.text?.hasPrefix("2026-03-15T02:25:4") == true)
        // A satellite that comes nearer is heard higher: 2250 MHz times its speed over that of light.
        let shifted = try JSON.lines(
            try passes([
                "songjiang", "--station", "hefei", "--days", "1", "--format", "json", "--carrier", "2250",
            ]).text)
        for pass in shifted {
            for moment in ["rise", "peak", "set"] {
                let rate = try #require(pass[moment]?["rangeRate"]?.double)
                let shift = try #require(pass[moment]?["doppler"]?.double)
                #expect((shift + rate / 299_792.458 * 2250e6).magnitude < 0.2)
            }
        }
        #expect(shifted[0]["rise"]?["doppler"]?.double ?? 0 > 10_000)
        #expect(try passes(["songjiang", "--carrier", "2250"], status: 64).words.contains("--format json"))
        let calendar = try passes(["songjiang", "--station", "songjiang", "--days", "1", "--format", "ics"]).text
        let rows = calendar.components(separatedBy: "\r\n")
        #expect(rows.first == "BEGIN:VCALENDAR" && rows.dropLast().last == "END:VCALENDAR")
        #expect(rows.allSatisfy { $0.utf8.count <= 75 } && rows.count { $0 == "BEGIN:VEVENT" } == 4)
        #expect(calendar.contains("SUMMARY:Songjiang test satellite over Shanghai-Songjiang\\, 35 degrees\r\n"))
        // All stations see the pass over the corridor.
        let all = try JSON.lines(try passes(["songjiang", "--days", "0.2", "--format", "json"]).text)
        #expect(Set(all.compactMap { $0["station"]?.text }).count == 9)
        let high = try passes(["--days", "1", "--min-elevation", "80", "--format", "json"]).text
        #expect(try JSON.lines(high).allSatisfy { $0["peak"]?["elevation"]?.double ?? 0 >= 80 })
    }

    @Test("a plan has one listener at a time, and the sky has its way in it")
    func plan() throws {
        let plan = try passes(["songjiang", "--plan", "--days", "1"]).text
        #expect(
            plan.contains(
                "jinhua     2026-03-15 02:24:59 to 02:33:55  8:57  hands over\n  hefei      2026-03-15 02:33:55"))
        #expect(plan.contains("  nobody for 11 h 25\n") && plan.hasSuffix("; the longest gap is 11 h 25\n"))
        // What is in front of the first contact and behind the last one is a gap, too, and contacts are cut to the time.
        let late = try Starlane.checked([
            "passes", "songjiang", "--station", "hefei", "--from", "2026-03-15T02:30:00Z", "--days", "0.5", "--plan",
        ]).text
        #expect(late.contains("  hefei  2026-03-15 02:30:00 to 02:34:48  4:48\n  nobody for 11 h 25\n"))
        #expect(
            late.hasSuffix("  nobody for 22:24\n  heard for 12:02 of 12 h 00; the longest gap is 11 h 25\n"), "\(late)")
        let unheard = try passes(["songjiang", "--station", "88,0", "--mask", "80", "--days", "0.1", "--plan"]).text
        #expect(
            unheard.hasSuffix("satellite\n  nobody for 2 h 24\n  heard for 0:00 of 2 h 24; the longest gap is 2 h 24\n")
        )
        let sky = try passes(["songjiang", "--station", "hefei", "--days", "1", "--sky", "2"]).text
        #expect(sky.contains("2  Songjiang test satellite over Hefei, 2026-03-15 02:25:42 UTC"))
        #expect(sky.contains("◆ top  02:30:14  azimuth 260°, elevation 60°") && sky.contains("⠤"))
        let shadow = try passes(["songjiang", "--eclipses", "--days", "0.2"]).text.split(separator: "\n")
        #expect(shadow.count == 5 && shadow[2].hasSuffix("34:20"))
    }

    @Test("sets are chosen by name or number, from files and standard input")
    func sets() throws {
        let one = try passes([file, "28626", "--station", "0,60", "--format", "json"]).text
        // A geostationary satellite is up all the time.
        let row = try #require(try JSON.lines(one).first)
        #expect(row["satellite"]?.text == "28626" && row["isUpBefore"] != nil && row["isUpAfter"] != nil)
        #expect(row["duration"]?.double == 259_200 && row["rise"]?["time"]?.text == "2026-03-15T00:00:00.000Z")
        #expect(row["number"]?.text == "28626")
        let piped = try Starlane.run(
            ["passes", "-", "--from", "2024-03-01", "--station", "-31.5,-64.2,400", "--format", "json"],
            input: Data(("A B\n" + Self.lines[0] + "\n" + Self.lines[1] + "\n").utf8))
        #expect(piped.status == 0 && piped.text.contains("\"satellite\":\"A B\""))
    }

    @Test("of an orbit that ends early all passes before are told, and when it ends")
    func decay() throws {
        let lines = [
            "DECAYER", "1 91001U 26001A   26073.00000000  .00000000  00000-0  60000-3 0    11",
            "2 91001  51.6000  30.0000 0005000  60.0000  10.0000 16.40000000    12",
        ]
        let file = folder.file("decay.tle").path
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.file("decay.tle"))
        for days in ["1.5", "3"] {
            let found = try passes([file, "--station", "songjiang", "--days", days], status: 1)
            #expect(found.text.contains("2026-03-15 07:48:56") && found.text.contains("2026-03-15 15:24:00"))
            #expect(
                found.words.hasPrefix(
                    "starlane: DECAYER: nothing is known of its orbit from 2026-03-16 02:00:10 to 2026-03-1"))
        }
        #expect(try passes([file, "--station", "songjiang", "--days", "1"]).words.isEmpty)
        let shadows = try passes([file, "--eclipses", "--format", "json"], status: 1)
        #expect(try JSON.lines(shadows.text).count > 15 && shadows.words.contains("from 2026-03-16 02:00:10 on"))
        #expect(try Starlane.run(["passes", file, "--from", "2026-03-20"]).status == 2)
        let scenario = "start: 2026-03-16T01:50:00Z\nduration: 1 h\nspacecraft: [v.yaml]\nstations: [songjiang]\n"
        try Data(scenario.utf8).write(to: folder.file("s.yaml"))
        let vehicle = try String(
            contentsOf: projectFolder.appendingPathComponent("Specs/vehicles/songjiang.yaml"), encoding: .utf8)
        let start = try #require(vehicle.range(of: "orbit:"))
        let end = try #require(vehicle.range(of: "database:"))
        let orbit = "orbit:\n  tle: [\"\(lines[1])\", \"\(lines[2])\"]\n"
        try Data(vehicle.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: orbit).utf8).write(
            to: folder.file("v.yaml"))
        try FileManager.default.copyItem(
            at: projectFolder.appendingPathComponent("Specs/vehicles/songjiang.behaviour.yaml"),
            to: folder.file("songjiang.behaviour.yaml"))
        let refused = try Starlane.run(["simulate", folder.file("s.yaml").path, "--check"])
        #expect(
            refused.status == 2 && refused.words.contains("v is on no orbit from 609 s behind the start on: "),
            "\(refused.words)")
    }

    @Test("satellites of one name are told apart, and what is named twice is meant once")
    func alike() throws {
        let lines = [
            "DEB", "1 33001U 26001A   26073.00000000  .00000000  00000-0  10000-4 0    13",
            "2 33001  74.0000  30.0000 0010000  60.0000  10.0000 14.30000000    10", "DEB",
            "1 33002U 26001A   26073.00000000  .00000000  00000-0  10000-4 0    14",
            "2 33002  74.0000 190.0000 0020000  60.0000 100.0000 14.50000000    11",
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.file("same.tle"))
        let common = [folder.file("same.tle").path, "--station", "hefei", "--station", "hefei", "--days", "0.3"]
        let table = try passes(common).text
        #expect(table.contains("DEB (33001) hefei") && table.contains("DEB (33002) hefei"))
        #expect(try passes(common + ["--plan"]).text.contains("CONTACTS OF DEB (33002)\n"))
        let numbers = try JSON.lines(try passes(common + ["--format", "json"]).text).map { $0["number"]?.text ?? "" }
        #expect(numbers == ["33002", "33002", "33001"])
        #expect(try passes(["songjiang", "songjiang", "--station", "hefei", "--days", "1"]).text.contains(" 4  hefei"))
    }

    @Test("a mask of 65 degrees hides no pass above it, and an eclipse is told whole")
    func narrow() throws {
        let lines = [
            "1 95001U 26001A   26073.00000000  .00000000  00000-0  00000+0 0    15",
            "2 95001  20.0000  10.0000 7285000 178.0000 300.0000  2.28000000    14",
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.file("low.tle"))
        for second in stride(from: 0, to: 60, by: 10) {
            let found = try Starlane.checked([
                "passes", folder.file("low.tle").path, "--station", "0.19502,77.47389", "--from",
                "2026-03-15T19:21:\(second < 10 ? "0" : "")\(second)Z", "--days", "0.04", "--mask", "65",
            ])
            #expect(found.text.contains("19:51:25  90"))
        }
        let eclipse = try Starlane.checked([
            "passes", "songjiang", "--eclipses", "--from", "2026-03-15T03:10:00Z", "--days", "0.01", "--format", "json",
        ]).text
        #expect(eclipse.contains(#""penumbra":{"from":"2026-03-15T02:50:19.3"#) && eclipse.contains("T03:24:58.3"))
    }

    @Test("a calendar has no line of its own from a name, and one event at the least")
    func calendar() throws {
        try Data(#"stations: {x: {title: "a\r\nATTACH:b\x07", latitude: 30, longitude: 120}}"#.utf8).write(
            to: folder.file("s.yaml"))
        let events = try passes([
            "songjiang", "--stations", folder.file("s.yaml").path, "--days", "1", "--format", "ics",
        ]).text
        #expect(events.contains("LOCATION:a\\nATTACH:b\r\n") && events.contains("GEO:30.000000;120.000000\r\n"))
        let none = try passes(["songjiang", "--station", "88,0", "--mask", "80", "--days", "0.1", "--format", "ics"])
            .text
        #expect(none.contains("BEGIN:VFREEBUSY\r\n") && !none.contains("VEVENT"))
    }

    @Test("what cannot be done is said with what can")
    func refusals() throws {
        #expect(try passes(["songjang"], status: 2).words.contains("did you mean songjiang?"))
        #expect(try passes(["songjiang", "--station", "hefi"], status: 2).words.contains("did you mean hefei?"))
        #expect(try passes([file, "ISS"], status: 2).words.contains("ISS is no vehicle, file or satellite"))
        #expect(try passes(["--days", "0"], status: 64).words.contains("--days takes more than 0"))
        #expect(try passes(["--mask", "-20"], status: 64).words.contains("--mask takes -10 to 90"))
        #expect(try passes(["--plan", "--format", "json"], status: 64).words.contains("for people"))
        #expect(try passes(["--eclipses", "--station", "hefei"], status: 64).words.contains("of no station"))
        #expect(try Starlane.run(["passes", "--from", "tomorrow"]).status == 64)
        #expect(try passes(["songjiang", "--station", "hefei", "--sky", "99"], status: 2).words.contains("--sky 99"))
        // Years behind its epoch the drag of an element set is nonsense.
        let far = try Starlane.run(["passes", file, "25544", "--from", "2040-01-01", "--station", "hefei"])
        #expect(
            far.status == 2 && far.words.contains("25544: nothing is known of its orbit from 2040-01-01 00:00:00 to "),
            "\(far.words)")
        #expect(try passes(["--station", "91,121"], status: 2).words.contains("latitudes go from -90 to 90 degrees"))
        #expect(try passes(["--station", "0x1f,121"], status: 2).words.contains("no station and no place"))
        let end = try Starlane.run(["passes", "songjiang", "--from", "2262-01-01", "--days", "366"])
        #expect(
            end.status == 2 && end.words.contains("to 2261-07-15 11:33:20 UTC, not from 2262-01-01"), "\(end.words)")
        try Data("stations:\n  here: {latitude: 95, longitude: 3}\n".utf8).write(to: folder.file("s.yaml"))
        let place = try passes(["--stations", folder.file("s.yaml").path], status: 2).words
        #expect(place.contains("s.yaml:2: stations.here.latitude: degrees from -90 to 90 allowed, found '95'"))
        let vehicle = folder.file("x.yaml")
        try Data("title: X\norbit:\n  epoch: 2026-01-01\n  altitude: 500\n  inclnation: 3\n".utf8).write(to: vehicle)
        #expect(try passes([vehicle.path], status: 2).words.contains("x.yaml:5: orbit.inclnation: is not known"))
        try Data("orbit: {epoch: 2026-01-01, altitude: 500}\n".utf8).write(to: vehicle)
        #expect(try passes([vehicle.path], status: 2).words.contains("needs tle, or epoch, inclination"))
        try Data("orbit:\n  tle: [\"\(Self.lines[0])\"]\n".utf8).write(to: vehicle)
        #expect(try passes([vehicle.path], status: 2).words.contains("x.yaml:2: orbit.tle: line 2 of the set"))
    }
}

extension Finished {
    /// Itself, when it ended so.
    fileprivate func expecting(_ status: Int32, sourceLocation: SourceLocation = #_sourceLocation) -> Finished {
        #expect(self.status == status, "\(words)", sourceLocation: sourceLocation)
        return self
    }
}
