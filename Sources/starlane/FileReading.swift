import Bytes
import Capture
import Mission
import Pipeline

/// What commands do with each file, or live source, that they look into.
struct FileReading {
    let reading: ReadingOptions
    let layout: LayoutOptions
    let output: Output
    /// Whether it is said what is read of archives.
    var explains = false
    /// What explains packets now: archives tell what explained them when they were written.
    var databases: [Database] = []

    /// Reads one with its progress shown, and says what is wrong with it.
    ///
    /// - Parameters:
    ///   - stopped: what became of what was read until the user ended it: "is drawn".
    ///   - slice: which members of an archive are read.
    ///   - isShared: whether data goes to the terminal that shows the progress.
    ///   - work: reads the source to its end, and gives the ledger.
    ///   - refusal: why a capture filter could not look at it.
    /// - Returns: the ledger; nil where it cannot be opened, which is said.
    func read(
        _ file: String, stopped: String, slice: (String, ToldLayout?) -> ArchiveSlice? = { _, _ in nil },
        isShared: Bool = false,
        _ work: (any PacketSource, ToldLayout?, Known, (ReadProgress) -> Bool) throws -> Ledger,
        refusal: () -> String?
    ) rethrows -> Ledger? {
        let told = layout.told(of: file)
        var known = file == "-" ? Known() : Prescan.run(path: file, told: told)
        known.slice = reading.isLimited ? nil : slice(file, told)
        if explains { Console.say("starlane: \(file): \(ArchiveSlice.words(known.slice))") }
        let source: any PacketSource
        do { source = try reading.open(file, known.slice?.choice ?? .all) } catch {
            output.refused(error.words)
            return nil
        }
        Redefinition.say(of: file, source, databases)
        var progress = Progress(file, isShared: isShared)
        let ledger = try work(source, told, known) { reached in
            progress.show(reached)
            return !Interruption.isAsked
        }
        Progress.clear()
        if let refusal = refusal() { output.refused("\(file): \(refusal)") }
        for problem in source.problems { Console.say("starlane: \(file): \(problem)") }
        if Interruption.isAsked { Console.say("starlane: \(file): stopped; what was read until then \(stopped)") }
        output.judge(ledger)
        output.say(ledger, of: file)
        return ledger
    }
}

extension Redefinition {
    /// Says which databases are others now than when the packets of an archive were archived.
    static func say(of file: String, _ source: any PacketSource, _ databases: @autoclosure () -> [Database]) {
        let definitions = source.definitions
        guard !definitions.isEmpty else { return }
        for change in Redefinition.all(in: definitions, databases()) {
            let (first, then, now) = (change.first.grouped, change.then.shortDigits, change.now.shortDigits)
            let packets = change.last.map { "\(first) to \($0.grouped)" } ?? "from \(first) on"
            Console.say(
                "starlane: \(file): \(change.now.name) was \(then) when packets \(packets) were archived and is \(now) now: "
                    + "'starlane diff \(file) --spec THEN --spec NOW' shows what differs")
        }
    }
}

extension ReadingOptions {
    /// Copies packets of sources, one behind the other, with progress shown; says what cannot be read.
    ///
    /// - Parameter work: copies all of a source, and gives the ledger.
    func copy(
        _ sources: [String], _ output: Output, _ choice: MemberChoice = .all,
        _ work: (any PacketSource, (ReadProgress) -> Bool) throws -> Ledger
    ) throws {
        for name in sources where !Interruption.isAsked {
            try output.copy(name, from: { try open(name, choice) }, work)
        }
    }
}

extension Output {
    /// Copies a source with progress shown; says what is wrong with it.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - open: gives the source.
    ///   - work: copies all of it, and gives the ledger.
    func copy(
        _ name: String, from open: () throws -> any PacketSource,
        _ work: (any PacketSource, (ReadProgress) -> Bool) throws -> Ledger
    ) throws {
        do {
            let source = try open()
            var progress = Progress(name)
            let ledger = try work(source) { reached in
                progress.show(reached)
                return !Interruption.isAsked
            }
            Progress.clear()
            for problem in source.problems { Console.say("starlane: \(name): \(problem)") }
            judge(ledger)
        } catch {
            switch error {
            case let error as ReadingOptions.Refusal: refused(error.words)
            case let error as OutputFile.Failure:
                try guarding { () throws(OutputFile.Failure) in throw error }
            default: refused("\(name): \(error)")
            }
        }
    }
}
