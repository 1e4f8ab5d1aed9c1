internal import Bytes

/// The header of an unescaped message, as a view (jtt808.md, Header).
///
///     octet   0    2            4        5                  then      then
///     2013    id   properties            phone BCD[6]       flow u16  total u16, index u16 if bit 13
///     2019    id   properties   version  phone BCD[10]      flow u16  the same
///
/// Properties: bits 9…0 length of the body, 12…10 encryption, 13 part of a longer message, 14 the header of 2019, 15
/// reserved.
package struct JTT808Header: ~Escapable {
    private let octets: RawSpan
    /// The message id, `0x0200` for a location report.
    package let messageID: UInt16
    /// The properties as they stand.
    package let properties: UInt16

    /// The bit of the properties that says that this is a part of a longer message.
    package static let partBit: UInt16 = 1 << 13
    /// The bit of the properties that says that the header is that of 2019.
    package static let versionBit: UInt16 = 1 << 14
    /// The longest body of one message or part.
    package static let longestBody = 1023

    /// A view of a message; nil when it is shorter than its header.
    @_lifetime(copy message)
    @inline(__always)
    package init?(_ message: RawSpan) {
        guard message.byteCount >= 12 else { return nil }
        octets = message
        messageID = message.u16(at: 0)
        properties = message.u16(at: 2)
        guard message.byteCount >= Self.length(properties) else { return nil }
    }

    /// Octets of the header that properties tell of: 12 or 17, and four more in a part.
    @inline(__always)
    package static func length(_ properties: UInt16) -> Int {
        (properties & versionBit != 0 ? 17 : 12) + (properties & partBit != 0 ? 4 : 0)
    }

    /// Octets of the header.
    package var length: Int { Self.length(properties) }
    /// Three bits: 0 none, 1 RSA.
    package var encryption: Int { Int(properties >> 10 & 7) }
    /// Whether it is a part of a longer message.
    package var isPart: Bool { properties & Self.partBit != 0 }
    /// Whether the header is that of 2019.
    package var is2019: Bool { properties & Self.versionBit != 0 }
    /// The octet of the protocol version; 0 where the header has none.
    package var version: UInt8 { is2019 ? octets.u8(at: 4) : 0 }
    /// Where the digits of the phone number stand, two an octet.
    package var phoneRange: Range<Int> { is2019 ? 5..<15 : 4..<10 }
    /// The digits of the phone number, two an octet.
    package var phone: RawSpan {
        @_lifetime(copy self)
        get { octets.slice(at: phoneRange.lowerBound, count: phoneRange.count) }
    }
    /// Counts up from message to message.
    package var flowNumber: UInt16 { octets.u16(at: phoneRange.upperBound) }
    /// How many parts the whole message has; 0 where it is no part.
    package var total: UInt16 { isPart ? octets.u16(at: phoneRange.upperBound + 2) : 0 }
    /// The number of this part, from 1 on; 0 where it is no part.
    package var index: UInt16 { isPart ? octets.u16(at: phoneRange.upperBound + 4) : 0 }

    /// The octets of a header that is no part's: id, properties with the body's length (1023 where it is longer), phone
    /// and flow number.
    ///
    /// - Parameters:
    ///   - version: the octet of the protocol version; nil: the header of 2013.
    ///   - phone: 6 octets of digits, 10 in the header of 2019.
    ///   - flags: bits 15 and 12…10 of the properties; the others are not looked at.
    package static func octets(
        messageID: UInt16, version: UInt8?, phone: [UInt8], flowNumber: UInt16, flags: UInt16 = 0, bodyLength: Int
    ) -> [UInt8] {
        let properties =
            flags & 0x9C00 | (version == nil ? 0 : versionBit) | UInt16(min(max(bodyLength, 0), longestBody))
        var out = [UInt8(messageID >> 8), UInt8(messageID & 255), UInt8(properties >> 8), UInt8(properties & 255)]
        if let version { out.append(version) }
        out += phone
        return out + [UInt8(flowNumber >> 8), UInt8(flowNumber & 255)]
    }
}
