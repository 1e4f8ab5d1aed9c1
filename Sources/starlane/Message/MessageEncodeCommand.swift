import ArgumentParser
import BeiDou
import Bytes
import Pipeline

struct MessageEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Write a sentence or frame from named values.",
        discussion: """
            starlane message encode TXA receiver=242286 text='你好 123'
            starlane message encode TXSQ address=176835 receiver=176835 text=我爱你
            starlane message encode RMC status=valid latitude=31.03 longitude=121.22
            starlane message decode --format json --raw '$CCICA,0,00*7B' |
                starlane message encode --json -

            Names and units of values are those that decode prints; a value may be given raw, as it stands in the message:
            raw.latitude=3101.8000,N. 'starlane message types' lists what can be written.
            """)

    @Argument(help: "The name of the sentence or frame, and its values as name=value.")
    var values: [String] = []

    @Option(help: ArgumentHelp("Values as JSON, as decode prints them; - is standard input.", valueName: "json"))
    var json: String?

    @Option(help: "Which dialect is meant, where several have the name.")
    var dialect: Dialect?

    @Option(help: "How it is written: text (sentences; frames in hexadecimal), hex, or raw octets.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, hex, raw }

    func validate() throws {
        if json == nil, values.isEmpty { throw ValidationError("Name a sentence or frame, or give --json.") }
        if json != nil, !values.isEmpty { throw ValidationError("Values are given as arguments or as JSON, not both.") }
    }

    func run() throws {
        Interruption.listen()
        let output = Output()
        if json == "-" {
            var number = 0
            let lines = OctetLines(DescriptorSource(descriptor: 0, closes: false))
            while let line = lines.next(), !Interruption.isAsked {
                number += 1
                guard line.contains(where: { $0 > 0x20 }) else { continue }
                try write("line \(number): ", output) { () throws(EncodingRefusal) in
                    try MessageRequest(json: String(decoding: line, as: UTF8.self))
                }
            }
        } else {
            try write("", output) { () throws(EncodingRefusal) in
                if let json { try MessageRequest(json: json) } else { try MessageRequest(words: values) }
            }
        }
        try output.finish()
    }

    /// Writes a message; one that is refused does not stop those behind it.
    private func write(
        _ place: String, _ output: Output, _ request: () throws(EncodingRefusal) -> MessageRequest
    ) throws {
        do {
            let octets = try request().encode(dialect: dialect)
            try output.write { out in
                switch format {
                case .raw: return out.append(octets.octets)
                case .hex: out.appendHex(octets.octets)
                case .text: out.append(MessageInput(octets: octets).text)
                }
                out.append("\n")
            }
        } catch let refusal as EncodingRefusal {
            Console.say("starlane: \(place)refused: \(refusal)")
            output.reject()
        }
    }
}

extension Dialect: ExpressibleByArgument {}
