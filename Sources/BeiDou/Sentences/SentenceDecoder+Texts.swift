internal import Bytes
internal import Records

/// Texts, octets and contents.
extension SentenceDecoder {
    /// Texts as they stand; what is no ASCII is looked at closer.
    func fillTexts(_ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int) {
        let arena = table.arena
        each(operation, column, first, rows) { message, start, end in
            var all: UInt8 = 0
            for place in start..<end { all |= message.u8(at: place) }
            if all < 0x80 { return (Self.range(start, end), .valid) }
            return Self.foreignText(message.slice(at: start, count: end &- start), start, arena)
        }
    }

    /// The cell of a text with octets above ASCII: UTF-8 as it stands, else with U+FFFD for what is none.
    static func foreignText(_ octets: RawSpan, _ start: Int, _ arena: ByteBuffer) -> (UInt64, Validity) {
        if octets.isUTF8 { return (range(start, start + octets.byteCount), .valid) }
        let before = arena.count
        let isText = SentenceContent.append(foreign: octets, to: arena)
        let range = OctetRange(start: before, count: arena.count - before, isInArena: true)
        return (range.cell, isText ? .valid : .badText)
    }

    /// Octets written as pairs of hexadecimal digits.
    func fillOctets(_ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int) {
        let arena = table.arena
        let list = list
        each(operation, column, first, rows) { message, start, end in
            guard (end - start) % 2 == 0, SentenceContent.unpack(message, start, end, into: list) else {
                return (0, .malformed)
            }
            let before = arena.count
            arena.append(list.span.octets)
            return (OctetRange(start: before, count: list.count, isInArena: true).cell, .valid)
        }
    }

    /// The values of contents, in the form that another field of the sentence states.
    func fillContent(
        _ columns: ContentColumns, _ operation: SentenceOperation, _ form: SentenceOperation, _ first: Int, _ rows: Int
    ) {
        guard case .code(let codes) = form.field.kind else { return }
        let forms = codes.map { SentenceContent.form(ofLabel: $0.label) }
        let labels = form.codes.labels
        for index in 0..<rows {
            let base = index * plan.stride
            let start = places[base + operation.from] + 1
            let end = places[base + operation.to]
            guard end > start else { continue }
            let row = first + index
            let message = unsafe table.packets[row].bytes(keptBy: table)
            let (from, to) = (places[base + form.from] + 1, places[base + form.to])
            let stated = to > from ? FieldParser.unsigned(message, from, to) : nil
            var contentForm = ContentForm.mixed
            if let stated, stated < 256, labels[Int(stated)] != 0xFF {
                contentForm = forms[Int(labels[Int(stated)])]
            }
            var range = OctetRange(start: start, count: end - start, isInArena: false)
            var bits = 8 * range.count
            // Chinese stands raw on the line, everything else as hex; what is not all hex is taken as it stands.
            if contentForm != .chinese, SentenceContent.unpack(message, start, end, into: list) {
                bits = 4 * range.count
                range = OctetRange(start: table.arena.count, count: list.count, isInArena: true)
                table.arena.append(list.span.octets)
            } else if contentForm == .code {
                contentForm = .mixed
            }
            columns.write(row, range, bits: bits, form: contentForm, in: table)
        }
    }
}

/// Contents of messages as they stand in sentences. Source: beidou-text-coding.md.
enum SentenceContent {
    /// The coding that a label of a form means for the content's columns. Positions and compressed codings stand as hex;
    /// how the latter compress is not known, so their digits are shown.
    static func form(ofLabel label: String) -> ContentForm {
        switch label {
        case "chinese": .chinese
        case "mixed", "position": .mixed
        default: .code
        }
    }

    /// Unpacks hexadecimal digits, two an octet, an odd last one padded with F; false when one is none.
    static func unpack(_ message: RawSpan, _ start: Int, _ end: Int, into octets: Lane<UInt8>) -> Bool {
        let count = end - start
        octets.resize(to: (count + 1) / 2, filler: 0)
        var cells = octets.writable
        var place = start
        for index in 0..<count / 2 {
            let high = ASCII.hexValue(message.u8(at: place))
            let low = ASCII.hexValue(message.u8(at: place &+ 1))
            guard high | low < 16 else { return false }
            cells[index] = high &<< 4 | low
            place &+= 2
        }
        if count % 2 == 1 {
            let high = ASCII.hexValue(message.u8(at: place))
            guard high < 16 else { return false }
            cells[count / 2] = high << 4 | 0x0F
        }
        return true
    }

    /// Adds a text that is no UTF-8; false: with U+FFFD for what is no character.
    static func append(foreign octets: RawSpan, to arena: ByteBuffer) -> Bool {
        if GBK.append(octets, to: arena) { return true }
        GBK.appendForgiving(octets, to: arena)
        return false
    }
}
