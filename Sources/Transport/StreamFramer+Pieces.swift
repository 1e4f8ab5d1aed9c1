import Bytes

/// Where pieces begin and end.
extension StreamFramer {
    /// What stands at a place of the stream.
    enum Found {
        /// A piece of so many octets, of which so many in front are to be taken off.
        case piece(length: Int, strip: Int)
        /// What may be one when there are so many octets of it.
        case needs(Int)
        /// No piece; so many octets can be passed over.
        case none(Int)
    }

    /// What stands at `at`, where a piece is to begin.
    func piece(_ window: RawSpan, at: Int) -> Found {
        let left = window.byteCount - at
        switch framing {
        case .fixed(let length): return left >= length ? .piece(length: length, strip: 0) : .needs(length)
        case .length(let field):
            guard left >= field.head else { return .needs(field.head) }
            guard let length = length(window, at, field, most: StreamFraming.longest) else { return .none(1) }
            return left >= length ? .piece(length: length, strip: field.strip ?? field.head) : .needs(length)
        case .marker(let marker, let length):
            guard left >= marker.count else { return .needs(marker.count) }
            guard window.holds(marker, at: at) else { return .none(1) }
            if let length {
                let whole = marker.count + length
                return left >= whole ? .piece(length: whole, strip: marker.count) : .needs(whole)
            }
            if let next = find(marker, in: window, from: at + marker.count) {
                return .piece(length: next - at, strip: marker.count)
            }
            return left > StreamFraming.longest ? .none(left - marker.count + 1) : .needs(left + 1)
        }
    }

    /// Looks for the next piece from `from` on and turns the hunt off when it has found one: where that is, or how far
    /// nothing is, and how many octets from there on are needed to say more.
    func seek(_ window: RawSpan, from: Int) -> (at: Int, wanted: Int) {
        let count = window.byteCount
        switch framing {
        case .fixed:
            isHunting = false
            return (from, 1)
        case .marker(let marker, _):
            if let found = find(marker, in: window, from: from) {
                isHunting = false
                return (found, 1)
            }
            return (max(from, count - marker.count + 1), marker.count)
        case .length(let field):
            var at = from
            while at < count {
                switch chain(window, at, field) {
                case .piece:
                    isHunting = false
                    return (at, 1)
                case .needs(let more):
                    // A quarter more than is held: what is held is looked through again each time.
                    let held = count - at
                    return (at, max(more, held + held / 4))
                case .none: at += 1
                }
            }
            return (at, 1)
        }
    }

    /// Whether lengths lead from one to the next from `start` on, none of them longer than what was seen before.
    private func chain(_ window: RawSpan, _ start: Int, _ field: StreamFraming.LengthField) -> Found {
        let most = seen >= 16 ? longest : StreamFraming.longest
        // Short lengths are met by chance more often.
        let links = field.width == 1 ? 8 : field.width == 2 ? 4 : 3
        var at = start
        for _ in 0..<links {
            guard window.byteCount - at >= field.head else { return .needs(at + field.head - start) }
            guard let length = length(window, at, field, most: most), length > field.head else { return .none(1) }
            at += length
            if at > window.byteCount { return .needs(at - start) }
        }
        return .piece(length: at - start, strip: 0)
    }

    /// The length of the piece at `at` with all that is in front of it; nil when it cannot be.
    private func length(_ window: RawSpan, _ at: Int, _ field: StreamFraming.LengthField, most: Int) -> Int? {
        let place = at + field.offset
        let value =
            switch field.width {
            case 1: Int(window.u8(at: place))
            case 2: Int(window.u16(at: place))
            default: Int(window.u32(at: place))
            }
        let length = field.head + value + field.adjustment
        return length >= max(field.head, field.strip ?? 0) && length <= most ? length : nil
    }

    /// Where octets stand first from a place on.
    func find(_ octets: [UInt8], in window: RawSpan, from: Int) -> Int? {
        let last = window.byteCount - octets.count
        guard from <= last else { return nil }
        return (from...last).first { window.holds(octets, at: $0) }
    }
}
