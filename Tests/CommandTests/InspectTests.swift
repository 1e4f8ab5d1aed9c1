import Foundation
import Support
import Testing

/// What `inspect` says, in words and as JSON.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct InspectTests {
    static let files = ExitStatusTests.good + ExitStatusTests.damaged

    @Test("its words are the text that is kept, under a screen long, and without codes for terminals", arguments: files)
    func words(_ name: String) throws {
        let finished = try Starlane.run(["inspect", name])
        #expect(!finished.text.contains("\u{1B}"))
        #expect(finished.text.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
        #expect(finished.text.split(separator: "\n").allSatisfy { $0.count <= 180 })
        try expectGolden("inspect/\(name).txt", finished.text)
    }

    @Test("--all shows what the screen has no room for")
    func all() throws {
        let short = try Starlane.run(["inspect", "songjiang-pass.pcapng"])
        let long = try Starlane.run(["inspect", "--all", "songjiang-pass.pcapng"])
        #expect(short.text.contains("--all shows them"))
        #expect(!long.text.contains("--all shows them"))
        #expect(long.text.contains("songjiang.beacon") && !short.text.contains("songjiang.beacon"))
    }

    /// The text of one JSON value a key, for those that a program may rely on.
    private static func kind(_ value: JSON?) -> String {
        switch value {
        case nil: "missing"
        case .null: "null"
        case .bool: "bool"
        case .number(let digits): Int(digits) != nil ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func expect(_ value: JSON, _ keys: [String: Set<String>], _ what: String) {
        for (key, kinds) in keys { #expect(kinds.contains(kind(value[key])), "\(what).\(key) is \(kind(value[key]))") }
    }

    @Test(
        "as JSON it is one object a file on one line, with the keys and kinds that programs rely on", arguments: files)
    func json(_ name: String) throws {
        let finished = try Starlane.run(["inspect", "--format", "json", name])
        let lines = try JSON.lines(finished.text)
        #expect(lines.count == 1)
        let report = try #require(lines.first)
        let (integer, text, maybe): (Set, Set, Set) = (["integer"], ["string"], ["integer", "null"])
        Self.expect(
            report,
            [
                "file": text, "capture": ["object"], "flows": ["array"], "apids": ["array"], "channels": ["array"],
                "ledger": ["object"],
            ],
            "report")
        #expect(report["file"] == .string(name))
        let capture = try #require(report["capture"])
        Self.expect(
            capture,
            [
                "format": text, "packets": integer, "bytes": integer, "first": ["string", "null"],
                "last": ["string", "null"],
                "interfaces": ["array"],
            ], "capture")
        for flow in report["flows"]?.array ?? [] {
            Self.expect(
                flow,
                [
                    "flow": text, "stack": ["array"], "confidence": ["integer", "number"], "evidence": text,
                    "frame": ["object", "null"], "packets": integer, "bytes": integer,
                ], "flow")
            #expect((0...1).contains(flow["confidence"]?.double ?? -1))
            if let frame = flow["frame"], frame != .null {
                #expect([JSON.string("TM"), .string("AOS")].contains(frame["kind"] ?? .null))
                Self.expect(frame, ["length": integer], "frame")
            }
        }
        for apid in report["apids"]?.array ?? [] {
            Self.expect(
                apid,
                [
                    "spacecraft": maybe, "vcid": maybe, "apid": integer, "packets": integer, "bytes": integer,
                    "gaps": integer,
                    "missing": integer,
                ], "apid")
        }
        for channel in report["channels"]?.array ?? [] {
            Self.expect(
                channel,
                ["spacecraft": integer, "vcid": integer, "frames": integer, "gaps": integer, "missing": integer],
                "channel")
        }
        let ledger = try #require(report["ledger"])
        Self.expect(
            ledger,
            [
                "bytes": integer, "decoded": integer, "overhead": integer, "idle": integer, "unclaimed": integer,
                "rejected": ["array"], "pending": integer, "balanced": ["bool"],
            ], "ledger")
        for row in ledger["rejected"]?.array ?? [] {
            Self.expect(
                row, ["stage": text, "reason": text, "count": integer, "bytes": integer, "first": ["object"]],
                "rejected")
            Self.expect(row["first"] ?? .null, ["packet": integer, "offset": integer], "rejected.first")
        }
        #expect(ledger["balanced"] == .bool(true))
        let parts = ["decoded", "overhead", "idle", "unclaimed", "pending"].reduce(0) {
            $0 + (ledger[$1]?.integer ?? 0)
        }
        let rejected = (ledger["rejected"]?.array ?? []).reduce(0) { $0 + ($1["bytes"]?.integer ?? 0) }
        #expect(ledger["bytes"]?.integer == parts + rejected)
        #expect(finished.status == (ledger["rejected"]?.array?.isEmpty == true ? 0 : 1))
    }

    @Test("its counts are those that the maker of the files wrote down")
    func facts() throws {
        for name in Self.files {
            guard let text = try? String(contentsOf: fixture("\(name).facts.json"), encoding: .utf8) else { continue }
            let facts = try JSON(text)
            let report = try JSON(try Starlane.run(["inspect", "--format", "json", name]).text)
            func rows(_ value: JSON?, _ keys: [String]) -> Set<[JSON?]> {
                Set((value?.array ?? []).map { row in keys.map { row[$0] } })
            }
            let ofAPIDs = ["spacecraft", "vcid", "apid", "packets", "bytes", "gaps", "missing"]
            #expect(
                rows(report["apids"], ofAPIDs).subtracting(rows(facts["apids"], ofAPIDs)).isEmpty
                    && rows(report["apids"], ofAPIDs).count == rows(facts["apids"], ofAPIDs).count, "\(name)")
            if facts["channels"] != nil {
                let ofChannels = ["spacecraft", "vcid", "frames", "gaps", "missing"]
                #expect(rows(report["channels"], ofChannels) == rows(facts["channels"], ofChannels), "\(name)")
            }
            if let packets = facts["capture_packets"] { #expect(report["capture"]?["packets"] == packets, "\(name)") }
            if let length = facts["frame_length"] {
                #expect(report["flows"]?[0]?["frame"]?["length"] == length, "\(name)")
            }
            if let skip = facts["skip"] { #expect(report["flows"]?[0]?["skip"] == skip, "\(name)") }
            #expect(report["ledger"]?["bytes"] == facts["bytes"], "\(name)")
        }
    }

    @Test("what is told counts for more than what is found out")
    func told() throws {
        let finished = try Starlane.run(["inspect", "--format", "json", "--frames", "aos:223", "songjiang.frames"])
        let flow = try #require(try JSON(finished.text)["flows"]?[0])
        #expect(flow["frame"]?["kind"] == .string("AOS") && flow["frame"]?["length"] == .number("223"))
        #expect(flow["evidence"] == .string("as told"))
        let skipped = try Starlane.run(["inspect", "--format", "json", "--skip", "0", "g60-skip4.packets"])
        #expect(skipped.status == 1, "four octets in front of each packet are no packets")
        #expect(try JSON(skipped.text)["ledger"]?["balanced"] == .bool(true))
    }

    @Test("a file of noise is no telemetry, and that is no error")
    func noise() throws {
        var random = SeededGenerator(seed: 3)
        let noise = Data((0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        let finished = try Starlane.run(["inspect", "--format", "json", "-"], input: noise)
        #expect(finished.status == 0)
        let report = try JSON(finished.text)
        #expect(report["flows"]?[0]?["frame"] == .null)
        #expect((report["flows"]?[0]?["confidence"]?.double ?? 1) < 0.5)
        #expect(report["ledger"]?["unclaimed"] == .number("50000"))
    }

    @Test("numbers that are too wide for their columns stand apart still")
    func wideNumbers() throws {
        // A gigabyte of zeros, which are no telemetry, is a megabyte when packed.
        let finished = try Starlane.bash("head -c 1100000000 /dev/zero | gzip -1 | starlane inspect -")
        #expect(finished.status == 0)
        #expect(finished.text.contains(" 1,100,000,000  not recognised"), "\(finished.text)")
    }
}
