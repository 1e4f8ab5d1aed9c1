import Foundation
import Support
import Testing

/// The completion of fields, in shells as people have them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct CompletionTests {
    /// What bash offers at the end of a line whose words are given: the last one as it is typed, perhaps with an open quote.
    private func bash(_ words: [String]) throws -> [String] {
        let last = words.last ?? ""
        let current = last.hasPrefix("'") || last.hasPrefix("\"") ? String(last.dropFirst()) : last
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
        let script = """
            source <("$STARLANE" --generate-completion-script bash)
            COMP_WORDS=("$STARLANE" \(words.map(quoted).joined(separator: " ")))
            COMP_CWORD=\(words.count) COMP_LINE="starlane "\(quoted(words.joined(separator: " ")))
            COMP_POINT=${#COMP_LINE}
            _starlane starlane \(quoted(current)) \(quoted(words.dropLast().last ?? "starlane"))
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let finished = try Starlane.bash(script)
        #expect(finished.status == 0 && finished.words.isEmpty, "\(finished.words)")
        return finished.text.split(separator: "\n").map(String.init)
    }

    @Test(
        "bash completes the last word of a filter, and keeps what stands in front",
        arguments: [
            (["decode", "x.pcap", "-Y", "'apid == 3 and eps_battery_v"], "apid == 3 and eps_battery_voltage"),
            (["inspect", "x.pcap", "--filter", "'obc_mode == S"], "obc_mode == SAFE"),
            (["tracks", "x.pcap", "-Y", "\"spacecraft in {'song"], "spacecraft in {'songjiang'"),
            (["plot", "x.pcap", "-Y", "eps.battery_v"], "eps.battery_voltage"),
            (["decode", "x.pcap", "-Y", "'type == \"songjiang.eps_h"], "type == \"songjiang.eps_housekeeping\""),
            (["decode", "x.pcap", "--fields", "time,eps_battery_v"], "time,eps_battery_voltage"),
            (["plot", "x.pcap", "eps_battery_v"], "eps_battery_voltage"), (["plot", "g60.p"], "g60.packets"),
            (["plot", "x.pcap", "eps_battery_voltage", "--time", "packet_t"], "packet_time"),
            (["encode", "--spec", "songjiang", "eps_h"], "eps_housekeeping"),
            (["encode", "--spec", "songjiang", "eps_housekeeping", "eps_battery_v"], "eps_battery_voltage="),
            (["fields", "frame.qual"], "frame.quality"), (["fields", "vector"], "vectors/"),
        ])
    func completes(_ words: [String], _ expected: String) throws {
        let offered = try bash(words)
        #expect(offered.contains(expected), "\(offered)")
    }

    @Test("databases that the line names are those whose fields are offered, wherever it names them")
    func databases() throws {
        #expect(try bash(["decode", "--spec", "g60", "-Y", "'eps_battery_v"]).isEmpty)
        #expect(try bash(["decode", "--spec", "g60", "-Y", "'obc_sta"]).contains("obc_state"))
        #expect(try !bash(["decode", "-Y", "'obc_sta"]).isEmpty)
        let own = fixture("xtce/peer.xml").path
        #expect(try bash(["decode", "--spec", "nosuch", "-Y", "'eps_battery_v"]).isEmpty)
        #expect(try !bash(["decode", "--spec", "'\(own)'", "--fields", ""]).isEmpty)
    }

    @Test("what a filter holds is not run and not taken apart")
    func harmless() throws {
        let folder = try TemporaryFolder()
        let trap = folder.file("trap").path
        let typed = "'text contains \"$(touch \(trap)) `touch \(trap)` \\\" * \" or eps_battery_v"
        let offered = try bash(["decode", "x.pcap", "-Y", typed])
        #expect(offered.contains(typed.dropFirst() + "oltage"), "\(offered)")
        #expect(folder.names.isEmpty)
    }

    @Test("subcommands, options and lists of words are completed as before")
    func others() throws {
        #expect(try bash(["dec"]) == ["decode"])
        #expect(try bash(["decode", "--format", "js"]) == ["jsonl"])
        #expect(try bash(["decode", "g60.p"]).contains("g60.packets"))
        #expect(try bash(["decode", "--unt"]) == ["--until"])
    }

    @Test(
        "fish takes the script, and words without their quotes",
        .enabled(if: hasProgram("fish"), "there is no fish here"))
    func fish() throws {
        let finished = try Starlane.bash("starlane --generate-completion-script fish | fish -n /dev/stdin")
        #expect(finished.status == 0 && finished.words.isEmpty, "\(finished.words)")
        let offered = try run(
            Starlane.program.path,
            ["---completion", "decode", "--", "-Y", "2", "1", "starlane", "-Y", "apid == 3 and eps_battery_v"],
            environment: ["SAP_SHELL": "fish", "STARLANE_SPECS": ""])
        #expect(offered.text.hasPrefix("apid == 3 and eps_battery_voltage\n"), "\(offered.words)")
    }

    @Test("zsh takes the script", .enabled(if: hasProgram("zsh"), "there is no zsh here"))
    func zsh() throws {
        let finished = try Starlane.bash("starlane --generate-completion-script zsh | zsh -n /dev/stdin")
        #expect(finished.status == 0 && finished.words.isEmpty, "\(finished.words)")
        // A colon would begin a description.
        let offered = try run(
            Starlane.program.path,
            [
                "---completion", "decode", "--", "--filter", "2", "3", "starlane", "-Y",
                "'octets == 08:64 or eps_battery_v",
            ],
            environment: ["SAP_SHELL": "zsh", "STARLANE_SPECS": ""])
        #expect(offered.text.hasPrefix("octets == 08\\:64 or eps_battery_voltage\n"))
    }

    @Test(
        "each way of asking gives the script of its shell",
        arguments: [
            (["--generate-completion-script", "bash"], "complete -o filenames -F _starlane starlane"),
            (["--generate-completion-script=bash"], "# positional arguments:"),
            (["--generate-completion-script", "zsh"], "#compdef starlane"),
            (["--generate-completion-script", "fish"], "complete -c 'starlane'"),
        ])
    func scripts(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.run(arguments)
        #expect(finished.status == 0 && finished.text.contains(words))
    }

    @Test("a shell that there is not is refused")
    func refused() throws {
        let finished = try Starlane.run(["--generate-completion-script", "csh"])
        #expect(finished.status != 0 && finished.output.isEmpty && finished.words.contains("csh"))
    }
}
