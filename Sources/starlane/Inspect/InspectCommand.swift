import ArgumentParser
import Capture
import Pipeline

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what files hold: format, links, flows, spacecraft, channels, APIDs, and where every octet went.")

    @Argument(help: "Captures to look into; - is standard input.")
    var files: [String]

    @Option(help: "How to say it.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        var status: Int32 = 0
        for file in files {
            do {
                let reader = try CaptureReader.open(file)
                let report = Inspection.run(reader)
                var out = TextBuffer()
                report.write(json: &out)
                print(String(decoding: out.bytes.copied2(), as: UTF8.self), terminator: "")
                if !report.ledger.rejections.isEmpty || !report.ledger.isBalanced { status = max(status, 1) }
            } catch {
                print("starlane: \(error)")
                status = 2
            }
        }
        throw ExitCode(status)
    }
}
import Bytes
extension RawSpan { func copied2() -> [UInt8] { copied() } }
