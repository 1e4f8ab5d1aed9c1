import BeiDou
import Bytes
import Foundation
import Records
import Support
import Testing

/// Frames read by a second reader, in Python, that shares nothing with ours.
@Test(.enabled(if: hasProgram("python3"), "python3 is not installed"))
func theOracleReadsFramesOfRDSS4AsWeDo() throws {
    let without = Set(
        [
            "XXXX BBDQ XHDQ LZDQ GXDQ GXZR JSZL JJZH ZHSQ SJXX GNTX HXSZ DHSQ DSSQ SCSC ZBZH WMCS GNPS GNTS GNVS GNVX",
            "ZHQR KLSB DHSC DSJG SCSJ ZBSC GBSC GYSC ILXX QLXX unknown",
        ].flatMap { $0.split(separator: " ").map(String.init) })
    var random = SeededGenerator(seed: 3)
    var frames: [[UInt8]] = []
    for (type, info) in RDSS4Family.types.enumerated() where !without.contains(info.name) {
        for _ in 0..<150 {
            guard let frame = RDSS4.randomFrame(type, &random) else { continue }
            frames.append(try RDSS4Family.encode(RDSS4.everything(frame), type: type))
        }
    }
    #expect(frames.count > 3_000)
    let lines = frames.map { frame in frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("oracle/rdss4.py")
    let finished = try run("python3", [script.path], input: Data((lines.joined(separator: "\n") + "\n").utf8))
    try #require(finished.status == 0, "\(finished.words)")
    let answers = try JSON.lines(finished.text)
    try #require(answers.count == frames.count)
    for (frame, answer) in zip(frames, answers) {
        guard case .object(let members) = answer else {
            Issue.record("no object")
            return
        }
        let read = RDSS4.values(frame)
        for (name, expected) in members where name != "name" {
            #expect(agree(read[name], expected), "\(members["name"]?.text ?? "") \(name): \(frame)")
        }
    }
}

/// Whether a value of ours is what the oracle says; `null` is none.
private func agree(_ ours: FieldValue?, _ theirs: JSON) -> Bool {
    switch (ours, theirs) {
    case (nil, .null): true
    case (.integer(let number)?, .number): theirs.integer == Int(number)
    case (.number(let number)?, .number): theirs.double.map { abs($0 - number) < 1e-9 } ?? false
    case (.boolean(let flag)?, .bool(let other)): flag == other
    case (.text(let text)?, .string(let other)): text == other
    case (.octets(let octets)?, .string(let hex)): octets == Support.octets(hex)
    case (.list(let list)?, .array(let others)): list.count == others.count && zip(list, others).allSatisfy(agree)
    default: false
    }
}
