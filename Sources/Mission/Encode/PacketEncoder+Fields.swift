import Bytes
import Records

/// Writing the fields of a packet, one after the other, each read back at once.
extension PacketEncoder {
    /// Writes all fields in their order and says how many octets the packet takes.
    func writeFields() throws(PacketRefusal) -> Int {
        table.removeAll()
        table.append(packet.extent, unit: 0)
        for index in plan.fields.indices {
            table.fields[index]?.prepare(1, filler: .notIncluded)
            isWritten[index] = false
        }
        // Where fields overlap, those that were given go first, and no zeros over them.
        if taken != nil {
            for index in plan.fields.indices where given[index] != nil && !plan.fields[index].hasContexts {
                guard case .fixed(let start) = plan.fields[index].place, case .number = plan.fields[index].encoding,
                    !isChained(index)
                else { continue }
                _ = try writeField(index, at: start)
            }
            places.removeAll(keepingCapacity: true)
        }
        var next = 0
        func writeFixed(below end: Int) throws(PacketRefusal) {
            while next < end {
                if case .fixed(let start) = plan.fields[next].place { _ = try writeField(next, at: start) }
                next += 1
            }
        }
        var position: Int? = 0
        var furthest = 0
        var step = 0
        while step < plan.walk.count {
            switch plan.walk[step] {
            case .set(let bit): position = bit
            case .skip(let bits): position = position.map { $0 + bits }
            case .seek(let register, let offset):
                let start = table.registers[register]
                position = start == .min ? nil : start + offset
            case .mark(let register): table.registers[register] = position ?? .min
            case .field(let index):
                try writeFixed(below: index)
                guard let start = position, start >= 0 else {
                    throw refusal(index, "the database has no place for it in front of the packet")
                }
                position = start + (try writeField(index, at: start))
            case .branch(let criteria, let otherwise):
                try writeFixed(below: 1 + (criteria.steps.flatMap(\.test.fields).max() ?? -1))
                if !holds(criteria) {
                    step = otherwise
                    continue
                }
            }
            if let position { furthest = max(furthest, position) }
            step += 1
        }
        try writeFixed(below: plan.fields.count)
        for index in given.indices where given[index]?.isDerived == false && !isWritten[index] {
            let isRight = conditions[index].first { !holds($0) }
            let reason =
                isRight.map { "where \(words($0)): that is not so here" } ?? "under a condition that does not hold"
            throw refusal(index, "stands in the packet only \(reason)")
        }
        try checkOverlaps()
        let end = max(furthest, plan.fixedEnd, plan.end ?? 0)
        guard end <= Self.longest * 8 else { throw tooLong(nil) }
        used = max(used, (end + 7) / 8)
        return (end + 7) / 8
    }

    private func isChained(_ index: Int) -> Bool {
        if case .time(let time) = plan.fields[index].conversion, case .field = time.origin { return true }
        return false
    }

    private func tooLong(_ index: Int?) -> PacketRefusal {
        refusal(index, "the packet would be longer than \(Self.longest) octets")
    }

    /// Writes a field and says how many bits it takes.
    private func writeField(_ index: Int, at start: Int) throws(PacketRefusal) -> Int {
        guard let column = table.fields[index] else { return 0 }
        let field = plan.fields[index]
        let bits: Int
        switch field.encoding {
        case .number(let format):
            bits = format.bits
            try makeRoom(index, start, bits)
            if let cell = try cellToWrite(index, format, start) {
                guard let value = format.field(cell) else {
                    throw refusal(
                        index, "\(format.integer(cell)) cannot be written in \(bits) bits of this octet order")
                }
                packet.replace(bitsAt: start, count: bits, with: value)
            }
            column.states[0] = .valid
            column.rawCells[0] = read(format, at: start)
            decoder.convert(field.conversion, format, column, table, 0)
            if isChained(index) { decoder.resolveChains(table) }
        case .binary(let size):
            bits = try sizeInBits(index, size)
            try makeRoom(index, start, bits)
            try writeBinary(index, at: start, bits: bits)
            column.states[0] = .valid
            decoder.storeBinary(field.conversion, bits: bits, at: start, column, table, 0)
        case .string(let string):
            bits = try writeString(index, string, at: start)
            column.states[0] = .valid
            decoder.readString(string, field.conversion, bits: bits, at: start, column, table, 0)
        }
        used = max(used, (start + bits + 7) / 8)
        places.append((index, start, bits))
        isWritten[index] = true
        try check(index, column)
        return bits
    }

