internal import Bytes
package import Records
package enum SentenceFamily: MessageFamily {
    package static var types: [MessageType] { [MessageType(name: "GGA", dialect: .nmea, title: "x", parameters: [])] }
    package static func type(of message: RawSpan) -> Int { 0 }
    package static func decode(_ table: DecodedTable, type: Int) {}
    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] { [] }
}
package enum RDSS4Family: MessageFamily {
    package static var types: [MessageType] { [] }
    package static func type(of message: RawSpan) -> Int { 0 }
    package static func decode(_ table: DecodedTable, type: Int) {}
    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] { [] }
}
package enum JTT808Family: MessageFamily {
    package static var types: [MessageType] { [] }
    package static func type(of message: RawSpan) -> Int { 0 }
    package static func decode(_ table: DecodedTable, type: Int) {}
    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] { [] }
    static func forEachEntry(of: RawSpan, into: Arena, _ body: (Extent, Int) -> Void) {}
}
enum SentenceFraming {
    static func frame(_ w: RawSpan, at: Int, isLast: Bool) -> Framing {
        var i = at
        while i < w.byteCount { if w.u8(at: i) == 0x2A, i + 2 < w.byteCount { return .whole(i + 3 - at) }; i += 1 }
        return isLast ? .none : .needs(i - at + 1)
    }
}
enum RDSS4Framing { static func frame(_ w: RawSpan, at: Int, isLast: Bool) -> Framing { .none } }
enum JTT808Framing {
    static func frame(_ w: RawSpan, at: Int, isLast: Bool) -> Framing { .none }
    static func unescape(_ f: RawSpan, into: ByteBuffer) {}
    static func escape(_ m: [UInt8]) -> [UInt8] { m }
}
struct JTT808Header { init(_ b: RawSpan) {}; var isSubpackage = false; var flowNumber: UInt16 = 0 }
final class SubpackageJoiner { var waiting = 0; func join(_ b: RawSpan) -> [UInt8]? { nil } }
extension SentenceFamily { static func explain(_ b: RawSpan) -> (offset: Int, reason: String)? { nil } }
extension RDSS4Family { static func explain(_ b: RawSpan) -> (offset: Int, reason: String)? { nil } }
extension JTT808Family { static func explain(_ b: RawSpan) -> (offset: Int, reason: String)? { nil } }
