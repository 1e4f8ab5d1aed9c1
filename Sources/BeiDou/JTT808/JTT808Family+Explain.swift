internal import Bytes

/// What is wrong with a frame, found slowly and told exactly.
extension JTT808Family {
    /// Where a frame is not right and why; nil when it is. Several faults: the first that a reader meets who takes the
    /// frame as far as it goes.
    ///
    /// - Parameter bytes: a frame with its delimiters, or what should be one.
    /// - Returns: an offset of `bytes` (its count where something is missing at the end), and what was found and what
    ///   is
    ///   allowed there.
    package static func explain(_ bytes: RawSpan) -> (offset: Int, reason: String)? {
        let delimiter = JTT808Framing.delimiter
        guard bytes.byteCount > 0 else { return (0, "there is no octet; a frame begins with 7E") }
        guard bytes.u8(at: 0) == delimiter else {
            return (0, "a frame begins with 7E, not with \(hex(bytes.u8(at: 0)))")
        }
        // Unescaped octets, and where each of them stands.
        var octets: [UInt8] = []
        var places: [Int] = []
        var index = 1
        while index < bytes.byteCount, bytes.u8(at: index) != delimiter {
            places.append(index)
            if bytes.u8(at: index) != JTT808Framing.escape {
                octets.append(bytes.u8(at: index))
            } else {
                index += 1
                guard index < bytes.byteCount else {
                    return (index, "the frame ends behind a 7D; 01 or 02 has to follow")
                }
                let next = bytes.u8(at: index)
                guard next == 1 || next == 2 else {
                    return (index, "behind 7D stands \(hex(next)); 01 (for 7D) or 02 (for 7E) is allowed")
                }
                octets.append(next == 1 ? 0x7D : 0x7E)
            }
            index += 1
        }
        guard index < bytes.byteCount else { return (index, "the 7E that ends the frame is missing") }
        if index + 1 < bytes.byteCount {
            let isLone = bytes.u8(at: bytes.byteCount - 1) == delimiter
            return (
                index,
                isLone
                    ? "a bare 7E inside the frame: inside it is written 7D 02"
                    : "\(bytes.byteCount - index - 1) octets stand behind the 7E that ends the frame"
            )
        }
        places.append(index)
        return explain(octets, places)
    }

    /// The same for what stands between the delimiters, `places` being where; the last one is that of the closing 7E.
    private static func explain(_ octets: [UInt8], _ places: [Int]) -> (offset: Int, reason: String)? {
        let end = places[octets.count]
        guard octets.count >= JTT808Framing.shortestInside else {
            return (
                end, "\(octets.count) octets; the shortest header and its check have \(JTT808Framing.shortestInside)"
            )
        }
        let properties = UInt16(octets[2]) << 8 | UInt16(octets[3])
        let length = JTT808Header.length(properties)
        guard octets.count > length else {
            return (end, "\(octets.count) octets; a header with these properties and its check have \(length + 1)")
        }
        let body = octets.count - length - 1
        let stated = Int(properties & 0x3FF)
        let check = octets.dropLast().reduce(0, ^)
        guard body == stated else {
            let is2019 = properties & JTT808Header.versionBit != 0
            let otherBody = is2019 ? body + 5 : body - 5
            guard otherBody == stated, check == octets[octets.count - 1] else {
                return (places[2], "body length field \(stated), body has \(body) bytes")
            }
            let words =
                is2019
                ? "the version bit is set and the header is that of 2013"
                : "the version bit is not set and the header is that of 2019"
            return (places[2], "body length field \(stated), body has \(body) bytes: \(words)")
        }
        guard check == octets[octets.count - 1] else {
            return (places[octets.count - 1], "check octet \(hex(octets[octets.count - 1])), XOR is \(hex(check))")
        }
        let message = Array(octets.dropLast())
        return wrongValue(of: message.octets).map { (places[$0.offset], $0.reason) }
    }

    private static func hex(_ octet: UInt8) -> String { Hexadecimal.text(octet, digits: 2) }
}