    /// Room for a field; where fields overlap, bits that a given value took are marked.
    func makeRoom(_ index: Int, _ start: Int, _ bits: Int) throws(PacketRefusal) {
        guard bits <= Self.longest * 8, start <= Self.longest * 8 - bits else { throw tooLong(index) }
        used = max(used, (start + bits + 7) / 8)
        guard let taken, given[index] != nil || demands[index] != nil else { return }
        forEachRun(start, bits) { at, count in
            taken.replace(bitsAt: at, count: count, with: .max)
        }
    }

    /// Calls for runs of at most 64 bits.
    func forEachRun(_ start: Int, _ bits: Int, _ work: (Int, Int) -> Void) {
        var at = start
        while at < start + bits {
            let count = min(64, start + bits - at)
            work(at, count)
            at += count
        }
    }

    /// Whether a given value stands in some of the bits.
    func isTaken(_ start: Int, _ bits: Int) -> Bool {
        guard let taken else { return false }
        var isTaken = false
        forEachRun(start, bits) { at, count in
            if taken.bytes.bits(at: at, count: count) != 0 { isTaken = true }
        }
        return isTaken
    }

    /// The raw value to write; nil where what stands there is to stay.
    private func cellToWrite(_ index: Int, _ format: NumberFormat, _ start: Int) throws(PacketRefusal) -> UInt64? {
        if given[index] != nil { return try cell(index) }
        if isTaken(start, format.bits) { return nil }
        if case .octets = demands[index] { return 0 }
        return try defaultCell(index, format)
    }

    /// Where fields overlap the last one that was given must not have changed the others.
    private func checkOverlaps() throws(PacketRefusal) {
        guard taken != nil else { return }
        for place in places where given[place.field] != nil {
            guard case .number(let format) = plan.fields[place.field].encoding, let column = table.fields[place.field]
            else { continue }
            if read(format, at: place.start) != column.rawCells[0] {
                throw refusal(
                    place.field, "another parameter lies over it, whose value has other bits: give one of them")
            }
        }
    }

    /// The size of data in bits.
    func sizeInBits(_ index: Int, _ size: SizePlan) throws(PacketRefusal) -> Int {
        let packet = self.packet
        guard let bits = decoder.bits(size, packet.bytes, table, 0) else {
            if missing.contains(index), given[index] == nil { return 0 }
            let names = Set(plan.fields[index].sizeReferences).sorted().map { plan.fields[$0].info.shortName }
            throw refusal(
                index, "its size cannot be told from \(names.joined(separator: ", ")): give another value for it")
        }
        return bits
    }

    /// Whether a condition holds for the packet so far.
    func holds(_ criteria: CriteriaPlan) -> Bool {
        let packet = self.packet
        return decoder.holds(criteria, packet.bytes, table, 0)
    }

    /// A number as it stands in the packet so far.
    func read(_ format: NumberFormat, at start: Int) -> UInt64 {
        let packet = self.packet
        return format.read(packet.bytes, at: start)
    }

    /// Bits of the packet so far.
    func bits(at start: Int, count: Int) -> UInt64 {
        let packet = self.packet
        return packet.bytes.bits(at: start, count: count)
    }

    /// The raw value of a number at a fixed place as it stands in the packet.
    func field(_ index: Int) -> UInt64 {
        guard case .number(let format) = plan.fields[index].encoding, case .fixed(let start) = plan.fields[index].place
        else { return 0 }
        return read(format, at: start)
    }

    /// Puts a raw value at its fixed place.
    func set(_ index: Int, _ cell: UInt64) throws(PacketRefusal) {
        guard case .number(let format) = plan.fields[index].encoding, case .fixed(let start) = plan.fields[index].place,
            let value = format.field(cell), let column = table.fields[index]
        else { throw refusal(index, "\(cell) does not fit") }
        packet.replace(bitsAt: start, count: format.bits, with: value)
        column.rawCells[0] = cell
        decoder.convert(plan.fields[index].conversion, format, column, table, 0)
    }
}
