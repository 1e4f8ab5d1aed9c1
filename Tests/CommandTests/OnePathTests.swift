import Foundation
import Support
import Testing

/// One decode path: the same packets by way of a file, a link, an export and a route have the same values.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct OnePathTests {
    /// What packets say, without what is another on every way: time, number and flow.
    private func values(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            let keys = ["\"dialect\"", "\"apid\""]
            return keys.compactMap { line.range(of: $0) }.first.map { String(line[$0.lowerBound...]) } ?? String(line)
        }
    }

    private func decoded(_ file: String, _ more: [String] = []) throws -> [String] {
        values(try Starlane.run(["decode", file, "--format", "jsonl", "--raw"] + more).text)
    }

    @Test(
        "exported as link, as packets, as octets and by a route, packets decode to the same",
        arguments: [
            "songjiang-packets.pcap", "songjiang-pass.pcapng", "g60-cadu.pcap", "g60.packets", "songjiang.frames",
        ])
    func exports(_ name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try decoded(name)
        #expect(whole.count > 90)
        func export(_ file: String, _ more: [String]) throws -> [String] {
            let path = folder.file(file).path
            let finished = try Starlane.run(["decode", name, "-o", path] + more)
            #expect(finished.status <= 1, "\(finished.words)")
            return try decoded(path)
        }
        let isBare = name.hasSuffix(".packets") || name.hasSuffix(".frames")
        if !isBare {
            #expect(try export("link.pcapng", []).sorted() == whole.sorted())
            #expect(
                try export("link.pcap", name.hasSuffix("pcapng") ? ["--payload", "packet"] : []).count == whole.count)
        }
        #expect(try export("units.pcapng", ["--payload", "packet"]).sorted() == whole.sorted())
        // Packets of two spacecraft in one flow are explained by one database alone.
        let octets = try export("octets.packets", [])
        if name == "songjiang-pass.pcapng" { #expect(octets.count == whole.count) } else { #expect(octets == whole) }
        try Data("routes: [{to: route.jsonl, raw: true}, {to: route.packets}, {to: \"null\"}]".utf8)
            .write(to: folder.file("p.yaml"))
        let finished = try Starlane.run(["run", "p.yaml", fixture(name).path], in: folder.url)
        #expect(finished.status <= 1, "\(finished.words)")
        #expect(values(try String(contentsOf: folder.file("route.jsonl"), encoding: .utf8)) == whole)
        #expect(
            try Data(contentsOf: folder.file("route.packets")) == Data(contentsOf: folder.file("octets.packets")))
    }

    @Test("messages as octets are the same messages again")
    func messages() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("messages.packets").path
        let finished = try Starlane.run(["decode", "terminals.pcapng", "-o", path])
        #expect(finished.status == 1)
        let again = try Starlane.run(["inspect", path, "--format", "json"])
        #expect(again.status == 0, "\(again.words)")
        func read(_ file: String) throws -> [JSON] {
            try JSON.lines(try Starlane.run(["decode", file, "--format", "jsonl"]).text).map { line in
                guard case .object(var members) = line["parameters"] ?? .null else { return line }
                // A message that came in parts is framed as one: its length is told anew.
                members["properties"] = nil
                members["sub_packages"] = nil
                return .array([line["type"] ?? .null, .object(members)])
            }
        }
        let (whole, found) = (try read("terminals.pcapng"), try read(path))
        #expect(whole.count == 654 && found == whole)
    }

    @Test("points are where the messages say, and nowhere where they say that they are not")
    func points() throws {
        let folder = try TemporaryFolder()
        func text(_ name: String, _ more: [String] = []) throws -> String {
            let finished = try Starlane.run(["decode", "terminals.pcapng", "-o", folder.file(name).path] + more)
            #expect(finished.status == 1)
            return try String(contentsOf: folder.file(name), encoding: .utf8)
        }
        let lines = try JSON.lines(try text("p.geojsonl"))
        guard case .array(let features)? = try JSON(try text("p.geojson"))["features"] else {
            Issue.record("no features")
            return
        }
        #expect(features == lines && lines.count == 226)
        for feature in lines {
            let (place, said) = (feature["geometry"]?["coordinates"], feature["properties"]?["parameters"])
            #expect(feature["type"]?.text == "Feature" && feature["geometry"]?["type"]?.text == "Point")
            let (east, north) = (try #require(place?[0]?.double), try #require(place?[1]?.double))
            #expect(abs(east - (said?["longitude"]?.double ?? 999)) < 1e-7)
            #expect(abs(north - (said?["latitude"]?.double ?? 999)) < 1e-7)
            #expect(said?["positioned"] != .bool(false) && said?["status"]?.text != "void")
        }
        // Of what has a place all is there, but for what says itself that it is none.
        let all = try JSON.lines(try Starlane.run(["decode", "terminals.pcapng", "--format", "jsonl"]).text)
        let placed = all.filter { $0["parameters"]?["latitude"]?.double != nil }
        let shown = Set(lines.compactMap { $0["properties"] })
        for line in placed where !shown.contains(line) {
            let said = line["parameters"]
            let labels = ["status", "quality", "fix", "positioned", "alarm"].compactMap { said?[$0] }
            #expect(!labels.isEmpty || line["dialect"]?.text == "jtt-808" || line["type"]?.text == "NPS", "\(line)")
        }
        let some = try JSON.lines(try text("q.geojsonl", ["--fields", "time,speed"]))
        #expect(some.map { $0["geometry"] } == lines.map { $0["geometry"] })
        #expect(some.allSatisfy { $0["properties"]?["parameters"]?["latitude"] == nil })
    }

    @Test("what goes to a peer is what goes into a file, and a peer that is none is refused")
    func peers() throws {
        let finished = try Starlane.bash(
            """
            set -e; cd "$(mktemp -d)"
            python3 - <<'EOF' &
            import socket
            s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], file=open("port.tmp", "w"))
            __import__("os").rename("port.tmp", "port")
            c, _ = s.accept(); out = open("received", "wb")
            while (b := c.recv(65536)): out.write(b)
            EOF
            while [ ! -f port ]; do sleep 0.05; done
            "$STARLANE" decode \(fixture("songjiang-packets.pcap").path) --format jsonl -o "tcp://127.0.0.1:$(cat port)"
            wait
            "$STARLANE" decode \(fixture("songjiang-packets.pcap").path) -o file.jsonl
            cmp received file.jsonl && echo same
            """)
        #expect(finished.text == "same\n", "\(finished.words)")
        for (output, format, words, status) in [
            ("udp://0.0.0.0:5000", "jsonl", "names nobody to send to", 2), ("tcp://h", "jsonl", "has no port", 2),
            ("tcp://127.0.0.1:1", "jsonl", "Connection refused", 2), ("tcp://h:1", "table", "does not tell how", 64),
            ("x.packets --fields time", "packets", "have no meaning in it", 64),
            ("tcp://h:1", "geojson", "geojsonl is a feature a line", 64),
        ] {
            let finished = try Starlane.bash(
                "\"$STARLANE\" decode songjiang-packets.pcap --format \(format) -o \(output)")
            #expect(finished.status == status && finished.words.contains(words), "\(finished.words)")
            expectWords(finished)
        }
    }
}
