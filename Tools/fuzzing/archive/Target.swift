import Bytes
import Capture
import Driver
import Glibc

/// Any octets are read as an archive, by hopping and by a closing index: members lie inside the file, the ledger balances,
/// and what is copied of it, whole or cut, is an archive without damage.
///
/// The last octet chooses what the octets are: 0 the file; 1 the file, in whose headers the checks are set right; else
/// blocks, which are packed into members (not compressed) whose headers say what the octets in front of the last one say.
@main
enum Target {
    static let path = "/dev/shm/starlane-fuzz-\(getpid())"
    static let copy = "/dev/shm/starlane-fuzz-\(getpid())-copy"

    static func main() {
        drive { start, count in
            guard count > 12 else { return 0 }
            var input = octets(start, count)
            let kind = input.removeLast() % 4
            if kind == 1 { Target.mend(&input) }
            if kind > 1 { input = Target.members(of: input, indexed: kind == 3) }
            Target.write(input, to: Target.path)
            Target.read()
            return 0
        }
    }

    static func write(_ octets: [UInt8], to path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0 && Glibc.write(file, octets, octets.count) == octets.count)
        close(file)
    }

    static func word(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// CRC-32 of gzip.
    static let table: [UInt32] = (0..<256).map { octet in
        (0..<8).reduce(UInt32(octet)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }

    static func crc(_ octets: some Sequence<UInt8>) -> UInt32 {
        ~octets.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    /// Sets the checks of what looks like a header.
    static func mend(_ octets: inout [UInt8]) {
        var at = 0
        while at + 80 <= octets.count {
            defer { at += 1 }
            guard octets[at] == 0x1F, octets[at + 1] == 0x8B, octets[at + 12] == 0x53, octets[at + 13] == 0x4C else {
                continue
            }
            let length = Int(octets[at + 14]) | Int(octets[at + 15]) << 8
            guard length >= 64, at + 16 + length <= octets.count else { continue }
            octets.replaceSubrange(at + 76..<at + 80, with: [0, 0, 0, 0])
            octets.replaceSubrange(at + 76..<at + 80, with: word(crc(octets[at + 16..<at + 16 + length])))
        }
    }

    /// Blocks in members that are cut where the input says, with what it says of them.
    static func members(of input: [UInt8], indexed: Bool) -> [UInt8] {
        let told = input.suffix(11)
        let blocks = Array(input.dropLast(11))
        var (out, at, packets) = ([UInt8](), 0, UInt64(0))
        for number in 0..<3 {
            let fields = Array(told.dropFirst(number * 3))
            let end = number == 2 ? blocks.count : min(blocks.count, at + Int(fields[0]) * 8)
            let piece = Array(blocks[at..<end])
            let isTold = fields[1] & 1 == 1
            let interfaces = isTold ? Int(fields[1] >> 1 & 3) : 0
            var data: [UInt8] = [1, fields[1] >> 7 & (indexed ? 1 : 0), isTold ? 1 : 0, fields[1] >> 3 & 1]
            let count = UInt32(fields[2])
            var body: [UInt8] = []
            for start in stride(from: 0, to: piece.count, by: 65_535) {
                let stored = piece[start..<min(piece.count, start + 65_535)]
                body +=
                    [start + 65_535 >= piece.count ? 1 : 0] + word(UInt16(stored.count)) + word(~UInt16(stored.count))
                body += stored
            }
            if piece.isEmpty { body = [3, 0] }
            let size = 16 + 64 + 16 * interfaces + body.count + 8
            data += word(UInt32(size)) + word(UInt32(piece.count)) + word(count) + word(UInt64(at)) + word(packets)
            data += word(Int64(fields[1]) << 50) + word(Int64(fields[2]) << 51)
            data +=
                word(UInt32(fields[1] >> 4 & 3)) + word(UInt32(fields[1] >> 6)) + word(UInt32(interfaces))
                + word(UInt32(0))
            for interface in 0..<interfaces {
                data += word(UInt32(1)) + word(UInt32(interface)) + word(UInt64(9) << 56)
            }
            data.replaceSubrange(60..<64, with: word(crc(data)))
            out += [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255] + word(UInt16(data.count + 4)) + [0x53, 0x4C]
            out += word(UInt16(data.count)) + data + body + word(crc(piece)) + word(UInt32(piece.count))
            packets += UInt64(count)
            at = end
        }
        return out
    }

    static func read() {
        guard let index = try? ArchiveIndex(path: path) else { return }
        var place: UInt64 = 0
        for entry in index.entries {
            precondition(entry.offset >= place && entry.end <= index.size, "a member outside of the file")
            place = entry.end
        }
        precondition(
            index.end <= index.size && index.appendPlace <= index.end && place <= index.end, "ends out of order")
        for gap in index.gaps { precondition(gap.range.upperBound <= index.size && !gap.words.isEmpty) }
        let times = index.entries.map(\.member.earliest)
        for from in [nil, times.max()] {
            guard let reader = try? CaptureReader.open(path, from: from, until: nil) else { continue }
            var batch = Batch<Packet>(capacity: 16)
            var ledger = Ledger()
            while reader.next(into: &batch, ledger: &ledger) {
                for index in 0..<batch.count {
                    precondition(Int(batch[index].interface) < reader.interfaces.count, "a packet of no interface")
                    reach(batch.bytes(of: batch[index]))
                    ledger.leave("packets", bytes: batch[index].extent.count)
                }
            }
            precondition(ledger.isBalanced, "the ledger does not balance: \(ledger)")
        }
        guard let reading = try? ArchiveReading(path: path) else { return }
        for parts in [false, true] { copyMembers(reading, parts) }
        _ = reading.mended()
        _ = try? ArchiveWriter(behind: reading)
    }

    /// What is copied is an archive, and whole.
    static func copyMembers(_ reading: ArchiveReading, _ inParts: Bool) {
        let copier = MemberCopier(reading)
        for number in reading.index.entries.indices {
            guard let times = try? copier.look(number) else { continue }
            if inParts, times.count > 1 {
                copier.copy(packets: 1)
                copier.copy(packets: times.count - 1)
            } else {
                try? copier.copy()
            }
        }
        _ = copier.copyTorn()
        let buffer = copier.buffer
        guard buffer.count > 0 else { return }
        write(buffer.bytes.copied(), to: copy)
        guard let copied = try? ArchiveReading(path: copy) else { preconditionFailure("what was copied is no archive") }
        precondition(copied.index.gaps.isEmpty && copied.index.tail == nil, "what was copied is damaged")
        precondition(copied.index.packets == copier.packets, "the copy has other counts")
        for entry in copied.index.entries {
            do { try copied.verify(entry) } catch { preconditionFailure("a copied member does not verify: \(error)") }
        }
    }
}
