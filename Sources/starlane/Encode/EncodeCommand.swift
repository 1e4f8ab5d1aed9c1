import ArgumentParser
import Bytes
import Links
import Mission
import Pipeline

struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Make packets from values of their parameters, by a mission database.",
        discussion: """
            starlane encode --spec songjiang eps_housekeeping eps_battery_voltage=28.4
            starlane encode --spec mission.xml event_log raw.severity=3 -o event.pcap
            starlane encode --spec songjiang eps_housekeeping --explain
            starlane encode --spec songjiang adcs_state --count 10 -o ten.packets
            starlane decode pass.pcapng --format jsonl --raw |
                starlane encode --from - -o again.packets

            Names are those that decode prints, or any tail of the whole name that is
            unambiguous; raw.name= takes a value as it stands in the packet. What the
            database demands of the type, the packet's length and its sequence count are
            filled in; what is not given takes its initial value, else 0. Values are
            calibrated backwards to the nearest raw value, and one that does not fit is
            refused.
            Exit status: 0 all was made, 1 a packet was refused, 2 could not be done,
            64 wrong usage.
            """)

    @Argument(
        help: "The packet type, and its values as name=value or raw.name=value.", completion: .packetValues)
    var values: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make packets of JSON lines, as 'decode --format jsonl' writes them; - is standard input. Lines with raw values "
                + "(decode --raw) give the same packets again.",
            valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var from: String?

    @OptionGroup(title: "Meaning")
    var specs: SpecOptions

    @Flag(help: "Refuse packets of which a parameter is not given, and has no initial value.")
    var strict = false

    @Flag(help: "Take engineering values outside the valid range of the database, too.")
    var anyRange = false

    @Option(help: ArgumentHelp("Make so many packets, counted on where no count is given.", valueName: "number"))
    var count = 1

    @Option(
        help: ArgumentHelp(
            "How to write: packets, one behind the other, hex, a line a packet, pcap, or pcapng. Without it the ending of "
                + "the output tells; else it is packets, and hex on a terminal."))
    var format: PacketOutlet.Format?

    @Flag(help: "Say where each field stands, its bits, and why it holds what it holds, in place of the packet.")
    var explain = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file instead of standard output; to a peer at udp://HOST:PORT, tcp://HOST:PORT or "
                + "serial:/dev/DEVICE.", valueName: "file"),
        completion: .file())
    var output = "-"

    func validate() throws {
        if from == nil, values.isEmpty { throw ValidationError("Name a packet type, or give --from.") }
        if from != nil, values.count > 1 || values.first?.contains("=") == true {
            throw ValidationError(
                "With --from values come from the lines; a packet type may be named for lines without.")
        }
        if !(1...1_000_000_000).contains(count) {
            throw ValidationError("--count takes 1 to 1000000000, not \(count).")
        }
        if from != nil, count != 1 {
            throw ValidationError("--count is for packets of one type; --from makes one a line.")
        }
        if SourceAddress.isMeant(by: output), let format, format != .packets {
            throw ValidationError("A peer gets packets: leave --format \(format.rawValue) out.")
        }
    }

    func run() throws {
        Interruption.listen()
        var options = PacketEncoder.Options()
        options.isStrict = strict
        options.checksValidRanges = !anyRange
        let encoders = PacketEncoders(try specs.load(), options: options)
        let outlet = try Console.orEnd { () -> any Outlet in
            if SourceAddress.isMeant(by: self.output) { return try LinkOutlet(self.output) }
            return try OutputFile(path: self.output)
        }
        let isShown = explain && self.output == "-"
        let output = Output(outlet)
        let words = explain && !isShown ? Output() : output
        let format =
            self.format ?? PacketOutlet.Format.named(by: self.output) ?? (outlet.isTerminal ? .hex : .packets)
        let writer = PacketOutlet(outlet, format)
        let now = CaptureTime.now
        func make(_ place: String, _ request: () throws(PacketRequest.Refusal) -> PacketRequest) throws {
            do {
                let request = try request()
                let encoder = try encoders.encoder(for: request.type ?? "")
                let packet = try encoder.encode(request.values)
                output.isDone()
                if explain { try words.write { EncodeWords.write(encoder, packet, &$0) } }
                guard !isShown else { return }
                try output.guarding { () throws(OutputFile.Failure) in
                    try writer.write(packet, at: request.time.isKnown ? request.time : now)
                }
            } catch let code as ExitCode {
                throw code
            } catch {
                Console.say("starlane: \(place)refused: \(error)")
                output.reject()
            }
        }
        if let from {
            try read(from, output) { line, number in
                try make("line \(number): ") { () throws(PacketRequest.Refusal) in
                    try PacketRequest(line: line, type: values.first)
                }
            }
        } else {
            for _ in 0..<count where !Interruption.isAsked {
                try make("") { () throws(PacketRequest.Refusal) in try PacketRequest(words: values) }
            }
        }
        if !isShown { try output.guarding { () throws(OutputFile.Failure) in try writer.finish() } }
        try output.finish()
    }

    /// Reads lines; empty ones are passed over.
    private func read(_ file: String, _ output: Output, _ line: ([UInt8], Int) throws -> Void) throws {
        let source: DescriptorSource
        do {
            source = file == "-" ? DescriptorSource(descriptor: 0, closes: false) : try DescriptorSource(path: file)
        } catch {
            Console.say("starlane: \(file) cannot be read: \(error)")
            throw ExitCode(2)
        }
        let lines = OctetLines(source, longest: 1 << 22)
        var number = 0
        while let next = lines.next(), !Interruption.isAsked {
            number += 1
            if next.contains(where: { $0 > 0x20 }) { try line(next, number) }
        }
        if case .failed(_, let words) = source.ending { output.refused("\(file) cannot be read: \(words)") }
    }
}

extension PacketOutlet.Format: ExpressibleByArgument {}
