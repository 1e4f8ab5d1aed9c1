import Bytes
import CCSDS
import Capture
import Foundation
import Records
import Testing
import Transport

/// Captures, and what stands in them.
extension CrashReplay {
    /// Read from memory and through a pipe, to the same packets.
    static func capture(_ octets: [UInt8]) throws {
        let memory = read(CaptureReader(name: "memory", bytes: octets))
        // A pipe holds 64 KiB without a reader.
        guard !octets.isEmpty, octets.count <= 65_536 else { return }
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(octets))
        try pipe.fileHandleForWriting.close()
        guard let reader = try? CaptureReader(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
        else {
            #expect(memory.packets == 0, "refused from a pipe, read from memory")
            return
        }
        #expect(read(reader) == memory)
        withExtendedLifetime(pipe) {}
    }

    private struct Outcome: Equatable {
        var packets: UInt64 = 0
        var captured = 0
        var times: Int64 = 0
        var bytes = 0
    }

    private static func read(_ reader: CaptureReader) -> Outcome {
        var (outcome, ledger) = (Outcome(), Ledger())
        var batch = Batch<Packet>(capacity: 64)
        while reader.next(into: &batch, ledger: &ledger) {
            for index in 0..<batch.count {
                let packet = batch[index]
                #expect(Int(packet.interface) < max(1, reader.interfaces.count))
                reach(batch.bytes(of: packet))
                outcome.captured += packet.extent.count
                outcome.times ^= packet.time.nanoseconds
                ledger.leave("packets", bytes: packet.extent.count)
            }
        }
        #expect(ledger.isBalanced)
        #expect(reader.problems.allSatisfy { !$0.description.isEmpty })
        (outcome.packets, outcome.bytes) = (reader.packets, ledger.bytes)
        return outcome
    }

    /// Unwrapped to payloads; an odd count makes the limits so small that the ways past them are taken.
    static func transport(_ octets: [UInt8]) {
        var limits = Limits()
        if octets.count % 2 == 1 {
            limits.fragmentOctets = 4096
            limits.flows = 4
            limits.fragmentedDatagrams = 2
            limits.streamOctets = 2048
            limits.streamSegments = 3
            limits.heldOctets = 4096
        }
        let reader = CaptureReader(name: "memory", bytes: octets)
        let transport = Transport(limits: limits)
        var ledger = Ledger()
        var packets = Batch<Packet>(capacity: 1 + octets.count % 64)
        var payloads = Batch<Payload>()
        func take(_ payloads: borrowing Batch<Payload>) {
            for index in 0..<payloads.count {
                let payload = payloads[index]
                #expect(Int(payload.flow) < transport.flowCount, "a payload is of a flow")
                reach(payloads.bytes(of: payload))
                ledger.leave("payloads", bytes: payload.extent.count)
            }
        }
        while reader.next(into: &packets, ledger: &ledger) {
            transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &ledger)
            take(payloads)
        }
        transport.finish(into: &payloads, ledger: &ledger)
        take(payloads)
        #expect(ledger.isBalanced)
        #expect(transport.flows.allSatisfy { !$0.name.isEmpty })
    }

    // MARK: Frames and packets

    /// The last eight octets choose the layout, the cuts and the marks.
    static func frames(_ octets: [UInt8]) {
        guard octets.count > 8 else { return }
        let tail = Array(octets.suffix(8))
        let flags = tail[0]
        var layout = FrameLayout(kind: flags & 1 == 0 ? .tm : .aos, length: Int(tail[1]) << 8 | Int(tail[2]))
        if flags & 2 != 0 { layout.marker = FrameLayout.syncMarker }
        layout.hasFECF = flags & 4 != 0
        layout.ocf = flags & 8 != 0
        layout.insertZone = Int(tail[3] & 15)
        layout.headerErrorControl = flags & 16 != 0
        if flags & 32 != 0 { layout.secondaryHeader = Int(tail[3] >> 4) }
        switch tail[4] & 7 {
        case 0: layout.zone = .onePacket(at: Int(tail[5]))
        case 1: layout.zone = .opaque
        case 2: layout.zone = .bitstream
        case 3: layout.zones[Int(tail[5] & 63)] = .bitstream
        default: break
        }
        guard layout.problem == nil else { return }
        let isStream = flags & 64 != 0
        let decoder = FrameDecoder(layout: layout, isStream: isStream)
        let piece = isStream ? Int(tail[6]) * 16 + 1 : layout.length + layout.marker.count + Int(tail[6] & 1)
        feed(
            octets.dropLast(8), piece: piece, marks: tail[7],
            begin: { decoder.beginBatch() },
            process: { decoder.process($0, into: &$1, ledger: &$2) },
            finish: { decoder.finish(into: &$0, ledger: &$1) })
    }

    /// The last four octets choose what stands in front of each packet, the cuts and the marks.
    static func packets(_ octets: [UInt8]) {
        guard octets.count > 4 else { return }
        let tail = Array(octets.suffix(4))
        let decoder = PacketDecoder(skip: Int(tail[1] & 31), isStream: tail[0] & 1 == 0, version: min(6, tail[0] >> 5))
        feed(
            octets.dropLast(4), piece: Int(tail[2]) * 8 + 1, marks: tail[3],
            begin: { decoder.beginBatch() },
            process: { decoder.process($0, into: &$1, ledger: &$2) },
            finish: { decoder.finish(into: &$0, ledger: &$1) })
    }

    /// Hands octets on in pieces, eight in a batch; two bits say whether gaps and cuts are marked here and there.
    private static func feed(
        _ input: ArraySlice<UInt8>, piece: Int, marks: UInt8, begin: () -> Void,
        process: (borrowing Batch<Payload>, inout Batch<Records.Unit>, inout Ledger) -> Void,
        finish: (inout Batch<Records.Unit>, inout Ledger) -> Void
    ) {
        let octets = Array(input)
        let extent = Extent(octets.octets)
        let counts = PacketLedger()
        var ledger = Ledger()
        var payloads = Batch<Payload>()
        var units = Batch<Records.Unit>()
        ledger.bytes = octets.count
        var at = 0
        while at < octets.count {
            payloads.removeAll()
            units.removeAll()
            begin()
            while at < octets.count, payloads.count < 8 {
                let length = min(piece, octets.count - at)
                var payloadMarks: Payload.Marks = []
                if marks & 1 != 0, at % 7 == 3 { payloadMarks.insert(.gapBefore) }
                if marks & 2 != 0, at % 11 == 3 { payloadMarks.insert(.cut) }
                payloads.append(
                    Payload(
                        extent: extent.slice(at: at, count: length), time: CaptureTime(nanoseconds: Int64(at)),
                        packet: UInt64(at) + 1, offset: UInt64(at), flow: 0, marks: payloadMarks))
                at += length
            }
            process(payloads, &units, &ledger)
            counts.process(&units)
            for index in 0..<units.count { reach(units.bytes(of: units[index])) }
        }
        units.removeAll()
        begin()
        finish(&units, &ledger)
        counts.process(&units)
        for index in 0..<units.count { reach(units.bytes(of: units[index])) }
        #expect(ledger.isBalanced, "\(ledger)")
        withExtendedLifetime(octets) {}
    }
}
