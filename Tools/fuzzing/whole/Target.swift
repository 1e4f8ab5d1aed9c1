import Bytes
import Capture
import Driver
import Mission
import Pipeline

/// Any octets are looked into and decoded with the project's databases, as the commands do it: the ledger balances both
/// times.
@main
enum Target {
    static let databases = ["Specs/songjiang.xml", "Specs/g60.xml"].map { path in
        guard let database = try? Database.load(path) else { fatalError("\(path) is not there: run from the project") }
        return database
    }

    // libFuzzer calls from one thread.
    nonisolated(unsafe) static let explainer = MissionDecoder(databases, selection: .none)

    static func main() {
        drive { start, count in
            let input = octets(start, count)
            let report = Inspection.run(
                CaptureReader(name: "memory", bytes: input),
                explainer: { Target.explainer })
            precondition(report.ledger.isBalanced, "inspect: the ledger does not balance: \(report.ledger)")
            var text = TextBuffer()
            report.write(json: &text)
            // A sink of both databases takes longer to make than most inputs to read: one input in four is decoded.
            if count % 4 == 0 { Target.decode(input, [.jsonl, .csv, .table][count / 4 % 3]) }
            return 0
        }
    }

    static func decode(_ input: [UInt8], _ format: Decoding.Format) {
        var options = Decoding.Options()
        options.format = format
        options.withRaw = true
        guard let file = try? OutputFile(path: "/dev/null"),
            let decoding = try? Decoding(databases, into: file, options)
        else { return }
        let ledger = try? decoding.run(CaptureReader(name: "memory", bytes: input))
        try? decoding.finish()
        precondition(ledger?.isBalanced ?? false, "decode: the ledger does not balance: \(ledger as Any)")
    }
}
