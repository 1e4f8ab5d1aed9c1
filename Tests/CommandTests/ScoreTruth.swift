import Foundation
import Support
import Testing

/// Truths and results that are written by hand, and what `starlane score` says of them.
enum ScoreTruth {
    static let run =
        #"{"record":"run","truth":1,"program":"other 1","command":"simulate","scenario":"pass.yaml","seed":7}"#
    static let end = #"{"record":"end"}"#

    /// The record of a packet.
    static func packet(
        _ apid: Int, _ count: Int, second: Int, values: String = "", frames: String = "[3,4]",
        heard: String = #""huzhou.songjiang""#, spacecraft: (String, Int) = ("songjiang", 421), channel: Int = 0
    ) -> String {
        let time = "2026-03-15T02:22:\(second < 10 ? "0" : "")\(second).500000000Z"
        return
            #"{"record":"packet","spacecraft":"\#(spacecraft.0)","id":\#(spacecraft.1),"apid":\#(apid),"count":\#(count),"#
            + #""type":"eps_housekeeping","time":"\#(time)","octets":52,"channel":\#(channel),"frames":\#(frames),"#
            + #""heard":[\#(heard)],"values":{\#(values)}}"#
    }

    /// Three packets that arrived, at one station and at two; one that nobody heard; one that was not sent.
    static let plain = [
        run,
        packet(100, 17, second: 3, values: #""volts":28.31,"mode":"NOMINAL","packet_time":"2026-03-15T02:22:03.5Z""#),
        packet(
            100, 18, second: 4, values: #""volts":28.32,"mode":"SAFE""#, heard: #""huzhou.songjiang","hefei.songjiang""#
        ),
        packet(101, 0, second: 5, values: #""mode":"NOMINAL","open":true,"counts":[1,2]"#),
        packet(100, 19, second: 6, values: #""volts":28.33"#, frames: "[7,8]", heard: ""),
        packet(100, 20, second: 7, frames: "null", heard: ""),
        #"{"record":"fault","kind":"bit-error","interface":"huzhou.songjiang","spacecraft":"songjiang","channel":0,"frame":8,"time":"2026-03-15T02:22:06.6Z","new":[1]}"#,
        #"{"record":"weather","rain":true}"#, end,
    ]

    struct Scored {
        let finished: Finished
        let json: JSON
        /// Words of the standard error.
        var words: String { finished.words }
        func count(_ object: String, _ name: String) -> Int? { json[object]?[name]?.integer }
    }

    /// Scores a result; its name's ending does not matter.
    static func score(
        _ truth: [String], _ result: String, _ more: [String] = [], status: Int32, ledger: String? = nil,
        reference: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Scored {
        let folder = try TemporaryFolder()
        try Data((truth.joined(separator: "\n") + "\n").utf8).write(to: folder.file("truth.jsonl"))
        try Data(result.utf8).write(to: folder.file("result"))
        var arguments = ["score", "--truth", "truth.jsonl", "result", "--format", "json"] + more
        if let ledger {
            try Data(ledger.utf8).write(to: folder.file("ledger.json"))
            arguments += ["--ledger", "ledger.json"]
        }
        if let reference {
            try Data(reference.utf8).write(to: folder.file("reference.jsonl"))
            arguments += ["--reference", "reference.jsonl"]
        }
        let finished = try Starlane.run(arguments, in: folder.url)
        #expect(finished.status == status, "\(finished.words)\(finished.text)", sourceLocation: sourceLocation)
        expectWords(finished, sourceLocation: sourceLocation)
        return Scored(finished: finished, json: try JSON(finished.text.isEmpty ? "{}" : finished.text))
    }

    /// A line of `decode --format jsonl`.
    static func line(
        _ apid: Int, _ count: Int, _ parameters: String = "", spacecraft: Int = 421, second: Int = 3
    ) -> String {
        #"{"time":"2026-03-15T02:22:0\#(second).600000000Z","packet":1,"flow":"udp 10.21.1.20:41000 > 10.21.0.10:50421","#
            + #""spacecraft":\#(spacecraft),"vcid":0,"apid":\#(apid),"sequence":\#(count),"type":"songjiang.x","parameters":{\#(parameters)},"raw":{"volts":1}}"#
            + "\n"
    }

    static let good =
        line(100, 17, #""volts":28.310001,"mode":"NOMINAL","packet_time":"2026-03-15T02:22:03.50000000Z""#)
        + line(100, 18, #""mode":"SAFE","volts":28.32"#) + line(100, 18, #""volts":28.32,"mode":"SAFE""#)
        + line(101, 0, #""mode":"NOMINAL","open":true,"counts":[1,2],"more":1"#)

    /// Faults of captured packets, as `corrupt` tells them.
    static let faults = [
        #"{"record":"run","truth":1,"command":"corrupt","plan":"loss=0.01","seed":7}"#,
        #"{"record":"fault","kind":"loss","source":"a","packet":1,"flow":"f"}"#,
        #"{"record":"fault","kind":"bit-error","source":"a","packet":2,"flow":"f","bits":[1]}"#,
        #"{"record":"fault","kind":"truncate","source":"a","packet":2,"flow":"f"}"#,
        #"{"record":"fault","kind":"duplicate","source":"a","packet":2,"flow":"f"}"#,
        #"{"record":"fault","kind":"bit-error","source":"a","packet":3,"flow":"f","bits":[1]}"#,
        #"{"record":"fault","kind":"duplicate","source":"a","packet":9,"flow":"f"}"#,
        #"{"record":"fault","kind":"jitter","source":"a","packet":10,"flow":"f"}"#, end,
    ]
}
