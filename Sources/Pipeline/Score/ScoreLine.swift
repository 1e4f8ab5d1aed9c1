/// A line of a truth or of a result.
struct ScoreLine {
    typealias Value = (name: Int, place: Int)

    var tape = ValueTape()
    /// Its values: the numbers of their names in the truth, and their places on the tape.
    var values: [Value] = []
}

/// Which values of a line say which packet it is of: of each meaning the best one.
struct ResultHeads {
    private var places = [Int?](repeating: nil, count: ScoreColumn.allCases.count)
    private var ranks = [Int](repeating: .max, count: ScoreColumn.allCases.count)

    subscript(column: ScoreColumn) -> Int? { places[column.index] }

    /// Takes a value where it is better than the one before; says whether it is.
    @discardableResult
    mutating func take(_ place: Int, as column: ScoreColumn, rank: Int) -> Bool {
        guard rank < ranks[column.index] else { return false }
        (places[column.index], ranks[column.index]) = (place, rank)
        return true
    }

    mutating func removeAll() {
        for index in places.indices { (places[index], ranks[index]) = (nil, .max) }
    }
}
