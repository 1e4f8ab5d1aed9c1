import ArgumentParser
import Bytes
import Glibc
import Pipeline
import Plot
import Settings
import Simulator

struct PassesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passes",
        abstract: "Say when satellites pass over ground stations, how high, and who listens when.",
        discussion: """
            starlane passes                                 the vehicles of Specs over the nine cities, three days
            starlane passes songjiang --station hefei --days 1
            starlane passes songjiang --plan                who listens when, and the gaps
            starlane passes stations.tle 'ISS (ZARYA)' --station 31.03,121.23 --sky 2
            starlane passes g60 --format ics -o g60.ics
            starlane passes songjiang --eclipses
            starlane passes songjiang --format json --carrier 2250

            Orbits are propagated by SGP4. Satellites are vehicles of Specs/vehicles, or sets of two-line elements. Times are \
            UTC, azimuths degrees from north over east, elevations degrees above the horizon without refraction.
            """)

    @Argument(
        help: ArgumentHelp(
            "Vehicles by name, files of two-line elements (- is standard input), and which of them by name or catalogue "
                + "number.", valueName: "satellite"),
        completion: .file())
    var satellites: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A station by name, or a place as LATITUDE,LONGITUDE[,HEIGHT in metres]. May be given several times; without it "
                + "all stations that are known by name.", valueName: "station"))
    var station: [String] = []

    @Option(
        help: ArgumentHelp("A file of stations instead of Specs/stations.yaml.", valueName: "file"), completion: .file()
    )
    var stations: String?

    @Option(help: ArgumentHelp("From when on; without it from now.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("For how long.", valueName: "days"))
    var days = 3.0

    @Option(help: ArgumentHelp("Only passes that reach so high.", valueName: "degrees"))
    var minElevation = 0.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The height above the horizon from which on stations see, instead of each one's own; places have 5.",
            valueName: "degrees")
    )
    var mask: Double?

    @Option(help: "How to write: table for people, json, a line a pass, or ics, a calendar.")
    var format = Format.table

    @Option(
        help: ArgumentHelp("Tell the Doppler shift of a carrier in JSON, too, in hertz.", valueName: "megahertz"))
    var carrier: Double?

    @Flag(help: "Say who listens to each satellite when, with hand-over and gaps.")
    var plan = false

    @Flag(help: "Say when satellites are in the Earth's shadow instead; stations do not matter then.")
    var eclipses = false

    @Option(
        help: ArgumentHelp(
            "Draw the sky of the pass with this number; a terminal shows that of the highest.", valueName: "number"))
    var sky: Int?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, ics }

    func validate() throws {
        if !(days > 0 && days <= 366) { throw ValidationError("--days takes more than 0 and up to 366, not \(days).") }
        if let mask, !(-10...90).contains(mask) {
            throw ValidationError("--mask takes -10 to 90 degrees, not \(mask).")
        }
        if !(0...90).contains(minElevation) {
            throw ValidationError("--min-elevation takes 0 to 90 degrees, not \(minElevation).")
        }
        if let from, Conditions.time(from) == nil {
            throw ValidationError("--from '\(from)' is no time: times are written \(Conditions.timeExamples)")
        }
        if format != .table, plan || sky != nil {
            throw ValidationError("--plan and --sky are for people; --format \(format.rawValue) tells passes alone.")
        }
        if let carrier {
            if format != .json { throw ValidationError("--carrier tells its shift in JSON: give --format json, too.") }
            if !(carrier > 0 && carrier <= 1e6) {
                throw ValidationError("--carrier takes megahertz, more than 0 and up to 1000000, not \(carrier).")
            }
        }
        if eclipses, plan || sky != nil || format == .ics || !station.isEmpty || mask != nil || minElevation > 0 {
            throw ValidationError(
                "--eclipses are of no station, and table or json: --format ics, --plan, --sky, --station, "
                    + "--mask and --min-elevation are for passes.")
        }
        if let sky, sky < 1 { throw ValidationError("--sky takes the number of a pass, from 1 on, not \(sky).") }
    }

    func run() throws {
        let satellites = try Console.orEnd { try Satellite.find(self.satellites) }
        guard !satellites.isEmpty else {
            Console.say("starlane: no vehicle is known by name here; name a file of two-line elements")
            throw ExitCode(2)
        }
        let begin = from.flatMap(Conditions.time) ?? Int64(time(nil)) * 1_000_000_000
        let (end, isTooLate) = begin.addingReportingOverflow(Int64(days * 86_400e9))
        guard !isTooLate, SearchTime.limits.contains(begin), SearchTime.limits.contains(end) else {
            Console.say(
                "starlane: passes are looked for from \(PassTime.date(SearchTime.limits.lowerBound)) to "
                    + "\(PassTime.date(SearchTime.limits.upperBound)) UTC, not from \(PassTime.date(begin)) on for "
                    + "\(days) days")
            throw ExitCode(2)
        }
        let file = try Console.orEnd { try OutputFile(path: self.output) }
        let output = Output(file)
        let style = file.isTerminal ? Style.output : Style(isOn: false)
        if eclipses {
            try EclipseReport(satellites, from: begin, until: end, output).write(isJSON: format == .json, output, style)
            return try output.finish()
        }
        let stations = try Console.orEnd { try StationChoice(station, file: self.stations).stations }
        var report = PassReport(satellites, from: begin, until: end)
        for (number, satellite) in satellites.enumerated() {
            for (place, station) in stations.enumerated() {
                let finder = PassFinder(satellite.orbit, from: station.place, mask: mask ?? station.mask)
                let found = finder.passes(from: begin, until: end)
                report.add(
                    found.passes.filter { $0.peak.look.elevation >= minElevation }, of: number, over: station)
                // It is the same for all stations.
                for gap in found.unknown where place == 0 {
                    let words =
                        "\(satellite.label): nothing is known of its orbit from \(PassTime.date(gap.from)) to "
                        + "\(PassTime.date(gap.until)): \(gap.reason)"
                    if gap.from > begin || gap.until < end { output.rejected(words) } else { output.refused(words) }
                }
            }
        }
        report.sort()
        if let sky, sky > report.rows.count {
            Console.say("starlane: --sky \(sky): there are \(report.rows.count) passes")
            throw ExitCode(2)
        }
        try output.write { out in
            switch format {
            case .json: report.writeJSON(into: &out, carrier: carrier.map { $0 * 1e6 })
            case .ics: report.writeCalendar(into: &out)
            case .table where plan: report.writePlan(into: &out, style)
            case .table: report.writeTable(into: &out, style)
            }
            guard format == .table, sky != nil || file.isTerminal && !plan else { return }
            let highest = report.rows.indices.max { a, b in
                report.rows[a].pass.peak.look.elevation < report.rows[b].pass.peak.look.elevation
            }
            guard let number = sky.map({ $0 - 1 }) ?? highest else { return }
            out.append("\n")
            report.writeSky(of: number, mask: mask, into: &out, style)
        }
        if report.rows.isEmpty { Console.say("starlane: no passes until \(PassTime.date(end)) UTC") }
        try output.finish()
    }
}

