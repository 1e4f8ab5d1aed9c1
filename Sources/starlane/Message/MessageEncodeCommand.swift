import ArgumentParser
import BeiDou
import Bytes

import Pipeline

struct MessageEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Write a sentence or frame from named values.",
        discussion: """
            starlane message encode TXA receiver=242286 text='你好 123'
            starlane message encode TXSQ --dialect rdss-4.0 address=176835 receiver=176835 text=我爱你
            starlane message encode 0x0200 phone=13912345678 latitude=31.03 longitude=121.22 utc=2026-03-15T02:30:00Z
            starlane message decode --format json --raw '$CCICA,0,00*7B' | starlane message encode --json -

            Names and units of values are those that decode prints; a value may be given raw, as it stands in the message:
            raw.latitude=3101.8000,N. 'starlane message types' lists what can be written.
            """)

    @Argument(help: "The name of the sentence or frame, and its values as name=value.")
    var values: [String] = []

    @Option(help: ArgumentHelp("Values as JSON, as decode prints them; - is standard input.", valueName: "json"))
    var json: String?

    @Option(help: "Which dialect is meant, where several have the name.")
    var dialect: Dialect?

    @Option(help: "How it is written: text (frames in hexadecimal), hex, or raw octets.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, hex, raw }

    func validate() throws {
        if json == nil, values.isEmpty { throw ValidationError("Name a sentence or frame, or give --json.") }
        if json != nil, !values.isEmpty { throw ValidationError("Values are given as arguments or as JSON, not both.") }
    }

    func run() throws {
        let output = Output()
        var requests: [MessageRequest] = []
        do {
            if let json {
                if json == "-" {
                    while let line = readLine() {
                        if line.contains("{") { requests.append(try MessageRequest(json: line)) }
                    }
                } else {
                    requests.append(try MessageRequest(json: json))
                }
            } else {
                requests.append(try MessageRequest(words: values))
            }
            for request in requests {
                let octets = try request.encode(dialect: dialect)
                try output.write { out in
                    switch format {
                    case .raw: out.append(octets.octets)
                    case .hex: out.appendHex(octets.octets)
                    case .text:
                        if request.isSentence(octets) {
                            out.append(octets.octets)
                        } else {
                            out.appendHex(octets.octets)
                        }
                    }
                    if format != .raw { out.append("\n") }
                }
            }
        } catch let refusal as EncodingRefusal {
            Console.say("starlane: refused: \(refusal)")
            throw ExitCode(1)
        }
        try output.finish()
    }
}

extension Dialect: ExpressibleByArgument {}
