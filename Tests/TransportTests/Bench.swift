import Bytes
import Capture
import Foundation
import Transport

/// A packet for a test.
struct Sample {
    var octets: [UInt8]
    /// Length on the wire, where it is more.
    var original: Int?
    var seconds: Double = 0
    var interface: UInt32 = 0
}

/// A payload that was handed on, with a copy of its octets.
struct Received: Equatable {
    let octets: [UInt8]
    let flow: Int
    let marks: Payload.Marks
    let packet: UInt64
    let offset: UInt64
    let time: CaptureTime
}

/// A transport on a test bench: packets in, payloads out, and a ledger that counts what is handed on as decoded.
///
/// Packets are told to stand one behind the other in the input, sixteen octets of a record header in front of each.
final class Bench {
    let transport: Transport
    var interfaces: [Interface]
    var ledger = Ledger()
    var received: [Received] = []
    private var number: UInt64 = 0
    private var position: UInt64 = 24
    private let memory = Arena()
    private var packets = Batch<Packet>()
    private var payloads = Batch<Payload>()

    init(_ link: LinkType = .ethernet, limits: Limits = Limits(), verifiesChecksums: Bool = true) {
        transport = Transport(limits: limits, verifiesChecksums: verifiesChecksums)
        interfaces = [Interface(linkType: link)]
    }

    /// Takes packets in, all in one batch.
    func take(_ samples: [Sample]) {
        memory.reset()
        packets.removeAll()
        for sample in samples {
            number += 1
            position += 16
            packets.append(
                Packet(
                    extent: memory.copy(sample.octets.octets),
                    time: CaptureTime(nanoseconds: Int64(sample.seconds * 1e9)), number: number, offset: position,
                    originalLength: UInt32(truncatingIfNeeded: sample.original ?? sample.octets.count),
                    interface: sample.interface))
            position += UInt64(sample.octets.count)
            ledger.bytes += sample.octets.count
        }
        transport.process(packets, interfaces: interfaces, into: &payloads, ledger: &ledger)
        collect()
    }

    /// Takes packets in that nothing is to be said of.
    func take(_ packets: [[UInt8]]) { take(packets.map { Sample(octets: $0) }) }

    /// Takes one packet in, which the snap length may have cut.
    func take(_ packet: [UInt8], cutTo length: Int) {
        take([Sample(octets: Array(packet.prefix(length)), original: packet.count)])
    }

    /// Takes all of a capture in, headers of the file as well, and finishes. Nil when it is no capture that can be read.
    init?(reading url: URL) {
        guard let reader = try? CaptureReader.open(url.path) else { return nil }
        transport = Transport()
        interfaces = []
        while reader.next(into: &packets, ledger: &ledger) {
            number += UInt64(packets.count)
            transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &ledger)
            collect()
        }
        interfaces = reader.interfaces
        finish()
    }

    /// How many packets were taken in.
    var packetCount: Int { Int(number) }

    func finish() {
        transport.finish(into: &payloads, ledger: &ledger)
        collect()
    }

    private func collect() {
        for index in 0..<payloads.count {
            let payload = payloads[index]
            let bytes = payloads.bytes(of: payload)
            ledger.decoded += bytes.byteCount
            received.append(
                Received(
                    octets: bytes.copied(), flow: Int(payload.flow),
                    marks: payload.marks, packet: payload.packet, offset: payload.offset, time: payload.time))
        }
    }

    /// What the flow of a name was handed, one behind the other.
    func stream(_ name: String) -> [UInt8] {
        let flows = transport.flows
        return received.filter { flows[$0.flow].name == name }.flatMap(\.octets)
    }

    /// The packets of a capture, for tests that damage them; nil when it cannot be read.
    static func samples(of url: URL) -> (samples: [Sample], interfaces: [Interface])? {
        guard let reader = try? CaptureReader.open(url.path) else { return nil }
        var batch = Batch<Packet>()
        var (ledger, samples) = (Ledger(), [Sample]())
        while reader.next(into: &batch, ledger: &ledger) {
            for index in 0..<batch.count {
                let packet = batch[index]
                samples.append(
                    Sample(
                        octets: batch.bytes(of: packet).copied(), original: Int(packet.originalLength),
                        seconds: packet.time.isKnown ? Double(packet.time.nanoseconds) / 1e9 : 0,
                        interface: packet.interface))
            }
        }
        return (samples, reader.interfaces)
    }

    /// The octets of one kind of rejected traffic.
    func rejected(_ reason: String) -> Int {
        ledger.rejections.filter { $0.stage == .transport && $0.reason == reason }.reduce(0) { $0 + $1.bytes }
    }

    /// The octets of one kind of traffic that is not ours.
    func unclaimed(_ name: String) -> Int {
        ledger.unclaimed.filter { $0.name == name }.reduce(0) { $0 + $1.bytes }
    }
}
