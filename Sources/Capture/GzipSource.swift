internal import CZlib
package import Bytes

/// Unpacks gzip (RFC 1952), of any number of members, as it comes; zlib does the work. The one file of this module that
/// speaks C.
///
/// Zeros behind the last member are padding, as gzip(1) takes them; anything else there is told as damage.
@safe
package final class GzipSource: OctetSource {
    private let packed: any OctetSource
    // zlib keeps the address of the stream, so it has one of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutablePointer<UInt8>
    private static let roomSize = 1 << 17
    private var place = Place.beforeMember
    private var consumed: UInt64 = 0

    private enum Place { case beforeMember, inMember, inPadding }

    /// Octets taken from the packed input so far.
    package var taken: UInt64 { packed.taken }
    /// How many members were begun so far.
    package private(set) var members = 0
    /// How the input ended; nil while it goes on.
    package private(set) var ending: OctetEnding?

    /// Whether octets begin like gzip with the one compression method that there is, and no reserved flag.
    package static func begins(_ octets: [UInt8]) -> Bool {
        octets.count >= 4 && octets[0] == 0x1F && octets[1] == 0x8B && octets[2] == 8 && octets[3] & 0xE0 == 0
    }

    /// A source that unpacks another.
    package init(_ packed: any OctetSource) {
        self.packed = packed
        unsafe room = .allocate(capacity: Self.roomSize)
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for "gzip header and trailer, both checked".
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { ending = .damaged(reason: "zlib cannot begin", offset: 0) }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
        unsafe room.deallocate()
    }

    /// Unpacks octets until `out` is full or what was read of the packed input is used up.
    package func read(into out: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < out.count, ending == nil {
            if unsafe stream.pointee.avail_in == 0 {
                if filled > 0 { break }
                guard refill() else { break }
            }
            switch place {
            case .beforeMember: beginMember()
            case .inPadding: passPadding()
            case .inMember: filled += unsafe inflate(UnsafeMutableRawBufferPointer(rebasing: out[filled...]))
            }
        }
        return filled
    }

    /// Reads packed octets; false at their end, which is then judged.
    private func refill() -> Bool {
        let got = unsafe packed.read(into: UnsafeMutableRawBufferPointer(start: room, count: Self.roomSize))
        unsafe stream.pointee.next_in = room
        unsafe stream.pointee.avail_in = UInt32(got)
        guard got == 0 else { return true }
        if case .failed = packed.ending {
            ending = packed.ending
        } else if place == .inMember {
            ending = .damaged(reason: "the gzip data is cut short", offset: packed.taken)
        } else {
            ending = .complete
        }
        return false
    }

    /// Where in the packed input the next octet stands.
    private var position: UInt64 { unsafe packed.taken - UInt64(stream.pointee.avail_in) }

    private func beginMember() {
        if members > 0 {
            // Only the first member was looked at already.
            let next = unsafe stream.pointee.next_in.pointee
            if next == 0 {
                place = .inPadding
                return
            }
            if next != 0x1F {
                ending = .damaged(reason: "octets behind the gzip data are none", offset: position)
                return
            }
            unsafe inflateReset(stream)
        }
        members += 1
        place = .inMember
    }

    private func passPadding() {
        while unsafe stream.pointee.avail_in > 0 {
            guard unsafe stream.pointee.next_in.pointee == 0 else {
                ending = .damaged(reason: "octets behind the gzip data are none", offset: position)
                return
            }
            unsafe stream.pointee.next_in += 1
            unsafe stream.pointee.avail_in -= 1
        }
    }

    private func inflate(_ out: UnsafeMutableRawBufferPointer) -> Int {
        // Room and input are both at least one octet long, so each call gets on.
        let length = UInt32(clamping: out.count)
        unsafe stream.pointee.next_out = out.bindMemory(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = length
        let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        let made = unsafe Int(length - stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: place = .beforeMember
        case Z_OK: break
        case Z_BUF_ERROR where made > 0: break
        default:
            let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(status)"
            ending = .damaged(reason: "the gzip data is damaged (\(words))", offset: position)
        }
        return made
    }
}
