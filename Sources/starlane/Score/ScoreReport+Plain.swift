import Pipeline

extension ScoreReport {
    /// The same for a terminal: what would command one in names that come from files is a point.
    var plain: ScoreReport {
        var plain = self
        (plain.command, plain.subject, plain.seed) = (command?.plain, subject?.plain, seed?.plain)
        plain.columns = columns.map { ($0.meaning, $0.name.plain) }
        plain.clock?.column = clock?.column.plain ?? ""
        for place in groups.indices {
            plain.groups[place].spacecraft = groups[place].spacecraft.plain
            plain.groups[place].types = groups[place].types.map(\.plain)
        }
        for place in values.indices { plain.values[place].name = values[place].name.plain }
        (plain.missed, plain.wrong) = (missed.map(\.plain), wrong.map(\.plain))
        (plain.invented, plain.repeated) = (invented.map(\.plain), repeated.map(\.plain))
        plain.rejections = rejections.map { ($0.stage.plain, $0.reason.plain, $0.count) }
        return plain
    }
}

extension ScoreReport.Example {
    fileprivate var plain: Self {
        var plain = self
        plain.spacecraft = spacecraft.plain
        (plain.type, plain.parameter, plain.words) = (type?.plain, parameter?.plain, words?.plain)
        return plain
    }
}

extension String {
    fileprivate var plain: String { MessageInput.words(Array(utf8)) }
}