extension PassReport {
    /// Adds the sky of a pass, with where it comes up, stands highest and goes down.
    func writeSky(of number: Int, mask: Double?, into out: inout TextBuffer, _ style: Style) {
        let row = rows[number]
        let finder = PassFinder(
            satellites[row.satellite].orbit, from: row.station.place, mask: mask ?? row.station.mask)
        let steps: Int64 = 120
        let path = (0...steps).compactMap { step in
            try? finder.look(at: row.pass.rise.time + row.pass.duration / steps * step)
        }
        let moments: [(Pass.Moment, Character, String)] = [
            (row.pass.rise, "▲", "up"), (row.pass.peak, "◆", "top"), (row.pass.set, "▼", "down"),
        ]
        let plot = SkyPlot(
            path: path.map { SkyPlot.Point(azimuth: $0.azimuth, elevation: $0.elevation) },
            marks: moments.map { moment, sign, word in
                let (azimuth, height) = (PassTime.degrees(moment.look.azimuth), Int(moment.look.elevation.rounded()))
                return (
                    SkyPlot.Point(azimuth: moment.look.azimuth, elevation: moment.look.elevation), sign,
                    "\(word)  \(PassTime.clock(moment.time))  azimuth \(azimuth)°, elevation \(height)°"
                )
            })
        out.append(
            style.bold("\(number + 1)  \(satellites[row.satellite].title) over \(row.station.title)")
                + ", \(PassTime.date(row.pass.rise.time)) UTC\n")
        out.append(plot.text(hasColours: style.isOn))
    }
}
