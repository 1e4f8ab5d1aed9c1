import ArgumentParser
import Bytes
import Pipeline

struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario", abstract: "Begin a scenario of your own.", subcommands: [ScenarioNewCommand.self])
}

struct ScenarioNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a scenario to begin with, in which comments say what may stand there.",
        discussion: """
            starlane scenario new mine.yaml
            starlane simulate mine.yaml --check
            starlane simulate mine.yaml -o mine.pcapng
            """)

    @Argument(help: "The file, which is not there yet; - is standard output.", completion: .file(extensions: ["yaml"]))
    var file = "-"

    @Flag(help: "Write over a file that is there.")
    var force = false

    func run() throws {
        if file != "-", !force, SpecLibrary.isFile(file) {
            Console.say("starlane: \(file) is there already: give another name, or --force to write over it")
            throw ExitCode(2)
        }
        let output = Output(try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: file) })
        output.isDone()
        try output.write { $0.append(Self.template) }
        try output.finish()
        if file != "-", Console.errorIsTerminal { Console.say("starlane simulate \(file) --check says what is in it") }
    }

    private static let template = """
        # A scenario for 'starlane simulate'. Specs/simulation.md says all that may stand here.
        title: Two satellites and a broken fibre
        # When it begins, in UTC, and how long it lasts: 90 s, 15 min, 6 h, 2 d.
        start: 2026-03-15T02:15:00Z
        duration: 22 min
        # The same seed gives the same octets everywhere.
        seed: 1
        # So many times as fast as the clock when it is sent with --to.
        time-scale: 1

        # Vehicles by name (files in Specs/vehicles), or files beside this one that end in .yaml.
        spacecraft:
          - songjiang
          - g60
          # - {vehicle: songjiang, name: walker, count: 24, planes: 3, phasing: 1}    # a constellation

        # Stations by name (Specs/stations.yaml), or with a place of their own.
        stations:
          - hangzhou
          - hefei
          - anji: {title: Anji, latitude: 30.64, longitude: 119.68, height: 30, mask: 10}

        # What is between spacecraft and stations: the probability of each bit to be turned over by degrees of elevation, fades
        # that come and go, and the probability from which on a station finds no frames.
        link:
          bit-errors: {5: 1e-5, 20: 1e-6, 60: 1e-9}
          fades: {every: 3 min, last: 4 s, bit-error: 1e-3}
          lock: 5e-3

        # Frames travel in a UDP datagram each, or over TCP; in front of each: none, marker, length:2, length:4.
        # transport: {over: tcp, framing: marker}

        # Fibres carry what one station hears to another one.
        legs:
          west: {from: hefei, to: hangzhou, delay: 3 ms, jitter: 0.2 ms, loss: 0.001}

        # The stations whose traffic is written down; all without this.
        record: [hangzhou, anji]

        # What happens, at lengths of time from the start on, or at times.
        events:
          # A state of the vehicle's behaviour becomes another, and goes on from there.
          - {at: 11 min, spacecraft: songjiang, set: {charge: 28}}
          # A parameter is held at a value that breaks its limits, and let go.
          - {at: 12 min, spacecraft: songjiang, hold: {eps_bus_voltage: 21}}
          - {at: 12.5 min, spacecraft: songjiang, release: eps_bus_voltage}
          - {at: 13 min, spacecraft: g60, rate: {power_battery: 5}}
          - {at: 14 min, spacecraft: g60, silent: 20 s}
          - {at: 13 min, station: anji, down: 30 s}
          - {at: 14 min, station: hangzhou, fade: 10 s, bit-error: 0.001}
          - {at: 12 min, leg: west, cut: 45 s}

        """
}
