import Records
import Bytes
import CCSDS

/// A space packet for tests.
func packet(
    _ apid: UInt16, _ count: UInt16, _ data: [UInt8], flags: SpacePacketHeader.SequenceFlags = .unsegmented
) -> [UInt8] {
    var octets: [UInt8] = []
    let header = SpacePacketHeader(
        apid: apid, sequenceFlags: flags, sequenceCount: count & 0x3FFF, lengthField: UInt16(data.count - 1))
    try? header.encode(into: &octets)
    return octets + data
}

/// Packets of `size` octets of data, with counts from 0 on.
func packets(_ number: Int, apid: UInt16 = 100, size: Int = 23) -> [[UInt8]] {
    (0..<number).map { packet(apid, UInt16($0), [UInt8](repeating: UInt8($0 & 0xFF), count: size)) }
}

/// Makes the frames of one virtual channel, as a spacecraft would.
struct FrameMaker {
    var layout: FrameLayout
    var spacecraft = 42
    var vcid = 1
    var count: UInt32 = 0
    /// Put into every frame.
    var controlWord: UInt32?
    var secondary: [UInt8] = []

    private var headers: Int {
        layout.kind == .tm
            ? 6 + secondary.count : 8 + (layout.headerErrorControl ? 2 : 0) + layout.insertZone
    }

    /// Octets of packets that a frame takes.
    var room: Int { layout.length - headers - (controlWord == nil ? 0 : 4) - (layout.hasFECF ? 2 : 0) }

    /// One frame.
    mutating func frame(pointer: Int, _ data: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        if layout.kind == .tm {
            try? TMFrameHeader(
                spacecraft: UInt16(spacecraft), vcid: UInt8(vcid), hasOperationalControl: controlWord != nil,
                masterCount: UInt8(count & 0xFF), virtualCount: UInt8(count & 0xFF),
                hasSecondaryHeader: !secondary.isEmpty, firstHeaderPointer: UInt16(pointer)
            ).encode(into: &octets)
            octets += secondary
        } else {
            try? AOSFrameHeader(
                spacecraft: UInt8(spacecraft), vcid: UInt8(vcid), count: count & 0xFF_FFFF,
                hasErrorControl: layout.headerErrorControl
            ).encode(into: &octets)
            octets += [UInt8](repeating: 0xEE, count: layout.insertZone)
            octets += [UInt8(pointer >> 8), UInt8(pointer & 0xFF)]
        }
        octets += data
        if let controlWord {
            for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: controlWord >> UInt32(shift))) }
        }
        if layout.hasFECF {
            let crc = CRC16.of(octets.octets)
            octets += [UInt8(crc >> 8), UInt8(crc & 0xFF)]
        }
        count += 1
        return octets
    }

    /// A frame with only idle data.
    mutating func idleFrame() -> [UInt8] {
        frame(pointer: 0x7FE, [UInt8](repeating: 0x55, count: room))
    }

    /// Packets through as many frames as they need; the last one is filled with idle packets.
    mutating func frames(_ packets: [[UInt8]]) -> [[UInt8]] {
        var stream: [UInt8] = []
        var starts: [Int] = []
        for packet in packets {
            starts.append(stream.count)
            stream += packet
        }
        let rest = (room - stream.count % room) % room
        if rest > 0 {
            starts.append(stream.count)
            // One octet of idle after another, as encapsulation packets.
            stream += [UInt8](repeating: 0xE0, count: rest)
        }
        var frames: [[UInt8]] = []
        for begin in stride(from: 0, to: stream.count, by: room) {
            let start = starts.first { $0 >= begin && $0 < begin + room }
            let pointer = start.map { $0 - begin } ?? (stream[begin] == 0xE0 ? 0 : 0x7FF)
            frames.append(frame(pointer: pointer, Array(stream[begin..<begin + room])))
        }
        return frames
    }
}

/// The layouts that tests go through: every field there and none.
let layouts: [FrameLayout] = [
    FrameLayout(kind: .tm, length: 64),
    FrameLayout(kind: .tm, length: 71, hasFECF: true),
    FrameLayout(kind: .aos, length: 64),
    FrameLayout(kind: .aos, length: 90, hasFECF: true, insertZone: 5, headerErrorControl: true),
]
