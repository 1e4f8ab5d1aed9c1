import BeiDou
import Bytes
import Capture
import Pipeline
import Records
import Testing
import Transport

/// Streams of terminals.
extension CrashReplay {
    /// Makes a stream of terminals of octets, as the entry point does, and scans it.
    func scan(_ octets: [UInt8]) {
        switch self {
        case .messages:
            guard let last = octets.last else { return }
            Self.scan(octets.dropLast(), piece: Int(last) * 4 + 1)
        case .sentences: Self.scan(Self.sentence(octets), piece: 4_096)
        case .rdss4: Self.rdss4(octets)
        case .jtt808: Self.jtt808(octets)
        default: Issue.record("\(self) makes no stream of terminals")
        }
    }

    /// The last octet chooses the cuts of the target. Here it is a part of the stream as well, which is cut in the ways of
    /// `Tools/fuzzing/trailers/messages` and others, and ends anywhere in its last octets.
    static func cuts(_ octets: [UInt8]) {
        for piece in [1, 0x05 * 4 + 1, 0xFF * 4 + 1, 4_096] { scan(octets, piece: piece) }
        for count in octets.indices.reversed().prefix(300) {
            let part = Inspection.run(CaptureReader(name: "part", bytes: Array(octets[..<count])))
            #expect(part.ledger.isBalanced, "the first \(count) octets")
        }
    }

    /// Octets in a sentence whose checksum agrees.
    private static func sentence(_ octets: [UInt8]) -> [UInt8] {
        let body = octets.dropLast().filter { $0 != 0x0A && $0 != 0x0D }
        let digits = Array("0123456789ABCDEF".utf8)
        let check = body.reduce(0, ^)
        return [0x24] + body + [0x2A, digits[Int(check >> 4)], digits[Int(check & 15)], 0x0D, 0x0A]
    }

    /// Octets as address and body of a frame whose name, length and check agree; the first one chooses the name.
    private static func rdss4(_ octets: [UInt8]) {
        let names = MessageTypes.all.filter { $0.dialect == .rdss4 && $0.name.utf8.count == 4 }.map(\.name)
        guard octets.count > 4, octets.count < 2_000 else { return }
        let length = octets.count - 1 + 8
        var frame = [0x24] + Array(names[Int(octets[0]) % names.count].utf8)
        frame += [UInt8(length >> 8), UInt8(length & 0xFF)] + octets.dropFirst()
        frame.append(frame.reduce(0, ^))
        scan(frame, piece: 4_096)
    }

    /// Octets as header and body whose length and check agree, escaped, twice; an odd first one makes a header of 2019.
    private static func jtt808(_ octets: [UInt8]) {
        guard octets.count > 22, octets.count < 1_000 else { return }
        let is2019 = octets[0] & 1 == 1
        var message = Array(octets.dropFirst())
        let header = (is2019 ? 17 : 12) + (message[2] & 0x20 != 0 ? 4 : 0)
        guard message.count >= header else { return }
        let length = message.count - header
        message[2] = message[2] & 0xBC | (is2019 ? 0x40 : 0) | UInt8(length >> 8)
        message[3] = UInt8(length & 0xFF)
        if is2019 { message[4] = 1 }
        message.append(message.reduce(0, ^))
        let escaped = message.flatMap { octet -> [UInt8] in
            switch octet {
            case 0x7E: [0x7D, 0x02]
            case 0x7D: [0x7D, 0x01]
            default: [octet]
            }
        }
        let frame = [0x7E] + escaped + [0x7E]
        scan(frame + frame, piece: 700)
    }

    /// A stream in pieces is cut into messages, which are decoded with every column; it is explained as one message too.
    private static func scan(_ input: some Sequence<UInt8>, piece: Int) {
        let octets = Array(input)
        let scanner = MessageScanner(isLog: piece % 2 == 0)
        let (decoder, decoded) = (MessageDecoder(), DecodedBatch())
        var (ledger, values) = (Ledger(), Ledger())
        var payloads = Batch<Payload>()
        var units = Batch<Records.Unit>()
        let extent = Extent(octets.octets)
        ledger.bytes = octets.count
        var at = 0
        while at < octets.count {
            payloads.removeAll()
            units.removeAll()
            scanner.beginBatch()
            while at < octets.count, payloads.count < 8 {
                let length = min(piece, octets.count - at)
                payloads.append(
                    Payload(
                        extent: extent.slice(at: at, count: length), time: CaptureTime(nanoseconds: Int64(at)),
                        packet: UInt64(at) + 1, offset: UInt64(at), flow: 0))
                at += length
            }
            scanner.process(payloads, at: 0..<payloads.count, into: &units, ledger: &ledger)
            decoder.decode(units, into: decoded, ledger: &values)
            read(units, decoded)
        }
        units.removeAll()
        scanner.beginBatch()
        scanner.finish(into: &units, ledger: &ledger)
        decoder.decode(units, into: decoded, ledger: &values)
        read(units, decoded)
        #expect(ledger.isBalanced, "pieces of \(piece): \(ledger)")
        if let refusal = MessageTypes.explain(octets.octets) {
            #expect((0...octets.count).contains(refusal.offset), "a refusal lies in its message")
        }
        withExtendedLifetime(octets) {}
    }

    /// Every value is read as sinks read it.
    private static func read(_ units: borrowing Batch<Records.Unit>, _ decoded: DecodedBatch) {
        for index in 0..<units.count { reach(units.bytes(of: units[index])) }
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            for column in table.columns {
                for row in 0..<table.count {
                    let validity = column.validities[row]
                    if validity.hasRaw, column.info.rawKind == .bytes || column.info.rawKind == .text {
                        reach(column.rawBytes(at: row))
                    }
                    guard validity.hasValue else { continue }
                    switch column.info.kind {
                    case .string, .list:
                        let isUTF8 = column.text(at: row).isUTF8
                        #expect(isUTF8, "\(column.info.name) is UTF-8")
                        reach(column.text(at: row))
                    case .binary: reach(column.bytes(at: row))
                    case .enumeration, .boolean:
                        #expect(column.values[row] < column.info.labels.count, "\(column.info.name) has a label")
                    case .time: _ = column.time(at: row).text(digits: 3)
                    default: break
                    }
                }
            }
        }
    }
}
