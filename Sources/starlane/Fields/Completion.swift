import ArgumentParser
import Foundation
import Links
import Mission
import Pipeline
import Query
import Records

/// What shells offer for the names of fields. A shell calls the program for it, with the words of the line.
extension CompletionKind {
    /// A filter: its last word.
    static let filter = CompletionKind.fields { $0.filters($1) }

    /// Names with commas between: the last one. The comma that may follow keeps a shell from ending the word.
    static let fieldList = CompletionKind.fields { completion, typed in
        let last = typed.lastIndex(of: ",").map { typed[typed.index(after: $0)...] } ?? typed[...]
        let found = completion.fields(String(last)).map { String(typed.dropLast(last.count)) + $0 }
        return found.count == 1 ? found + [found[0] + ","] : found
    }

    /// The name of one field.
    static let field = CompletionKind.fields { $0.fields($1) }

    /// Files, and names of fields.
    static let filesAndFields = CompletionKind.fields { files(beginningWith: $1) + $0.fields($1) }

    /// Packet types, and behind the first word parameters of the type that it names, with the sign behind them.
    static let packetValues = CompletionKind.custom { words, index, prefix in
        let databases = databases(toldBy: words)
        let encoders = PacketEncoders(databases)
        let typed = ShellWord(prefix).text
        // The words in front that are no options, nor what an option takes.
        let types = words.prefix(max(0, index)).dropFirst().compactMap { word in
            word.hasPrefix("-") || word.contains("=") ? nil : try? encoders.encoder(for: ShellWord(word).text)
        }
        guard let encoder = types.first else {
            let short = Dictionary(grouping: encoders.types, by: \.shortName).filter { $1.count == 1 }.keys
            return (Array(short) + (typed.contains(".") ? encoders.types.map(\.name) : [])).filter {
                $0.hasPrefix(typed)
            }
            .sorted()
        }
        let isRaw = typed.hasPrefix("raw.")
        return encoder.type.parameters.map { (isRaw ? "raw." : "") + $0.shortName + "=" }.filter { $0.hasPrefix(typed) }
    }

    private static func fields(_ complete: @escaping @Sendable (FilterCompletion, String) -> [String]) -> CompletionKind
    {
        .custom { words, index, prefix in
            // Only bash tells rightly how far the cursor is in a word with an open quote.
            let isWhole = CompletionShell.requesting != .bash
            let typed = ShellWord(isWhole && words.indices.contains(index) ? words[index] : prefix).text
            let catalogue = FieldCatalogue(databases(toldBy: words))
            let found = complete(FilterCompletion(catalogue), typed)
            // Behind a colon zsh expects a description.
            guard CompletionShell.requesting == .zsh else { return found }
            return found.map { $0.replacing("\\", with: "\\\\").replacing(":", with: "\\:") }
        }
    }

    /// The databases that the line tells, or all that are known; one that cannot be used is nothing to complain of here.
    private static func databases(toldBy words: [String]) -> [Database] {
        var told: [String] = []
        for (index, word) in words.enumerated() {
            if word == "--spec", index + 1 < words.count { told.append(ShellWord(words[index + 1]).text) }
            if word.hasPrefix("--spec=") { told.append(ShellWord(String(word.dropFirst(7))).text) }
        }
        guard !told.isEmpty else { return SpecOptions.known }
        // Bash takes words apart at the sign.
        let paths = told.filter { $0 != "=" }.flatMap { (try? SpecLibrary.paths(for: $0)) ?? [] }
        return paths.compactMap { try? Database.load($0) }
    }

    private static func files(beginningWith typed: String) -> [String] {
        let end = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let (folder, start) = (String(typed[..<end]), typed[end...])
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { $0.hasPrefix(start) && (!$0.hasPrefix(".") || start.hasPrefix(".")) }.sorted().map {
            let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: folder + $0)) != nil
            return folder + $0 + (isFolder ? "/" : "")
        }
    }
}

/// A word of a shell's line, perhaps with a quote that has no end yet.
struct ShellWord {
    /// What it means.
    let text: String

    init(_ word: String) {
        switch word.first {
        case "'":
            let inner = word.dropFirst()
            text = String(inner.last == "'" ? inner.dropLast() : inner)
        case "\"":
            let inner = word.dropFirst()
            text = Self.unescaped(inner.last == "\"" ? inner.dropLast() : inner)
        default: text = Self.unescaped(word[...])
        }
    }

    private static func unescaped(_ word: Substring) -> String {
        var out = ""
        var isEscaped = false
        for character in word {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                out.append(character)
                isEscaped = false
            }
        }
        return out
    }
}
