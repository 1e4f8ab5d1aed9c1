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
}
