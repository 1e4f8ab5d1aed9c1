internal import Bytes

/// The terminals met, numbered in the order met.
struct TerminalRegister {
    private(set) var terminals: [Terminal] = []
    private var indexes: [TerminalKey: UInt32] = [:]
    /// Names that are no digits: they hardly ever are, so each may cost a string.
    private var texts: [String: Int] = [:]
    private var textNames: [String] = []
    private var last: (key: TerminalKey, index: UInt32)?
    /// Terminals of captures before: flows are others in each, and their names may be the same.
    private var byName: [Terminal: UInt32] = [:]
    private let most: Int

    init(most: Int) { self.most = most }

    /// Begins another capture, whose flows are others.
    mutating func beginCapture() {
        indexes = indexes.filter { $0.key.form != .flow }
        last = nil
    }

    /// The number of a terminal, which is new where it was not met; nil where there are too many. `flowName` gives the
    /// name of one that has no other.
    @inline(__always)
    mutating func number(of key: TerminalKey, flowName: (UInt32) -> String) -> UInt32? {
        if let last, last.key == key { return last.index }
        return look(key, flowName)
    }

    private mutating func look(_ key: TerminalKey, _ flowName: (UInt32) -> String) -> UInt32? {
        guard let index = indexes[key] ?? meet(key, flowName) else { return nil }
        last = (key, index)
        return index
    }

    private mutating func meet(_ key: TerminalKey, _ flowName: (UInt32) -> String) -> UInt32? {
        let name =
            switch key.form {
            case .flow: flowName(UInt32(truncatingIfNeeded: key.low))
            case .digits: key.digits
            case .text: textNames[Int(key.low)]
            }
        let terminal = Terminal(group: key.group, name: name)
        if let index = byName[terminal] {
            indexes[key] = index
            return index
        }
        guard terminals.count < most else { return nil }
        let index = UInt32(terminals.count)
        terminals.append(terminal)
        byName[terminal] = index
        indexes[key] = index
        return index
    }

    /// The key of a name in UTF-8; nil where there are too many that are no digits.
    mutating func key(_ text: RawSpan, _ group: TerminalGroup) -> TerminalKey? {
        if let key = TerminalKey(digits: text, group) { return key }
        let name = String(decoding: text.copied(), as: UTF8.self)
        if let number = texts[name] { return TerminalKey(text: number, group) }
        guard texts.count < most else { return nil }
        texts[name] = texts.count
        textNames.append(name)
        return TerminalKey(text: texts.count - 1, group)
    }
}
