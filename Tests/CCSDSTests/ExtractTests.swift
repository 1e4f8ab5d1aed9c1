import Records
import Bytes
import CCSDS
import Support
import Testing

/// Packets through frames and back, as another implementation sent them.
struct ExtractTests {
    private struct Row {
        let name: String
        let layout: FrameLayout
        let frames: [[UInt8]]
        let packets: [[UInt8]]
    }

    private func rows() throws -> [Row] {
        try Table(fixture("vectors/ccsds-extract.tsv")).rows.map { row in
            let layout = FrameLayout(
                kind: row["kind"] == "tm" ? .tm : .aos, length: Int(row["frame_octets"] ?? "") ?? 0,
                hasFECF: row["fecf"] == "1", ocf: row["ocf"] == "1", spacecraft: [Int(row["scid"] ?? "") ?? 0])
            let list = { (name: String) in (row[name] ?? "").split(separator: ",").map { octets(String($0)) } }
            return Row(
                name: row["name"] ?? "", layout: layout, frames: list("frames"),
                packets: list("packets").filter { !$0.isEmpty })
        }
    }

    @Test("the packets that must come out do, from datagrams")
    func datagrams() throws {
        let rows = try rows()
        #expect(rows.count >= 30)
        for row in rows {
            let decoder = FrameDecoder(layout: row.layout)
            let data = row.frames.flatMap { $0 }
            let outcome = decode(data, pieces(data.count, of: row.layout.length), by: .frames(decoder))
            #expect(outcome.packets == row.packets, Comment(rawValue: row.name))
            #expect(outcome.ledger.isBalanced, Comment(rawValue: row.name))
        }
    }

    @Test("the packets that must come out do, from a stream with markers and damage in between")
    func stream() throws {
        var random = SeededGenerator(seed: 4)
        for row in try rows() {
            var layout = row.layout
            layout.marker = FrameLayout.syncMarker
            var data: [UInt8] = []
            for (index, frame) in row.frames.enumerated() {
                if index % 2 == 1 { data += [UInt8](repeating: 0x1A, count: index) }
                data += FrameLayout.syncMarker + frame
            }
            let decoder = FrameDecoder(layout: layout, isStream: true)
            let outcome = decode(data, pieces(data.count, upTo: 50, by: &random), batch: 3, by: .frames(decoder))
            #expect(outcome.packets == row.packets, Comment(rawValue: row.name))
            #expect(outcome.ledger.isBalanced, Comment(rawValue: row.name))
            let skipped = row.frames.indices.filter { $0 % 2 == 1 }.reduce(0, +)
            #expect(outcome.ledger.rejections.filter { $0.stage == .frame }.reduce(0) { $0 + $1.bytes } == skipped)
        }
    }

    @Test("every frame of the vectors is taken with its fields where they are, or refused for its version")
    func frames() throws {
        for name in ["tm", "aos"] {
            let rows = try Table(fixture("vectors/ccsds-\(name)-frames.tsv")).rows
            #expect(rows.count >= 25)
            for row in rows {
                let (frame, label) = (octets(row["frame"] ?? ""), Comment(rawValue: row["name"] ?? ""))
                let insertZone = octets(row["insert_zone"] ?? "-").count
                let type = row["data_field_type"] ?? "M_PDU"
                let layout = FrameLayout(
                    kind: name == "tm" ? .tm : .aos, length: frame.count, hasFECF: row["fecf"] == "1",
                    ocf: row["ocf"] != "none", insertZone: insertZone,
                    headerErrorControl: row["fhec"].map { $0 != "none" } ?? false,
                    zone: type == "B_PDU" ? .bitstream : type == "VCA" ? .opaque : .packets)
                let decoder = FrameDecoder(layout: layout)
                let outcome = decode(frame, [Piece(range: 0..<frame.count)], by: .frames(decoder))
                #expect(outcome.ledger.isBalanced, label)
                if row["version"] == "1" {
                    #expect(decoder.strays == 1 && outcome.channels.isEmpty, label)
                    continue
                }
                let channel = try #require(outcome.channels.first, label)
                #expect(channel.vcid == Int(row["vcid"] ?? "") && channel.frames == 1, label)
                #expect(channel.controlWord == UInt32(row["ocf"] ?? "", radix: 16), label)
                #expect(decoder.frameErrorControl.valid == (layout.hasFECF ? 1 : 0), label)
                let data = octets(row[name == "tm" ? "data_field" : "data"] ?? "").count
                let pointer = Int(row[name == "tm" ? "first_header_pointer" : "pointer"] ?? "") ?? -1
                if pointer == 0x7FE, row["sync_flag"] != "1", type == "M_PDU" {
                    #expect(channel.idleFrames == 1 && outcome.ledger.idle == data, label)
                }
                #expect(outcome.ledger.overhead == frame.count - data, label)
            }
        }
    }
}
