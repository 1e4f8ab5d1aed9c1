internal import Bytes
internal import Records

/// Lists: the text of a JSON array, put together in a lane and then added to the arena.
extension SentenceDecoder {
    func fillList(
        _ kind: SentenceList, _ operation: SentenceOperation, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let (arena, list) = (table.arena, list)
        each(operation, column, first, rows) { message, start, end in
            let octet = message.u8(at: start)
            if octet == ASCII.comma, Self.holdsOnlyCommas(message, start, end) { return (0, .notIncluded) }
            let count = JSONList.write(message, start, end, kind.element, skipsEmpty: kind.skipsEmpty, into: list)
            return Self.append(list, count, to: arena)
        }
    }

    /// Every so many columns of a list.
    func fillPart(
        of source: SentenceOperation, _ element: SentenceList.Element, offset: Int, stride: Int,
        counts: SentenceOperation?, _ column: Column, _ first: Int, _ rows: Int
    ) {
        let (arena, list, places) = (table.arena, list, places)
        eachDerived(column, first, rows) { message, base in
            let start = places[base &+ source.from] &+ 1
            let end = places[base &+ source.to]
            guard end > start else { return (0, .notIncluded) }
            var step = stride
            if let counts {
                let (from, to) = (places[base &+ counts.from] &+ 1, places[base &+ counts.to])
                let columns = JSONList.columns(message, start, end)
                guard to > from, let groups = FieldParser.unsigned(message, from, to), groups > 0,
                    groups <= columns, columns % Int(groups) == 0
                else { return (0, .notIncluded) }
                step = columns / Int(groups)
            }
            guard offset < step else { return (0, .notIncluded) }
            let count = JSONList.write(
                message, start, end, element, skipsEmpty: false, offset: offset, stride: step, into: list)
            return Self.append(list, count, to: arena)
        }
    }

    @inline(__always)
    static func append(_ list: Lane<UInt8>, _ count: Int, to arena: ByteBuffer) -> (UInt64, Validity) {
        guard count > 0 else { return (0, .malformed) }
        let before = arena.count
        arena.append(list.span.octets.slice(at: 0, count: count))
        return (OctetRange(start: before, count: count, isInArena: true).cell, .valid)
    }

    @inline(__always)
    static func holdsOnlyCommas(_ message: RawSpan, _ start: Int, _ end: Int) -> Bool {
        for place in start..<end where message.u8(at: place) != ASCII.comma { return false }
        return true
    }
}

/// The text of a JSON array from comma-separated columns.
enum JSONList {
    /// How many columns there are.
    static func columns(_ message: RawSpan, _ start: Int, _ end: Int) -> Int {
        var count = 1
        for place in start..<end where message.u8(at: place) == ASCII.comma { count += 1 }
        return count
    }

    /// Writes the columns to the beginning of a lane; gives the length of the text, 0 where a column is not written as it
    /// must be. Of every `stride` columns only one is written, the first after `offset`.
    static func write(
        _ message: RawSpan, _ start: Int, _ end: Int, _ element: SentenceList.Element, skipsEmpty: Bool,
        offset: Int = 0,
        stride: Int = 1, into list: Lane<UInt8>
    ) -> Int {
        // A column of n octets and its comma become no more than n + 5 octets: null and a comma.
        let most = (end &- start &+ 1) &* 6 &+ 8
        if list.count < most { list.resize(to: most, filler: 0) }
        var out = list.writable
        out[0] = UInt8(ascii: "[")
        var filled = 1
        var place = start
        var left = offset
        while place <= end {
            var stop = place
            while stop < end, message.u8(at: stop) != ASCII.comma { stop &+= 1 }
            if left == 0 {
                left = stride
                if stop > place || !skipsEmpty {
                    if filled > 1 {
                        out[filled] = ASCII.comma
                        filled &+= 1
                    }
                    if stop == place {
                        filled = put("null", at: filled, &out)
                    } else {
                        guard let behind = write(message, place, stop, element, at: filled, &out) else { return 0 }
                        filled = behind
                    }
                }
            }
            left &-= 1
            place = stop &+ 1
        }
        out[filled] = UInt8(ascii: "]")
        return filled &+ 1
    }

    private static func put(_ text: StaticString, at place: Int, _ out: inout MutableSpan<UInt8>) -> Int {
        var filled = place
        for octet in text.description.utf8 {
            out[filled] = octet
            filled += 1
        }
        return filled
    }

    /// Writes one column; nil where it is not written as it must be.
    @inline(__always)
    private static func write(
        _ message: RawSpan, _ start: Int, _ end: Int, _ element: SentenceList.Element, at place: Int,
        _ out: inout MutableSpan<UInt8>
    ) -> Int? {
        var filled = place
        var from = start
        switch element {
        case .number, .address:
            // JSON knows no zeros in front.
            while from &+ 1 < end, message.u8(at: from) == ASCII.zero { from &+= 1 }
            for index in from..<end {
                let octet = message.u8(at: index)
                guard ASCII.isDigit(octet) else { return nil }
                out[filled] = octet
                filled &+= 1
            }
        case .decimal:
            if message.u8(at: from) == ASCII.minus {
                out[filled] = ASCII.minus
                filled &+= 1
                from &+= 1
            }
            guard FieldParser.digits(message, from, end) != nil else { return nil }
            while from &+ 1 < end, message.u8(at: from) == ASCII.zero, message.u8(at: from &+ 1) != ASCII.point {
                from &+= 1
            }
            // A point has digits on both sides in JSON.
            if message.u8(at: from) == ASCII.point {
                out[filled] = ASCII.zero
                filled &+= 1
            }
            for index in from..<end {
                out[filled] = message.u8(at: index)
                filled &+= 1
            }
            if message.u8(at: end &- 1) == ASCII.point {
                out[filled] = ASCII.zero
                filled &+= 1
            }
        case .hourMinute:
            let text = FieldParser.hourMinute(message, start, end)
            guard text.count == 5 else { return nil }
            out[filled] = UInt8(ascii: "\"")
            for index in 0..<5 {
                out[filled &+ 1 &+ index] = UInt8(truncatingIfNeeded: text.low &>> UInt64(8 &* index))
            }
            out[filled &+ 6] = UInt8(ascii: "\"")
            filled &+= 7
        }
        return filled
    }
}
