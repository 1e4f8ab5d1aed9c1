import Pipeline
import Settings
import Support
import Testing

/// The files of `starlane run`: what they may say, and what is said of those that may not.
@Suite struct PipelinePlanTests {
    private func plan(_ text: String) throws(SettingsError) -> PipelinePlan {
        try PipelinePlan(Array(text.utf8), file: "p.yaml")
    }

    @Test("say sources, databases and routes, each with what it leaves to be told")
    func whole() throws {
        let plan = try plan(
            """
            sources:
              - a.pcap
              - {at: "tcp://h:1", framing: "length:2"}
              - {at: b.frames, frames: "tm:1115"}
            specs: [songjiang]
            join: true
            bpf: udp
            routes:
              - to: out.jsonl
              - {name: n, to: t/, filter: apid == 1, fields: [time, apid], raw: true, when_failing: continue}
              - {to: "udp://h:1", format: packets, when_slow: drop, when_failing: retry, queue_megabytes: 2}
              - {to: x.pcapng, payload: packet, from: 2026-03-15, until: "2026-03-15T02:30:00Z"}
              - to: "null"
            """)
        #expect(plan.sources.map(\.at) == ["a.pcap", "tcp://h:1", "b.frames"])
        #expect(plan.sources.map { $0.told == nil } == [true, false, false])
        #expect(plan.specs == ["songjiang"] && plan.joinsSegments && plan.captureFilter == "udp")
        let targets = plan.targets
        #expect(targets.map(\.options.format) == [.jsonl, .csv, .packets, .pcapng, .null])
        #expect(targets.map(\.options.name) == ["out.jsonl", "n", "udp://h:1", "x.pcapng", "null"])
        #expect(targets[0].policy == OutletPolicy() && targets[0].options.path == nil)
        #expect(targets[1].options.path == "t/" && targets[1].options.isDispensable && targets[1].options.withRaw)
        #expect(targets[1].options.fields == ["time", "apid"] && targets[1].options.conditions.filter == "apid == 1")
        #expect(targets[2].policy.whenSlow == .drop && targets[2].policy.whenFailing == .retry)
        #expect(targets[2].policy.queue == 2 << 20 && targets[3].options.payload == .packet)
        #expect(targets[3].options.conditions.from == 1_773_532_800_000_000_000)
    }

    @Test(
        "that cannot be run say line, reason and what is allowed",
        arguments: [
            ("", "is empty"), ("routes: []", "has no routes"), ("routes: x", "has to be a list of routes"),
            ("sources: [a]\nroutes: [{too: x}]", "to"), ("routes:\n  - filter: apid == 1", "has no 'to'"),
            ("routes:\n  - to: x.foo", "does not tell how to write"),
            ("routes: [{to: x.jsonl, format: jsnl}]", "jsonl"),
            ("routes: [{to: x.jsonl}, {to: x.jsonl}]", "two routes lead to x.jsonl"),
            ("routes: [{to: x.jsonl, when_slow: wait}]", "hold, drop"),
            ("routes: [{to: x.jsonl, when_failing: ignore}]", "continue"),
            ("routes: [{to: x.jsonl, queue_megabytes: 0}]", "1 to 4096"),
            ("routes: [{to: x.db, when_slow: drop}]", "has no queue"),
            ("routes: [{to: t/, when_failing: retry}]", "cannot be tried again"),
            ("routes: [{to: \"tcp://h:1\", format: pcapng, when_failing: retry}]", "begins with a head"),
            ("routes: [{to: \"udp://h:1\", format: geojson}]", "geojsonl is a feature a line"),
            ("routes: [{to: \"-\", format: sqlite}]", "a database is a file"),
            ("routes: [{to: x.pcap, fields: [time]}]", "have no meaning in it"),
            ("routes: [{to: x.jsonl, from: yesterday}]", "is no time"),
            ("sources: [{skip: 4}]\nroutes: [{to: x.jsonl}]", "has no 'at'"),
            ("sources: [{at: a, framing: length:3}]\nroutes: [{to: x.jsonl}]", "1, 2 and 4"),
            ("join: perhaps\nroutes: [{to: x.jsonl}]", "true or false"), ("routes: [", "p.yaml"),
        ])
    func refusals(_ text: String, _ words: String) throws {
        let error = #expect(throws: SettingsError.self) { try plan(text) }
        let found = error.map { "\($0)" } ?? ""
        #expect(found.hasPrefix("p.yaml") && found.contains(words), "\(found)")
    }
}
