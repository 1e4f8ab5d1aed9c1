import ArgumentParser
import Bytes
import Capture
import Faults
import Pipeline

struct CorruptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corrupt",
        abstract: "Write captures with faults on purpose: bit errors, lost, doubled, cut, late and misplaced packets.",
        discussion: """
            starlane corrupt pass.pcapng -o worse.pcapng --fault bit-error=1e-5,loss=0.01,burst=20 --seed 7
            starlane corrupt pass.pcapng -o worse.pcapng.gz --fault duplicate=0.001,reorder=3,jitter=2ms --truth truth.jsonl
            starlane corrupt pass.pcapng -o worse.pcap --fault bit-error=1e-6 --layer link
            starlane export pass.pcapng -Y 'apid == 272' -o - | starlane corrupt - -o worse.pcapng --fault loss=5%

            Bit errors and cuts hit payloads, and the checksums of UDP and TCP are mended: what is broken still arrives, and has \
            to be noticed by who decodes it. The kinds of faults do not disturb each other: loss hits the same packets with \
            bit errors and without them. What is written down, and how: Specs/truth.md.

            Exit status: 0 all was read and written, 1 something of the captures could not be read, 2 nothing, 64 wrong usage.
            """)

    @Argument(help: "Captures and archives; - is standard input.", completion: .file())
    var files: [String]

    @Option(
        name: .shortAndLong,
        help: "The capture: .pcap is a classic one, .pcapng.gz an archive, all else a pcapng; - is standard output.",
        completion: .file())
    var output: String

    @OptionGroup(title: "Faults")
    var faults: FaultOptions

    @Option(
        help: ArgumentHelp(
            "What bit errors and cuts hit: payload, what UDP and TCP carry, and packets of bare links; link, packets from their "
                + "first octet on, and no checksum is mended."))
    var layer: Corrupting.Layer = .payload

    @Flag(help: "Leave the checksums of UDP and TCP as they are, so that receivers drop what was hit.")
    var keepChecksums = false

    @OptionGroup(title: "How much is read")
    var reading: ReadingOptions

    func validate() throws {
        guard faults.isAsked else {
            throw ValidationError(
                "nothing says what to break: give --fault bit-error=1e-5,loss=0.01 or others of \(FaultPlan.keys).")
        }
        if keepChecksums, layer == .link {
            throw ValidationError("--layer link mends no checksum: leave --keep-checksums out.")
        }
        if output == "-", faults.truth == "-" {
            throw ValidationError("-o - and --truth - would both write to standard output: give the truth a file.")
        }
        let written = [output] + (faults.truth.map { [$0] } ?? [])
        for file in files
        where file != "-" && written.contains(where: { $0 == file || SameFile.isThere($0, file) }) {
            throw ValidationError(
                "\(file) would be written over while it is read: choose another name for what is written.")
        }
        if output != "-", output == faults.truth || SameFile.clash(inputs: [], outputs: written) != nil {
            throw ValidationError("-o and --truth name the same file, \(output): give them two.")
        }
        try reading.check(files)
    }

    func run() throws {
        guard let plan = try faults.plan() else { return }
        let format = CaptureWriter.Format(path: output)
        Interruption.listen()
        let (file, truth) = try Console.orEnd {
            (try ArchiveOutlet.open(self.output, []), try faults.open())
        }
        let output = Output(file)
        let seed = faults.seed ?? 0
        let corrupting = Corrupting(
            into: file, format, plan, seed: seed, layer, mendsChecksums: !keepChecksums, truth: truth)
        corrupting.begin(program: "starlane \(Starlane.version)", sources: files)
        for (index, file) in files.enumerated() {
            try reading.copy([file], output) { try corrupting.run($0, at: index, progress: $1) }
        }
        if output.hasRead {
            try output.guarding { () throws(OutputFile.Failure) in
                try corrupting.finish(isInterrupted: Interruption.isAsked)
            }
            for line in words(corrupting, plan, seed) { Console.say(line) }
        }
        try output.finish()
    }

    /// What came of it, in lines.
    private func words(_ done: Corrupting, _ plan: FaultPlan, _ seed: UInt64) -> [String] {
        var lines = [
            "\(done.read.grouped) packets read, \(done.written.grouped) written; seed \(seed): "
                + (done.counts.words ?? "nothing was broken")
        ]
        if plan.hitsOctets, done.untouchable > 0 {
            let what =
                layer == .link ? "are empty" : "carry no payload of UDP or TCP that bit errors and cuts could hit"
            let advice = layer == .link ? "" : ": --layer link hits any octet"
            lines.append("\(done.untouchable.grouped) packets \(what)\(advice)")
        }
        if done.changedTimes > 0 {
            lines.append(
                "starlane: \(done.changedTimes.grouped) packets have other times than they were given, which the capture cannot say"
            )
        }
        return lines
    }
}

extension Corrupting.Layer: ExpressibleByArgument {}
