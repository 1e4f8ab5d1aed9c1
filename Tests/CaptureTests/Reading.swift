import Bytes
import Capture
import Foundation

/// One packet as tests compare it.
struct Seen: Equatable {
    var number: UInt64
    var time: Int64
    var captured: Int
    var original: UInt32
    var link: UInt32
    var offset: UInt64
    var hash: UInt64
}

/// Everything a reader gave.
struct Reading {
    var packets: [Seen] = []
    var bytes: [[UInt8]] = []
    var ledger = Ledger()
    var batches = 0

    /// Reads to the end. The captured octets are entered as unclaimed, so that the ledger must balance.
    init(_ reader: CaptureReader, capacity: Int = 512, keepsBytes: Bool = false) {
        var batch = Batch<Packet>(capacity: capacity)
        while reader.next(into: &batch, ledger: &ledger) {
            batches += 1
            for index in 0..<batch.count {
                let packet = batch[index]
                let octets = batch.bytes(of: packet)
                ledger.leave("test", bytes: packet.extent.count)
                packets.append(
                    Seen(
                        number: packet.number, time: packet.time.nanoseconds, captured: packet.extent.count,
                        original: packet.originalLength,
                        link: reader.interfaces[Int(packet.interface)].linkType.rawValue,
                        offset: packet.offset, hash: fnv(octets)))
                if keepsBytes { bytes.append((0..<octets.byteCount).map { octets.u8(at: $0) }) }
            }
        }
    }

    /// The same packets without what depends on the container: place and time.
    var payloads: [UInt64] { packets.map(\.hash) }
}

/// Fowler, Noll and Vo's hash, 1a.
func fnv(_ octets: RawSpan) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in 0..<octets.byteCount { hash = (hash ^ UInt64(octets.u8(at: index))) &* 0x100_0000_01B3 }
    return hash
}

/// A file's octets.
func load(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }

/// A reader of octets in memory.
func reader(_ octets: [UInt8]) -> CaptureReader { CaptureReader(name: "test", bytes: octets) }

extension ArchiveWriter {
    /// Archives a source to its end.
    func archive(_ source: CaptureReader, batch size: Int = 16) throws(CaptureWriter.Refusal) {
        begin(source)
        var batch = Batch<Packet>(capacity: size)
        var ledger = Ledger()
        while source.next(into: &batch, ledger: &ledger) { try append(batch, source) }
        end()
    }

    /// The archive, when nothing more comes.
    var finished: [UInt8] {
        flush()
        let buffer = buffer
        return buffer.bytes.copied()
    }
}
