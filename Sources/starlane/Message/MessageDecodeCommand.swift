import ArgumentParser
import BeiDou
import Bytes
import Glibc
import Pipeline

struct MessageDecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Say what a sentence or frame holds, or what is wrong with it.",
        discussion: """
            starlane message decode '$BDFKI,DWA,N,Y,0,0058*16'
            starlane message decode --format json 2449434A43000C000000002B
            starlane message decode '7E 00 02 00 00 01 23 45 67 89 00 00 0A 81 7E'
            tail -f serial.log | starlane message decode -

            Sentences are given as text (in single quotes: $ means something to the shell), frames in hexadecimal; - reads them
            from standard input, a line each. Exit status: 0 good, 1 refused.
            """)

    @Argument(help: "Sentences as text or frames in hexadecimal; - is standard input.")
    var messages: [String]

    @Option(help: "How to say it: text for people, or a line of JSON a message.")
    var format = Format.text

    @Flag(help: "Raw values beside engineering values.")
    var raw = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        Interruption.listen()
        let file = OutputFile()
        let output = Output(file)
        let style: TextStyle = file.isTerminal && Style.output.isOn ? .terminal : .plain
        let decoding = try output.guarding { () throws(OutputFile.Failure) in
            try MessageDecoding(into: file, format: format == .json ? .jsonl : .table, withRaw: raw, style: style)
        }
        for message in messages {
            if message == "-" {
                let lines = OctetLines(DescriptorSource(descriptor: 0, closes: false))
                while let line = lines.next(), !Interruption.isAsked {
                    guard line.contains(where: { $0 > 0x20 }) else { continue }
                    try decode(MessageInput(line: line), MessageInput.words(line), decoding, output)
                }
            } else {
                try decode(MessageInput(message), MessageInput.words(Array(message.utf8)), decoding, output)
            }
        }
        try output.guarding { () throws(OutputFile.Failure) in try decoding.finish() }
        try output.finish()
    }

    private func decode(
        _ input: MessageInput?, _ text: String, _ decoding: MessageDecoding, _ output: Output
    ) throws {
        guard let input else {
            Console.say(
                "starlane: '\(text.cut(60))' is neither a sentence (it begins with $) nor octets in hexadecimal")
            output.reject()
            return
        }
        let (messages, ledger) = try output.guarding { () throws(OutputFile.Failure) in
            let result = try decoding.decode(input.octets.octets)
            try decoding.finish()
            return result
        }
        output.judge(ledger)
        if let refusal = MessageTypes.explain(input.octets.octets), messages == 0 || !ledger.rejections.isEmpty {
            output.reject()
            let (line, caret) = input.pointing(at: refusal.offset)
            Console.say("starlane: refused: \(refusal.reason)")
            let (shown, moved) = window(line, caret)
            Console.say("  " + shown + "\n  " + Style.error.bad(moved))
        } else if messages == 0 || !ledger.rejections.isEmpty {
            output.reject()
            for row in ledger.rejections { Console.say("starlane: \(row.words)") }
            if ledger.rejections.isEmpty { Console.say("starlane: there is no message in it") }
        }
    }

    /// The part of a long line around its caret.
    private func window(_ line: String, _ caret: String) -> (String, String) {
        let width = Console.width - 4
        let place = caret.count - 1
        guard line.count > width else { return (line, caret) }
        let start = max(0, min(place - width / 2, line.count - width))
        let shown = String(line.dropFirst(start).prefix(width))
        let front = start > 0 ? "…" + shown.dropFirst() : shown
        return (front, String(caret.dropFirst(start)))
    }
}
