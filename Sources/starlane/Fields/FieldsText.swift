import Bytes
import Pipeline
import Records

/// Fields for people: a few at length, many as tables, one for each owner.
///
/// What stands in the cells is in `FieldsText+Words.swift`.
struct FieldsText {
    private let fields: [Field]
    private let style: Style
    private let width: Int
    /// The columns that all tables have, so that they stand under one another.
    private let widths: (name: Int, unit: Int, example: Int)

    init(fields: [Field], style: Style, width: Int) {
        (self.fields, self.style, self.width) = (fields, style, width)
        func widest(_ text: (Field) -> String) -> Int { fields.map { text($0).columns }.max() ?? 0 }
        widths = (
            min(width < 100 ? 26 : 32, max(20, widest(\.name))), min(8, max(4, widest(\.unit))),
            min(44, widest(\.example))
        )
    }

    /// As many are described at length.
    private static let few = 6

    /// The whole text, a line feed at its end.
    func text() -> String {
        guard !fields.isEmpty else { return "" }
        let isSurvey = fields[0].found != nil
        let lines =
            fields.count <= Self.few
            ? Array(fields.map(card).joined(separator: [""]))
            : Array(sections.map { isSurvey ? surveyTable($0) : table($0) }.joined(separator: [""]))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The fields of each owner.
    private var sections: [[Field]] {
        var sections: [[Field]] = []
        for field in fields {
            if sections.last?.first?.owner == field.owner {
                sections[sections.count - 1].append(field)
            } else {
                sections.append([field])
            }
        }
        return sections
    }

    // MARK: Tables

    private func head(_ owner: Field.Owner) -> String {
        (owner.title.left(widths.name + 4) + "kind".left(7) + " " + "unit".left(widths.unit)) + "  "
    }

    /// Name, kind and unit: in a line of its own where the name is too wide for its column.
    private func start(_ field: Field) -> [String] {
        let unit = field.unit.cut(widths.unit).left(widths.unit)
        let rest = "  " + style.dim(field.kind.rawValue.left(7)) + " " + unit + "  "
        let name = "  " + style.name(field.name.left(widths.name))
        guard field.name.columns > widths.name else { return [name + rest] }
        return ["  " + style.name(field.name), String(repeating: " ", count: widths.name + 2) + rest]
    }

    private func table(_ fields: [Field]) -> [String] {
        let head = head(fields[0].owner)
        let room = width - head.columns - 1
        // An example that is cut off is none: it stands where there is room for it and for words.
        let example = room - widths.example < 34 ? 0 : widths.example
        let meaning = room - (example > 0 ? example + 2 : 0)
        var lines = [style.bold(head + "meaning".left(example > 0 ? meaning + 2 : 0) + (example > 0 ? "filter" : ""))]
        for field in fields {
            var rows = start(field)
            var line = rows.removeLast()
            if example > 0 {
                line += field.summary.cut(meaning).left(meaning) + "  " + style.dim(field.example.cut(example))
            } else {
                line += field.summary.cut(meaning)
            }
            lines += rows + [line]
        }
        return lines
    }

    private func surveyTable(_ fields: [Field]) -> [String] {
        let head = head(fields[0].owner)
        let room = width - head.columns - 12
        let meaning = room < 56 ? 0 : room * 2 / 5
        let values = room - (meaning > 0 ? meaning + 2 : 0)
        let title = head + "packets".right(9) + "  " + "values".left(meaning > 0 ? values + 2 : 0)
        var lines = [style.bold(title + (meaning > 0 ? "meaning" : ""))]
        for field in fields {
            guard let found = field.found else { continue }
            var rows = start(field)
            var line = rows.removeLast() + found.packets.grouped.right(9) + "  "
            if meaning > 0 {
                line += found.words(cut: values).left(values) + "  " + style.dim(field.meaning.cut(meaning))
            } else {
                line += found.words(cut: values)
            }
            lines += rows + [line]
        }
        return lines
    }

    // MARK: Fields at length

    private func card(_ field: Field) -> [String] {
        var facts = [
            field.kind.rawValue + (field.unit.isEmpty ? "" : " in \(field.unit)"), field.owner.title.lowercased(),
        ]
        if case .mission(let name) = field.owner { facts[1] = name }
        var lines = [style.bold(style.name(field.name)) + "  " + style.dim(facts.joined(separator: " · "))]
        func row(_ name: String, _ words: String) {
            guard !words.isEmpty else { return }
            let indent = String(repeating: " ", count: 11)
            lines.append("  " + style.dim(name.left(9)) + words.wrapped(width - 1, indent: indent))
        }
        row("meaning", field.meaning)
        if field.kind == .label || field.kind == .truth { row("values", field.labels.joined(separator: ", ")) }
        row("limits", field.limitWords)
        row("in", field.types.joined(separator: ", "))
        row("also", field.others.joined(separator: ", "))
        row("filter", field.example)
        if let found = field.found {
            let words = found.words(cut: .max)
            let packets = "in \(found.packets.grouped) packet\(found.packets == 1 ? "" : "s")"
            row("found", packets + (words.isEmpty ? "" : ": \(words)"))
        }
        return lines
    }
}
