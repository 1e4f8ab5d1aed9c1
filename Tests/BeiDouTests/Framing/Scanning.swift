import BeiDou
import Bytes
import Records
import Support
import Transport

/// What a scanner handed out, kept.
struct Scanned: Equatable {
    /// Name and octets of each message.
    var messages: [Message] = []
    var ledger = Ledger()

    struct Message: Equatable {
        let name: String
        let octets: [UInt8]
        let offset: UInt64
        let time: Int64
    }

    var names: [String] { messages.map(\.name) }
    var reasons: [String] { ledger.rejections.map(\.reason).sorted() }
}

/// Scans octets as one flow, cut into pieces at the given places.
func scan(_ octets: [UInt8], cuts: [Int] = [], isLog: Bool = false, marks: Payload.Marks = []) -> Scanned {
    let scanner = MessageScanner(isLog: isLog)
    var result = Scanned()
    result.ledger.bytes = octets.count
    let extent = Extent(octets.octets)
    var payloads = Batch<Payload>(capacity: 1)
    var units = Batch<Unit>()
    func take() {
        for index in 0..<units.count {
            let unit = units[index]
            result.messages.append(
                Scanned.Message(
                    name: MessageTypes.all[Int(unit.apid)].name, octets: units.bytes(of: unit).copied(),
                    offset: unit.offset, time: unit.time.nanoseconds))
        }
        units.removeAll()
    }
    let places = [0] + cuts.sorted() + [octets.count]
    for (from, to) in zip(places, places.dropFirst()) where to > from {
        scanner.beginBatch()
        payloads.removeAll()
        payloads.append(
            Payload(
                extent: extent.slice(at: from, count: to - from), time: .unknown, packet: 0, offset: UInt64(from),
                flow: 0, marks: from > 0 ? marks : []))
        scanner.process(payloads, at: 0..<1, into: &units, ledger: &result.ledger)
        take()
    }
    scanner.beginBatch()
    scanner.finish(into: &units, ledger: &result.ledger)
    take()
    withExtendedLifetime(octets) {}
    return result
}

/// Good messages of all dialects, from the vectors: octets as they travel.
let goodMessages: [[UInt8]] = {
    var messages: [[UInt8]] = []
    for name in ["beidou-text", "nmea-beidou"] {
        guard let table = try? Table(fixture("vectors/\(name).tsv")) else { continue }
        for row in table.rows where row["check"] == "ok" {
            guard let sentence = row["sentence"], sentence.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
            // A logger's doubled dollar sign is no part of its message.
            messages.append([0x24] + sentence.utf8.drop { $0 == 0x24 })
        }
    }
    for name in ["beidou-binary", "jtt808"] {
        guard let table = try? Table(fixture("vectors/\(name).tsv")) else { continue }
        for row in table.rows where row["check"] == "ok" && row["name"] != "stream" {
            if let hex = row["hex"] { messages.append(Support.octets(hex)) }
        }
    }
    return messages
}()
