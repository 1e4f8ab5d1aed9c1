/// The smallest parts of a filter's text.
struct Token: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// A name or a word: `apid`, `eps.battery_voltage`, `good`, `and`.
        case word(String)
        /// A number as it is written: `24.5`, `0x1F`, `1e-3`.
        case number(String)
        /// What stands between quotes, its escapes undone.
        case text(String)
        /// An address or octets as they are written, with a prefix length where there is one: `10.0.0.0/8`, `aa:bb:cc`.
        case address(String)
        /// A sign or several: `==`, `(`, `..`.
        case sign(String)
        /// Behind the last octet.
        case end
    }

    let kind: Kind
    let range: SourceRange
    /// Whether nothing, not even a blank, stands in front of it.
    let isJoined: Bool

    /// The sign, where it is one.
    var sign: String? { if case .sign(let sign) = kind { sign } else { nil } }
    /// The word, where it is one.
    var word: String? { if case .word(let word) = kind { word } else { nil } }

    /// Whether a value is over in front of it, and none can begin with it.
    var endsValue: Bool {
        switch kind {
        case .end: true
        case .sign(let sign): sign != "(" && sign != "-"
        case .word(let word): FilterParser.keywords.contains(word)
        case .number, .text, .address: false
        }
    }

    /// What it is, for people.
    func words(in text: String) -> String {
        if case .end = kind { return "the end of the filter" }
        let octets = Array(text.utf8)[range.start..<range.end]
        return "'\(String(decoding: octets, as: UTF8.self))'"
    }
}
