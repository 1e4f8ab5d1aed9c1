import Bytes
import Foundation
import FoundationXML
import Plot
import Records
import Support
import Testing

struct FigureTests {
    /// Reads XML by a reader that is not ours; what is wrong with it, or nil.
    private func mistake(_ text: String) -> String? {
        let parser = XMLParser(data: Data(text.utf8))
        return parser.parse() ? nil : parser.parserError.map { "\($0), line \(parser.lineNumber)" } ?? "no reason"
    }

    @Test("SVG and HTML are well-formed, whatever names and units hold")
    func wellFormed() {
        let names = [
            "a<b>&\"c'", "]]>", "电压 ", "\u{0}\u{1B}x\u{FFFE}", "</script><b>",
            String(repeating: "long.name", count: 90),
        ]
        for name in names {
            var options = PlotOptions()
            options.title = name
            let series = [
                PlotSeries(name: name, unit: name, points: points([1, 3, 2])),
                PlotSeries(name: name, labels: [name, "on"], points: points([0, 1, 0])),
            ]
            var figure = Figure(series, axis: .time, options)
            let svg = text { figure.svg(into: &$0) }
            #expect(mistake(svg) == nil, "\(name)")
            // Foundation's reader knows no HTML: the page is read as XML without its type.
            let html = text { figure.html(into: &$0) }
            #expect(mistake(html.replacing("<!DOCTYPE html>", with: "")) == nil, "\(name)")
            #expect(html.components(separatedBy: "</script>").count == 3, "\(name)")
            #expect(!text { figure.text(into: &$0, columns: 80, rows: 30, hasColours: false) }.isEmpty)
        }
    }

