import Foundation
import FoundationXML
import Support
import Testing

/// `plot`: files, names and forms, as users have them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct PlotCommandTests {
    private func plot(_ arguments: [String]) throws -> Finished { try Starlane.run(["plot"] + arguments) }

    @Test(
        "a plot as text is the screen that is kept",
        arguments: [
            ("battery", ["songjiang-packets.pcap", "eps_battery_voltage", "obc_mode", "--width", "90"]),
            ("counted", ["songjiang.frames", "eps_battery_voltage", "--width", "60", "--height", "16", "--title", ""]),
        ])
    func screens(_ name: String, _ arguments: [String]) throws {
        let finished = try plot(arguments)
        #expect(finished.status == 0 && finished.words.isEmpty, "\(finished.words)")
        try expectGolden("plot/\(name).txt", finished.text)
    }

    @Test("a file's ending says how it is written, --format goes before it, and - is SVG")
    func forms() throws {
        let folder = try TemporaryFolder()
        let wanted = ["songjiang-packets.pcap", "battery_voltage"]
        for (name, begin) in [
            ("a.svg", "<svg "), ("a.html", "<!DOCTYPE html>"), ("a.HTM", "<!DOCTYPE html>"),
            ("a.txt", "songjiang-packets"),
        ] {
            let finished = try plot(wanted + ["-o", folder.file(name).path])
            #expect(finished.status == 0 && finished.output.isEmpty && finished.words.isEmpty)
            #expect(try String(contentsOf: folder.file(name), encoding: .utf8).hasPrefix(begin), "\(name)")
        }
        #expect(try plot(wanted + ["-o", folder.file("a.png").path]).status == 0)
        #expect(try Data(contentsOf: folder.file("a.png")).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try plot(wanted + ["-o", folder.file("b.svg").path, "--format", "png"]).status == 0)
        #expect(try Data(contentsOf: folder.file("b.svg")).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let svg = try plot(wanted + ["-o", "-"])
        #expect(XMLParser(data: svg.output).parse())
        #expect(svg.text.contains("width=\"1200\" height=\"600\""))
        #expect(try plot(wanted + ["--format", "png"]).output.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("files and fields come in any order, and standard input is a file")
    func order() throws {
        let one = try plot(["songjiang-packets.pcap", "eps_battery_voltage", "--title", "x"])
        let other = try plot(["eps_battery_voltage", "songjiang-packets.pcap", "--title", "x"])
        #expect(one.status == 0 && one.text == other.text)
        let piped = try Starlane.bash("starlane plot - eps_battery_voltage --title x < songjiang-packets.pcap")
        #expect(piped.status == 0 && piped.text == one.text)
    }

    @Test("1 where the file was damaged, and it is drawn all the same")
    func damaged() throws {
        let finished = try plot(["songjiang-pass.pcapng", "battery_voltage"])
        #expect(finished.status == 1 && finished.text.contains("eps_battery_voltage"))
        #expect(finished.words.contains("frame error control is wrong"))
        expectWords(finished)
    }

    @Test(
        "2 where it cannot be drawn: the reason is told, and no file is left",
        arguments: [
            (["songjiang-packets.pcap", "battery_voltag"], "near it are"),
            (["songjiang-packets.pcap", "packet_time"], "is a time: numbers, enumerations and booleans can be drawn"),
            (["songjiang-packets.pcap", "mmp_data"], "is octets"),
            (["g60.packets", "eps_battery_voltage"], "has no value in what was read"),
            (["nothing.pcap", "eps_battery_voltage"], "nothing.pcap cannot be opened"),
            (["songjiang-packets.pcap", "eps_battery_voltage", "--time", "obc_mode"], "and no time"),
            (
                ["songjiang-packets.pcap", "eps_battery_voltage", "--spec", "nosuch"],
                "known by name are g60, songjiang"
            ),
        ])
    func refused(_ arguments: [String], _ words: String) throws {
        let folder = try TemporaryFolder()
        let finished = try plot(arguments + ["-o", folder.file("out.svg").path])
        #expect(finished.status == 2 && finished.words.contains(words), "\(finished.words)")
        #expect(finished.output.isEmpty && folder.names.isEmpty)
        expectWords(finished)
    }

    @Test(
        "64 where the words make no sense",
        arguments: [
            (["songjiang-packets.pcap"], "no parameter is named"),
            (["eps_battery_voltage"], "give captures and parameters"),
            (["songjiang-packets.pcap", "obc_mode", "-o", "out.gif"], "use .svg, .png, .html or .txt"),
            (["songjiang-packets.pcap", "obc_mode", "-o", "x.svg", "--width", "100"], "--width takes 200 to 10000"),
            (["songjiang-packets.pcap", "obc_mode", "--width", "5"], "--width takes 40 to 1000 characters"),
            (["songjiang-packets.pcap", "obc_mode", "-o", "x.png", "--scale", "9"], "--scale takes 1 to 4"),
            (
                [
                    "songjiang-packets.pcap", "obc_mode", "-o", "x.png", "--width", "9000", "--height", "9000",
                    "--scale", "2",
                ],
                "at most"
            ),
            (["songjiang-packets.pcap", "obc_mode", "--style", "pink"], "--style"),
        ])
    func usage(_ arguments: [String], _ words: String) throws {
        let finished = try plot(arguments)
        #expect(finished.status == 64 && finished.words.contains(words), "\(finished.words)")
        #expect(finished.output.isEmpty)
    }
}
