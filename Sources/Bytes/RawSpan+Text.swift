internal import Glibc

extension RawSpan {
    /// True when every octet is below 0x80.
    public var isASCII: Bool {
        var index = 0
        while index + 8 <= byteCount {
            if u64(at: index) & 0x8080_8080_8080_8080 != 0 { return false }
            index += 8
        }
        while index < byteCount {
            if u8(at: index) & 0x80 != 0 { return false }
            index += 1
        }
        return true
    }

    /// True when the octets are well-formed UTF-8 (Unicode, table 3-7).
    public var isUTF8: Bool { isASCII || utf8Length == byteCount }

    /// How many octets from the first one on are whole characters of UTF-8: where what is none begins.
    public var utf8Length: Int {
        var index = 0
        while index < byteCount {
            let lead = u8(at: index)
            // How many octets follow, and between which bounds the first of them lies.
            let (more, low, high): (Int, UInt8, UInt8)
            switch lead {
            case 0x00...0x7F: (more, low, high) = (0, 0, 0)
            case 0xC2...0xDF: (more, low, high) = (1, 0x80, 0xBF)
            case 0xE0: (more, low, high) = (2, 0xA0, 0xBF)
            case 0xED: (more, low, high) = (2, 0x80, 0x9F)
            case 0xE1...0xEF: (more, low, high) = (2, 0x80, 0xBF)
            case 0xF0: (more, low, high) = (3, 0x90, 0xBF)
            case 0xF1...0xF3: (more, low, high) = (3, 0x80, 0xBF)
            case 0xF4: (more, low, high) = (3, 0x80, 0x8F)
            default: return index
            }
            guard index + more < byteCount else { return index }
            for step in 0..<more {
                let next = u8(at: index + 1 + step)
                if step == 0 ? next < low || next > high : next & 0xC0 != 0x80 { return index }
            }
            index += 1 + more
        }
        return index
    }

    /// Where an octet first stands, from `start` on; nil when it does not. Traps when `start` lies outside the span.
    public func firstIndex(of octet: UInt8, from start: Int) -> Int? {
        precondition(start >= 0 && start <= byteCount, "octets are looked for inside their span")
        return unsafe withUnsafeBytes { source in
            guard let base = source.baseAddress else { return nil }
            // The start was checked above, and what is looked through ends with the span.
            return unsafe memchr(base + start, Int32(octet), byteCount - start).map {
                unsafe UnsafeRawPointer($0) - base
            }
        }
    }

    /// Where a short run of octets first stands at a multiple of `stride`, from `start` on; nil when it does not.
    public func firstIndex(of octets: [UInt8], from start: Int, stride: Int) -> Int? {
        guard let first = octets.first, stride > 0, start >= 0 else { return nil }
        var index = start
        while index + octets.count <= byteCount {
            if u8(at: index) == first {
                var step = 1
                while step < octets.count, u8(at: index + step) == octets[step] { step += 1 }
                if step == octets.count { return index }
            }
            index += stride
        }
        return nil
    }
}
