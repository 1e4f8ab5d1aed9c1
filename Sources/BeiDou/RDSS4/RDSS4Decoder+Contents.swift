internal import Bytes
internal import Records

/// The messages that TXSQ and TXXX carry.
extension RDSS4Decoder {
    /// Fills the columns of the content. How many octets it has is the frame's word; how many bits of them count is
    /// that of the length, when both agree.
    func contents() {
        guard let first = layout.contentIndex else { return }
        let isNeeded = (first..<first + RDSS4Layout.contentCount).contains { table.fields[$0] != nil }
        guard isNeeded else { return }
        let columns = ContentColumns(table, first: first)
        let lane = table.packets
        let packets = lane.span
        let (length, place, bit) = (layout.length, layout.place, formBit)
        let lengthPlace = lengthPlace
        for row in 0..<packets.count {
            let bytes = frame(packets, row)
            guard bytes.byteCount >= length else {
                for index in first..<first + RDSS4Layout.contentCount { table.fields[index]?.mark(row, .beyondEnd) }
                continue
            }
            let octets = bytes.byteCount &- length
            let stated = Int(bytes.u16(at: lengthPlace))
            let bits = RDSS4ContentLength(stated, octets: octets) == .ok ? stated : octets &* 8
            columns.write(
                row, OctetRange(start: place, count: octets, isInArena: false), bits: bits,
                form: form(bytes, place: place, octets: octets, bit: bit), in: table)
        }
    }

    /// The bit of the category that tells the form.
    private var formBit: UInt8 { layout.place == 18 ? 5 : 1 }

    /// Where the length stands: TXXX has it right in front of its content, TXSQ has one octet between.
    private var lengthPlace: Int { layout.place == 18 ? 16 : 14 }

    @inline(__always)
    private func form(_ bytes: RawSpan, place: Int, octets: Int, bit: UInt8) -> ContentForm {
        RDSS4ContentForm.form(
            bit: UInt64(bytes.u8(at: 10) >> bit & 1), first: octets > 0 ? bytes.u8(at: place) : nil)
    }

    /// The form of each content.
    func contentForms(_ field: RDSS4Field, _ column: Column) {
        let (length, place, bit) = (layout.length, layout.place, UInt8(field.shift))
        each(field, column) { _, bytes, _ in
            let octets = max(0, bytes.byteCount &- length)
            return (UInt64(form(bytes, place: place, octets: octets, bit: bit).rawValue), .valid)
        }
    }

    /// Whether each length agrees with its frame.
    func contentStates(_ field: RDSS4Field, _ column: Column) {
        let length = layout.length
        each(field, column) { raw, bytes, _ in
            let octets = max(0, bytes.byteCount &- length)
            return (UInt64(RDSS4ContentLength(Int(raw), octets: octets).rawValue), .valid)
        }
    }
}
