package import Bytes

/// Frames to messages and back.
extension JTT808Framing {
    /// Where header and body stand in a frame that escapes nothing, so that they need not be copied; nil when they have
    /// to be.
    package static func plainMessage(_ frame: RawSpan) -> Range<Int>? {
        let (start, end) = inner(frame)
        guard end - start >= 1 else { return nil }
        var index = start
        while index + 8 <= end {
            if marks(frame.u64(at: index), escape) != 0 { return nil }
            index &+= 8
        }
        while index < end {
            if frame.u8(at: index) == escape { return nil }
            index &+= 1
        }
        return start..<end - 1
    }

    /// Adds header and body of a whole frame to a buffer, without the check. The delimiters may be there or not.
    package static func unescape(_ frame: RawSpan, into buffer: ByteBuffer) {
        let (start, end) = inner(frame)
        guard end - start >= 1 else { return }
        // 7D stands for nothing but the first half of an escape.
        let isCheckEscaped = end - start >= 2 && frame.u8(at: end - 2) == escape
        let stop = end - (isCheckEscaped ? 2 : 1)
        var run = start
        var index = start
        while index < stop {
            if index &+ 8 <= stop, marks(frame.u64(at: index), escape) == 0 {
                index &+= 8
                continue
            }
            guard frame.u8(at: index) == escape, index &+ 1 < stop else {
                index &+= 1
                continue
            }
            if frame.u8(at: index + 1) == 2 {
                buffer.append(frame.slice(at: run, count: index - run))
                buffer.append(delimiterOctet.span.octets)
            } else {
                // 7D 01 is 7D: the first of the two stays.
                buffer.append(frame.slice(at: run, count: index + 1 - run))
            }
            index += 2
            run = index
        }
        buffer.append(frame.slice(at: run, count: stop - run))
    }

    private static let delimiterOctet: InlineArray<1, UInt8> = [delimiter]

    /// What stands between the delimiters.
    private static func inner(_ frame: RawSpan) -> (Int, Int) {
        var (start, end) = (0, frame.byteCount)
        if start < end, frame.u8(at: start) == delimiter { start += 1 }
        if start < end, frame.u8(at: end - 1) == delimiter { end -= 1 }
        return (start, end)
    }

    /// The frame of a message: check added, escaped, between two 7E.
    package static func escape(_ message: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [delimiter]
        out.reserveCapacity(message.count + 8)
        func add(_ octet: UInt8) {
            switch octet {
            case delimiter: out += [escape, 2]
            case escape: out += [escape, 1]
            default: out.append(octet)
            }
        }
        var check: UInt8 = 0
        for octet in message {
            check ^= octet
            add(octet)
        }
        add(check)
        out.append(delimiter)
        return out
    }

    /// The messages that carry a message of any length: itself when its body has up to 1023 octets, else its parts,
    /// with flow numbers that count on from its own.
    ///
    /// - Parameter message: header and body; the length in its properties is not looked at, and made right.
    package static func split(_ message: [UInt8]) throws(EncodingRefusal) -> [[UInt8]] {
        guard let header = JTT808Header(message.octets) else {
            throw EncodingRefusal(nil, "\(message.count) octets are no whole header of a message")
        }
        let body = message.count - header.length
        guard body > JTT808Header.longestBody else {
            var message = message
            message[2] = message[2] & 0xFC | UInt8(body >> 8)
            message[3] = UInt8(body & 255)
            return [message]
        }
        guard !header.isPart else {
            throw EncodingRefusal(
                nil, "a part has a body of \(body) octets; \(JTT808Header.longestBody) are allowed")
        }
        let total = (body + JTT808Header.longestBody - 1) / JTT808Header.longestBody
        guard total <= 0xFFFF else {
            throw EncodingRefusal(nil, "a body of \(body) octets makes \(total) parts; 65535 are allowed")
        }
        let flow = header.flowNumber
        let flowAt = header.phoneRange.upperBound
        let properties = header.properties & 0xDC00 | JTT808Header.partBit
        var start = header.length
        var parts: [[UInt8]] = []
        for index in 1...total {
            let count = min(JTT808Header.longestBody, message.count - start)
            var part = Array(message[..<flowAt])
            append(flow &+ UInt16(truncatingIfNeeded: index - 1), to: &part)
            append(UInt16(total), to: &part)
            append(UInt16(index), to: &part)
            part[2] = UInt8((properties | UInt16(count)) >> 8)
            part[3] = UInt8(count & 255)
            parts.append(part + message[start..<start + count])
            start += count
        }
        return parts
    }

    /// The octets that go on the wire for a message: one frame, or one for each of its parts.
    package static func frames(_ message: [UInt8]) throws(EncodingRefusal) -> [UInt8] {
        try split(message).flatMap(escape)
    }

    private static func append(_ number: UInt16, to octets: inout [UInt8]) {
        octets.append(UInt8(number >> 8))
        octets.append(UInt8(number & 255))
    }
}
