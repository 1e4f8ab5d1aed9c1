import ArgumentParser
import BeiDou
import Bytes
import Pipeline
import Records

struct MessageTypesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types", abstract: "List the sentences and frames that are known, or the values of one.",
        discussion: """
            starlane message types
            starlane message types --dialect rdss-2.1
            starlane message types TXA
            """)

    @Argument(help: "Sentences or frames whose values are to be listed.")
    var names: [String] = []

    @Option(help: "Only those of a dialect.")
    var dialect: Dialect?

    func run() throws {
        let output = Output()
        let types = MessageTypes.all.filter { dialect == nil || $0.dialect == dialect }
        if names.isEmpty {
            for dialect in Dialect.allCases {
                let mine = types.filter { $0.dialect == dialect && $0.isKnown }
                guard !mine.isEmpty else { continue }
                try output.write { out in
                    out.append(Style.output.bold(dialect.title) + "  \(dialect.rawValue)\n")
                    var last = ""
                    let width = mine.map(\.name.count).max() ?? 0
                    for type in mine where type.name != last || type.title != mine.first?.title {
                        out.append("  " + Style.output.name(type.name.left(width + 2)) + type.title + "\n")
                        last = type.name
                    }
                }
            }
        }
        for name in names {
            let meant = types.filter { $0.name.lowercased() == name.lowercased() }
            guard !meant.isEmpty else {
                let near = Names.nearest(to: name, in: types.filter(\.isKnown).map(\.name)).joined(separator: ", ")
                output.refused(
                    "no sentence or frame is called '\(name)'" + (near.isEmpty ? "" : "; near it are \(near)"))
                continue
            }
            for type in meant { try output.write { Self.describe(type, &$0) } }
        }
        try output.finish()
    }

    private static func describe(_ type: MessageType, _ out: inout TextBuffer) {
        out.append(Style.output.bold(type.name) + "  \(type.dialect.title): \(type.title)\n")
        let width = min(24, type.parameters.map(\.shortName.count).max() ?? 0)
        for parameter in type.parameters {
            var line = "  " + Style.output.name(parameter.shortName.left(width)) + "  " + parameter.kind.word.left(9)
            line += parameter.unit.left(6)
            let isWord = parameter.kind == .enumeration || parameter.description.isEmpty
            line += isWord ? parameter.labels.joined(separator: ", ") : parameter.description
            while line.last == " " { line.removeLast() }
            out.append(line + "\n")
        }
    }
}

extension ValueKind {
    /// What kind of value it is, in a word.
    fileprivate var word: String {
        switch self {
        case .unsigned, .signed: "integer"
        case .float: "number"
        case .enumeration: "word"
        case .boolean: "boolean"
        case .string: "text"
        case .binary: "octets"
        case .time: "time"
        case .list: "list"
        }
    }
}
