internal import Bytes

/// What the names of a result are: those told, and those known.
struct ScoreColumns {
    /// A name.
    struct Name {
        /// Its number among those of the result; nil of one beyond those that are kept.
        var number: Int?
        /// The number that the last part of it has among the truth's; nil where no value there is called so.
        let part: Int?
        /// What it means, and how good it is: less is better.
        let column: ScoreColumn?
        let rank: Int
    }

    private let told: [ScoreColumn: String]
    /// Names that were told and did not occur yet.
    private(set) var missed: [(column: ScoreColumn, name: String)]
    private let truth: NameTable
    private var table = NameTable()
    private var known: [Name] = []
    /// Names without end would be kept without end.
    private static let most = 1 << 16
    /// The name that each meaning was last taken from.
    private(set) var meant: [ScoreColumn: String] = [:]
    private var meantNumbers = [Int?](repeating: nil, count: ScoreColumn.allCases.count)

    init(told: [ScoreColumn: String], truth: NameTable) {
        (self.told, self.truth) = (told, truth)
        missed = ScoreColumn.allCases.compactMap { column in told[column].map { (column, $0) } }
    }

    /// Takes the leaves of an object, and what of them says which packet it is.
    mutating func read(_ line: inout ScoreLine, _ heads: inout ResultHeads) {
        line.values.removeAll(keepingCapacity: true)
        heads.removeAll()
        table.beginLine()
        let isOurs = line.tape.member("parameters") != nil
        var place = 1
        while let leaf = line.tape.nextLeaf(&place, isOurs) {
            let name = name(line.tape.name(at: leaf.member))
            if let column = name.column,
                heads.take(leaf.value, as: column, rank: name.rank < 0 ? name.rank : name.rank + leaf.depth * 1_000),
                name.number == nil || name.number != meantNumbers[column.index]
            {
                (meant[column], meantNumbers[column.index]) = (line.tape.nameWords(at: leaf.member), name.number)
            }
            if let part = name.part, !isOurs || leaf.depth > 0 { line.values.append((part, leaf.value)) }
        }
    }

    /// The names of the values of an object.
    static func names(_ tape: ValueTape) -> [String] {
        let isOurs = tape.member("parameters") != nil
        var (place, names): (Int, [String]) = (1, [])
        while let leaf = tape.nextLeaf(&place, isOurs) {
            if !isOurs || leaf.depth > 0 { names.append(ScoreColumn.lastPart(of: tape.nameWords(at: leaf.member))) }
        }
        return names
    }

    /// What the next name of a line is.
    private mutating func name(_ octets: RawSpan) -> Name {
        guard let number = table.number(of: octets, most: Self.most) else {
            return name(String(decoding: octets.copied(), as: UTF8.self))
        }
        if number == known.count {
            var name = name(table.names[number])
            name.number = number
            known.append(name)
        }
        return known[number]
    }

    private mutating func name(_ name: String) -> Name {
        var meaning = ScoreColumn.meaning(of: name)
        if let found = meaning, told[found.column] != nil { meaning = nil }
        let part = ScoreColumn.lastPart(of: name)
        for (column, wanted) in told where wanted == name || wanted == part {
            meaning = (column, wanted == name ? -2 : -1)
            missed.removeAll { $0.column == column }
        }
        return Name(
            part: truth.number(of: part), column: meaning?.column, rank: meaning?.rank ?? 0)
    }

    /// What of the names of a table says which packet a row is of, and the numbers of those that the truth has.
    mutating func read(names: [String]) -> [(part: Int?, meaning: ScoreColumn?)] {
        var heads = ResultHeads()
        var columns: [(part: Int?, meaning: ScoreColumn?)] = []
        for (place, words) in names.enumerated() {
            let name = name(words)
            columns.append((name.part, nil))
            guard let column = name.column, heads.take(place, as: column, rank: name.rank) else { continue }
            meant[column] = words
        }
        for column in ScoreColumn.allCases { if let place = heads[column] { columns[place].meaning = column } }
        return columns
    }
}

extension ValueTape {
    /// What a line of `decode --format jsonl` has beside its values, which are its parameters alone.
    private static let asides = ["raw", "limits", "invalid"]

    /// The next member of an object, or of objects in it, that holds no members; nil behind the last one.
    ///
    /// - Parameter isOurs: the line is one of `decode --format jsonl`.
    fileprivate func nextLeaf(_ place: inout Int, _ isOurs: Bool) -> (member: Int, value: Int, depth: Int)? {
        while place < values.count {
            let member = place
            let depth = Int(values[member].depth)
            place = Int(values[member].next)
            let holds = values[member].kind == .object || values[member].kind == .list
            if isOurs, depth == 1, holds, Self.asides.contains(where: { isNamed($0, at: member) }) { continue }
            // Programs that may find a field several times write lists of one.
            let value = onlyElement(of: member) ?? member
            guard values[value].kind == .object else { return (member, value, depth - 1) }
            place = value + 1
        }
        return nil
    }
}
