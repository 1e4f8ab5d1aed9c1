import Bytes
import Records
import CCSDS
import Foundation
import Support
import Testing
import Transport

/// Times, printed and never judged: `STARLANE_BENCH=1 swift test -c release --filter CCSDSTests.Bench`.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["STARLANE_BENCH"] != nil, "a benchmark, run by hand"), .serialized)
struct Bench {
    /// The best of ten rounds, in nanoseconds a piece.
    private func best(_ pieces: Int, _ round: () -> Int) -> (nanoseconds: Double, check: Int) {
        var (best, check) = (Double.infinity, 0)
        for _ in 0..<10 {
            let clock = ContinuousClock()
            let time = clock.measure { check &+= round() }
            best = min(best, Double(time.components.attoseconds) / 1e9 / Double(pieces))
        }
        return (best, check)
    }

    /// 512 datagrams of one packet each, 12 APIDs.
    private func datagrams() -> [UInt8] {
        var octets: [UInt8] = []
        for index in 0..<512 {
            let count = UInt16(index / 12)
            octets += [0x08, UInt8(index % 12), UInt8(0xC0 | count >> 8), UInt8(count & 0xFF), 0, 193]
            octets += [UInt8](repeating: UInt8(index & 0xFF), count: 194)
        }
        return octets
    }

    @Test("packets in datagrams")
    func packets() {
        let octets = Octets(datagrams())
        var payloads = Batch<Payload>()
        for index in 0..<512 {
            payloads.append(
                Payload(
                    extent: octets.extent.slice(at: index * 200, count: 200),
                    time: CaptureTime(nanoseconds: Int64(index)),
                    packet: UInt64(index + 1), offset: UInt64(index * 200), flow: 1))
        }
        var units = Batch<Records.Unit>()
        var ledger = Ledger()
        let decoder = PacketDecoder(isStream: false)
        let counter = PacketLedger()
        let alone = best(512 * 1000) {
            for _ in 0..<1000 {
                units.removeAll()
                decoder.beginBatch()
                decoder.process(payloads, into: &units, ledger: &ledger)
            }
            return units.count &+ ledger.decoded
        }
        let both = best(512 * 1000) {
            for _ in 0..<1000 {
                units.removeAll()
                decoder.beginBatch()
                decoder.process(payloads, into: &units, ledger: &ledger)
                counter.process(&units)
            }
            return units.count &+ ledger.decoded
        }
        print("PacketDecoder \(alone.nanoseconds) ns, with PacketLedger \(both.nanoseconds) ns a packet")
    }

    @Test("CRC-16")
    func crc() {
        let octets = Octets((0..<1115).map { UInt8($0 & 0xFF) })
        let result = best(1115 * 10_000) {
            var crc: UInt16 = 0xFFFF
            for _ in 0..<10_000 { crc = CRC16.of(octets.bytes, preset: crc) }
            return Int(crc)
        }
        print("CRC-16 \(1 / result.nanoseconds) GB/s")
    }

    @Test("frames", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func frames() throws {
        for (file, layout) in [
            ("mars-2020/cruise.frames", FrameLayout(kind: .aos, length: 1115, hasFECF: true)),
            ("europa-clipper/europa-clipper.frames", FrameLayout(kind: .aos, length: 1113)),
            ("change-5/2020-11-28.frames", FrameLayout(kind: .aos, length: 220, insertZone: 8)),
        ] {
            let data = [UInt8](try Data(contentsOf: Corpus.file("spacecraft/" + file)))
            let octets = Octets(data)
            let frames = data.count / layout.length
            for (name, isStream, step) in [("datagrams", false, layout.length), ("stream of 1460", true, 1460)] {
                var batches = 0
                let result = best(frames * 20) {
                    var packets = 0
                    var units = Batch<Records.Unit>()
                    var payloads = Batch<Payload>()
                    for _ in 0..<20 {
                        let decoder = FrameDecoder(layout: layout, isStream: isStream)
                        var ledger = Ledger()
                        var at = 0
                        while at < data.count {
                            payloads.removeAll()
                            units.removeAll()
                            while at < data.count, !payloads.isFull {
                                let count = min(step, data.count - at)
                                payloads.append(
                                    Payload(
                                        extent: octets.extent.slice(at: at, count: count), time: .unknown, packet: 1,
                                        offset: UInt64(at), flow: 0))
                                at += count
                            }
                            decoder.beginBatch()
                            decoder.process(payloads, into: &units, ledger: &ledger)
                            packets += units.count
                            batches += 1
                        }
                    }
                    return packets
                }
                print(
                    "\(file) as \(name): \(result.nanoseconds) ns a frame of \(result.check / 200 / frames) packets"
                )
            }
        }
    }
}
