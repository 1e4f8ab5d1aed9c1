import Simulator

extension TerminalCounts {
    /// What became of all messages, in a line.
    var words: String {
        var parts = [
            "\(terminals.grouped) terminals sent \(sent.grouped) messages: \(received.grouped) received, "
                + "\(coverage.grouped) without coverage, \(loss.grouped) lost"
        ]
        if dropped > 0 { parts.append("\(dropped.grouped) dropped by the pace of cards") }
        if givenUp > 0 { parts.append("\(givenUp.grouped) given up") }
        if answers > 0 { parts.append("\(answers.grouped) answered") }
        return parts.joined(separator: "; ")
    }
}
