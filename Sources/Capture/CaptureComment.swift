internal import Bytes

/// Comments that packets of a pcapng are given, made ready once for as many packets as have the same.
public struct CaptureComment: Sendable {
    /// The options of a packet block, their end mark included: a multiple of four octets. Empty where there is no text.
    let options: [UInt8]

    /// One `opt_comment` a text, in order. A text is cut after 65,535 octets, at the end of a character.
    public init(_ texts: [String]) {
        var options: [UInt8] = []
        for text in texts where !text.isEmpty {
            BlockOption.append(code: 1, Self.cut(Array(text.utf8)), to: &options)
        }
        if !options.isEmpty { BlockOption.appendEnd(to: &options) }
        self.options = options
    }

    private static func cut(_ octets: [UInt8]) -> ArraySlice<UInt8> {
        guard octets.count > Int(UInt16.max) else { return octets[...] }
        var end = Int(UInt16.max)
        // Octets that go on a character look like 10xxxxxx.
        while end > 0, octets[end] & 0xC0 == 0x80 { end -= 1 }
        return octets[..<end]
    }
}

/// Options of pcapng blocks as they are written (draft-ietf-opsawg-pcapng, section 3.5), little-endian.
enum BlockOption {
    /// Adds an option with its padding. `value` has at most 65,535 octets.
    static func append(code: UInt16, _ value: some Collection<UInt8>, to octets: inout [UInt8]) {
        octets.append(le: code)
        octets.append(le: UInt16(clamping: value.count))
        octets += value
        while octets.count % 4 != 0 { octets.append(0) }
    }

    /// Adds the mark that ends options.
    static func appendEnd(to octets: inout [UInt8]) { octets += [0, 0, 0, 0] }
}
