internal import Bytes

/// A packet as a decoder says that it is.
struct ResultRow {
    /// The line of the file, from 1 on.
    let line: Int
    let apid: Int
    let count: Int
    /// A number or a name; nil where nothing tells.
    let spacecraft: String?
    let interface: String?
    /// Where it says when, and on which flow it came.
    let time: Int?
    let flow: Int?

    /// What of a line is no row.
    enum Trouble: Error {
        /// It is of no packet that has an APID, or of an idle one.
        case other
        /// It should be one.
        case bad(String)
    }

    /// A row from what its columns say.
    init(line: Int, _ tape: ValueTape, _ heads: ResultHeads) throws(Trouble) {
        guard let stated = heads[.apid], !Self.isEmpty(tape, stated) else { throw .other }
        guard let apid = ScoreNumber.integer(tape, stated), (0...2047).contains(apid) else {
            throw .bad("the APID \(Self.words(JSONText(tape, stated))) is none: 0 to 2047 are")
        }
        // Idle packets are nobody's.
        guard apid != 2047 else { throw .other }
        guard let stated = heads[.count], !Self.isEmpty(tape, stated) else {
            throw .bad("the packet has no sequence count")
        }
        guard let count = ScoreNumber.integer(tape, stated), (0...16_383).contains(count) else {
            throw .bad("the sequence count \(Self.words(JSONText(tape, stated))) is none: 0 to 16383 are")
        }
        (self.line, self.apid, self.count, time, flow) = (line, apid, count, heads[.time], heads[.flow])
        spacecraft = heads[.spacecraft].flatMap { Self.name(tape, $0) }
        interface = heads[.interface].flatMap { Self.name(tape, $0) }
    }

    private static func isEmpty(_ tape: ValueTape, _ place: Int) -> Bool {
        tape.values[place].kind == .null || tape.isEmpty(at: place)
    }

    private static func words(_ value: JSONText) -> String {
        switch value {
        case .number(let digits): String(digits.prefix(40))
        case .text(let text): "'\(MessageInput.words(Array(text.utf8.prefix(40))))'"
        case .boolean(let isTrue): "\(isTrue)"
        case .null, .list, .object: "of the line"
        }
    }

    private static func name(_ tape: ValueTape, _ place: Int) -> String? {
        if let integer = ScoreNumber.integer(tape, place) { return String(integer) }
        return tape.isEmpty(at: place) ? nil : tape.text(at: place)
    }
}
