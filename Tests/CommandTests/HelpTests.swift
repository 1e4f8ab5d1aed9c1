import Support
import Testing

/// Help screens as a whole: whoever changes an option sees what users will see.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct HelpTests {
    @Test(
        "every command's help is the screen that is kept",
        arguments: [
            [], ["inspect"], ["decode"], ["fields"], ["plot"], ["tracks"], ["diff"], ["run"], ["archive"],
            ["archive", "append"], ["archive", "info"], ["archive", "merge"], ["archive", "repair"],
            ["archive", "split"], ["export"], ["replay"], ["corrupt"], ["passes"], ["simulate"], ["score"], ["encode"],
            ["message"],
            ["message", "decode"],
            ["message", "encode"],
            ["message", "types"], ["message", "send"], ["message", "listen"], ["spec"],
            ["spec", "check"], ["spec", "list"],
        ])
    func screens(_ command: [String]) throws {
        let finished = try Starlane.run(command + ["--help"])
        #expect(finished.status == 0)
        #expect(finished.words.isEmpty)
        try expectGolden("help/\((["starlane"] + command).joined(separator: "-")).txt", finished.text)
    }

    @Test("the same help comes by 'help COMMAND' and by -h", arguments: ["inspect", "decode", "spec"])
    func ways(_ command: String) throws {
        let long = try Starlane.run([command, "--help"])
        #expect(try Starlane.run([command, "-h"]).text == long.text)
        #expect(try Starlane.run(["help", command]).text == long.text)
    }

    @Test("the version is a number on one line")
    func version() throws {
        let finished = try Starlane.run(["--version"])
        #expect(finished.status == 0)
        #expect(finished.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test("help of a command that is none is refused")
    func unknown() throws {
        let finished = try Starlane.run(["help", "inspekt"])
        #expect(finished.status == 64 || finished.text.contains("USAGE: starlane <subcommand>"))
        expectWords(finished)
    }
}