    @Test("a page of HTML asks for nothing outside of itself")
    func selfContained() throws {
        var figure = sample()
        let html = text { figure.html(into: &$0) }
        let addresses = html.matches(of: /https?:\/\/[^"'\s]+/).map { String($0.output) }
        #expect(Set(addresses) == ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"])
        for word in ["src=", "href=", "@import", "url(h"] { #expect(!html.contains(word)) }
        let data = try #require(html.firstMatch(of: /id="data">([^\n]*)<\/script>/)?.output.1)
        let json = try JSON(String(data))
        #expect(json["series"]?.array?.count == 4)
        #expect(json["panels"]?.array?.count == 3)
        // The counter's line breaks where nothing came, and where packets are missing.
        #expect(json["series"]?.array?[3]["runs"]?.array?.count == 3)
    }

    @Test("the script of a page is JavaScript", .enabled(if: hasProgram("node"), "node is not there"))
    func script() throws {
        var figure = sample()
        let html = text { figure.html(into: &$0) }
        let behind = try #require(html.components(separatedBy: "//<![CDATA[").last)
        let script = behind.components(separatedBy: "//]]>")[0]
        let folder = try TemporaryFolder()
        try Data(script.utf8).write(to: folder.file("page.js"))
        let finished = try Support.run("node", ["--check", folder.file("page.js").path])
        #expect(finished.status == 0, "\(finished.words)")
    }

    @Test("a PNG is one to a reader that is not ours", .enabled(if: hasProgram("python3"), "python3 is not there"))
    func png() throws {
        for (scale, style) in [(1, PlotOptions.Style.light), (2, .dark)] {
            var figure = sample {
                $0.width = 640
                $0.height = 400
                $0.scale = scale
                $0.style = style
            }
            let picture = figure.png()
            let octets = try #require(picture)
            let folder = try TemporaryFolder()
            try Data(octets).write(to: folder.file("plot.png"))
            let program = """
                import struct, sys, zlib
                data = open(sys.argv[1], 'rb').read()
                assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
                at, chunks = 8, {}
                while at < len(data):
                    size, name = struct.unpack('>I4s', data[at:at + 8])
                    body = data[at + 8:at + 8 + size]
                    assert zlib.crc32(name + body) == struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0]
                    chunks[name] = body
                    at += 12 + size
                width, height, depth, colour = struct.unpack('>IIBB', chunks[b'IHDR'][:10])
                pixels = zlib.decompress(chunks[b'IDAT'])
                assert len(pixels) == height * (width * 3 + 1) and chunks[b'IEND'] == b''
                rows = [pixels[y * (width * 3 + 1):(y + 1) * (width * 3 + 1)] for y in range(height)]
                assert all(row[0] == 0 for row in rows)
                colours = {row[x:x + 3] for row in rows for x in range(1, len(row), 3)}
                print(width, height, depth, colour, rows[0][1:4].hex(), len(colours) > 100)
                """
            let finished = try Support.run("python3", ["-c", program, folder.file("plot.png").path])
            let ground = style == .light ? "ffffff" : "14181d"
            #expect(finished.text == "\(640 * scale) \(400 * scale) 8 2 \(ground) True\n", "\(finished.words)")
        }
    }

    @Test("the same values give the same picture, and asking twice does, too")
    func repeated() {
        var (first, second) = (sample(), sample())
        let octets = first.png()
        #expect(octets == second.png() && octets == first.png())
        #expect(text { first.svg(into: &$0) } == text { second.svg(into: &$0) })
    }

    @Test("more panels make a picture higher, where its height is not told")
    func height() {
        func height(_ count: Int, _ told: Int?) -> String? {
            var options = PlotOptions()
            options.height = told
            var figure = Figure((0..<count).map { PlotSeries(name: "p\($0)", points: points([1, 2])) }, options)
            return text { figure.svg(into: &$0) }.firstMatch(of: /height="(\d+)"/).map { String($0.output.1) }
        }
        #expect(height(1, nil) == "600")
        #expect(Int(height(10, nil) ?? "") ?? 0 > 1200)
        #expect(height(10, 700) == "700")
    }

    @Test("series without points are left out; a figure of none is empty and no trap")
    func empty() {
        var figure = Figure([PlotSeries(name: "nothing")])
        #expect(figure.isEmpty)
        #expect(!text { figure.svg(into: &$0) }.isEmpty)
        #expect(figure.png() != nil)
        #expect(!text { figure.text(into: &$0, columns: 1, rows: 1, hasColours: true) }.isEmpty)
    }

    @Test("one point, huge values, values that are no label: nothing traps")
    func odd() {
        let series = [
            PlotSeries(name: "one", unit: "V", points: points([3])),
            PlotSeries(
                name: "huge", points: points([-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude, 1e-300])),
            PlotSeries(name: "label", labels: ["a"], points: points([0, 7, -1, 0.5, 1e300])),
            PlotSeries(
                name: "same", unit: "V", limits: [LimitRange(level: .watch, minimum: 0, maximum: 1e308)],
                points: points([0, 0])),
        ]
        for axis in [PlotAxis.time, .packets] {
            var figure = Figure(series, axis: axis)
            #expect(mistake(text { figure.svg(into: &$0) }) == nil)
            #expect(figure.png() != nil)
            #expect(mistake(text { figure.html(into: &$0) }.replacing("<!DOCTYPE html>", with: "")) == nil)
            #expect(!text { figure.text(into: &$0, columns: 60, rows: nil, hasColours: true) }.isEmpty)
        }
    }

    // MARK: Text

    @Test("a screen that is too low is rolled: every label keeps its line")
    func rolled() {
        var figure = sample()
        let screen = text { figure.text(into: &$0, columns: 80, rows: 10, hasColours: false) }
        #expect(screen.split(separator: "\n").count > 20)
        for label in ["DOWNLINK", "NEVER", "IDLE"] { #expect(screen.contains("\(label) │")) }
    }

    @Test(
        "a plot on a terminal is the screen that is kept",
        arguments: [(80, 40, false), (80, 40, true), (120, 28, false)])
    func screens(_ columns: Int, _ rows: Int, _ hasColours: Bool) throws {
        var figure = sample()
        let screen = text { figure.text(into: &$0, columns: columns, rows: rows, hasColours: hasColours) }
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == rows)
        if !hasColours {
            #expect(lines.allSatisfy { $0.columns <= columns && $0.last != " " })
            #expect(!screen.contains("\u{1B}"))
        }
        try expectGolden("\(columns)x\(rows)\(hasColours ? "-colours" : "").txt", screen)
    }
}
