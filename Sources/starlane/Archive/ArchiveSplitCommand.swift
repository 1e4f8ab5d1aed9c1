import ArgumentParser
import Bytes
import Capture
import Pipeline

struct ArchiveSplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Cut an archive into several, by size, packets, time or interface.",
        discussion: """
            starlane archive split day.pcapng.gz --interval 3600 -o hour.pcapng.gz
            starlane archive split day.pcapng.gz --by interface -o station.pcapng.gz

            The first writes hour-0001.pcapng.gz and so on, the second station-NAME.pcapng.gz; their names go to standard \
            output. Members are copied as they stand, but for those that a cut goes through; by interface all are written \
            anew.
            """)

    @Argument(help: "The archive.", completion: .file())
    var file: String

    @Option(name: .shortAndLong, help: "What the parts are called; a number or a name comes in between.")
    var output: String

    @Option(help: ArgumentHelp("Parts of at most so many octets: 500M, 2G.", valueName: "octets"))
    var size: String?

    @Option(help: ArgumentHelp("Parts of so many packets.", valueName: "number"))
    var packets: Int?

    @Option(help: ArgumentHelp("Parts of so long.", valueName: "seconds"))
    var interval: Double?

    @Option(help: "A part for each interface.")
    var by: Key?

    enum Key: String, ExpressibleByArgument, CaseIterable { case interface }

    func validate() throws {
        let given = [size != nil, packets != nil, interval != nil, by != nil].filter { $0 }.count
        if given != 1 { throw ValidationError("Say one of --size, --packets, --interval and --by interface.") }
        if let size, Self.octets(size) == nil {
            throw ValidationError("--size takes a number of octets, with k, M or G behind it, not \(size).")
        }
        if let packets, packets < 1 { throw ValidationError("--packets takes 1 or more, not \(packets).") }
        if let interval, !(interval >= 0.001 && interval <= 1e9) {
            throw ValidationError("--interval takes 0.001 to 1000000000 seconds, not \(interval).")
        }
        if output == "-" || output.hasSuffix("/") {
            throw ValidationError("--output takes the name of a file, in which numbers are put: hour.pcapng.gz.")
        }
    }

    /// Octets with a unit of thousands behind them.
    private static func octets(_ text: String) -> UInt64? {
        let units: [Character: UInt64] = ["k": 1000, "K": 1000, "M": 1_000_000, "G": 1_000_000_000]
        let unit = text.last.flatMap { units[$0] }
        guard let number = UInt64(unit == nil ? Substring(text) : text.dropLast()), number > 0 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        return overflow ? nil : product
    }

    /// The file of a part.
    private func name(_ middle: String) -> String {
        let path = output.split(separator: "/", omittingEmptySubsequences: false)
        let file = path.last ?? ""
        let point = file.dropFirst().firstIndex(of: ".") ?? file.endIndex
        return (path.dropLast().map { String($0) } + ["\(file[..<point])-\(middle)\(file[point...])"])
            .joined(separator: "/")
    }

    func run() throws {
        Interruption.listen()
        let output = Output()
        guard let archive = ArchiveOpening.open(file, output, { try ArchiveReading(path: $0) }) else {
            return try output.finish()
        }
        do {
            if by == .interface {
                let parts = try Splitting.byInterface(file, name: { name($0) }) { _ in !Interruption.isAsked }
                for part in parts { try say(part.name, part.packets, output) }
            } else {
                let cut: Splitting.Cut =
                    packets.map { .packets($0) } ?? interval.map { .interval(Int64($0 * 1e9)) }
                    ?? .size(size.flatMap { Self.octets($0) } ?? .max)
                let splitting = try Splitting(archive) { number in
                    let digits = String(number)
                    return name(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
                }
                try splitting.run(cut) { _ in !Interruption.isAsked }
                for part in splitting.parts { try say(part.name, part.packets, output) }
            }
        } catch let error as Splitting.Refusal {
            output.refused("\(file): \(error)")
        } catch let error as ArchiveReading.Damage {
            output.refused(
                "\(file): \(error): 'starlane archive repair' makes an archive of what can be read of it")
        } catch let code as ExitCode { throw code } catch { output.refused("\(error)") }
        try output.finish()
    }

    private func say(_ name: String, _ packets: UInt64, _ output: Output) throws {
        try output.write { $0.append("\(name)  \(packets.grouped) packets\n") }
    }
}

struct ArchiveRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Make an archive of what can be read of a damaged one; a torn end is mended in place, too.",
        discussion: """
            starlane archive repair damaged.pcapng.gz -o whole.pcapng.gz
            starlane archive repair torn.pcapng.gz

            What was lost is said: how many octets, behind which packet.
            """)

    @Argument(help: "The archive.", completion: .file())
    var file: String

    @Option(
        name: .shortAndLong, help: "The new archive; without it a torn end of FILE is mended in its place.",
        completion: .file())
    var output: String?

    func validate() throws { if let output { try ArchiveOpening.check([file], against: output) } }

    func run() throws {
        Interruption.listen()
        let words = Output()
        guard let archive = ArchiveOpening.open(file, words, { try ArchiveReading(path: $0) }) else {
            return try words.finish()
        }
        let repairing = Repairing(archive)
        if output == nil, repairing.isDamagedInside {
            words.refused("\(file) is damaged inside, where nothing can be mended in place: say -o NAME.pcapng.gz")
            return try words.finish()
        }
        try Console.orEnd {
            guard let output else { return try repairing.mend(file) }
            let target = try OutputFile(path: output, from: 0)
            try repairing.run(into: target) { _ in !Interruption.isAsked }
            try target.close()
        }
        for loss in repairing.losses {
            Console.say("starlane: \(file): \(Self.words(loss))")
            words.reject()
        }
        let (whole, all) = repairing.members
        try words.write {
            $0.append(
                "\(output ?? file): \(whole.grouped) of \(all.grouped) members, \(repairing.packets.grouped) packets\n")
        }
        try words.finish()
    }

    private static func words(_ loss: Repairing.Loss) -> String {
        let place =
            "\(loss.octets.grouped) octets from \(loss.offset.grouped) on, behind packet \(loss.behind.grouped),"
        if let found = loss.found {
            return "\(place) are torn: \(loss.what); \(found.grouped) packets could be read of them"
        }
        if let packets = loss.packets { return "\(place) are lost with \(packets.grouped) packets: \(loss.what)" }
        return "\(place) are lost: \(loss.what)"
    }
}
