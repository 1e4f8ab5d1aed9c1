import BeiDou
import Foundation
import Support
import Testing

private let specFile = projectFolder.appendingPathComponent("Specs/limits.yaml")

private func read(_ text: String) throws -> Limits { try Limits(settings: Array(text.utf8), file: "my.yaml") }

@Suite struct SettingsTests {
    @Test func theStandardTableStandsInSpecs() throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Limits.standard.settings.write(to: specFile, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: specFile, encoding: .utf8)
        #expect(text == Limits.standard.settings, "written anew with UPDATE_GOLDENS=1")
        #expect(try Limits(settings: Array(text.utf8), file: "limits.yaml") == .standard)
        #expect(
            text.components(separatedBy: ", open: true}").count - 1 == Limits.standard.open.count)
    }

    @Test func anyTableComesBackFromItsFile() throws {
        var limits = Limits.standard
        limits.plainBits[0] = 111
        limits.pointBits[4] = 700
        limits.broadcastAddresses = [11, 1_931_028]
        limits.groupAddresses = [500]
        limits.feedback[.fkxx]?[0xA1] = Feedback("makers_own", .retry, seconds: 5)
        limits.open.remove("beidou_3.level_1")
        limits.open.insert("service.tries")
        #expect(try read(limits.settings) == limits)
    }

    @Test func aFileChangesWhatItNamesAndNothingElse() throws {
        let limits = try read(
            """
            beidou_3: {level_2: {bits: 1832}, level_3: 4000}
            service:
              frequency: 40
            feedback:
              fkxx:
                5: {rule: retry, seconds: 30}
                200: {label: busy, rule: wait}
            """)
        var expected = Limits.standard
        expected.levelBits[1] = 1_832
        expected.levelBits[2] = 4_000
        expected.serviceSeconds = 40
        expected.feedback[.fkxx]?[5] = Feedback("encryption_error", .retry, seconds: 30)
        expected.feedback[.fkxx]?[200] = Feedback("busy", .wait)
        // What a file gives is no longer open.
        expected.open.subtract(["beidou_3.level_2", "beidou_3.level_3"])
        #expect(limits == expected)
        #expect(try read("") == .standard)
        #expect(try read("# nothing\n") == .standard)
    }

    @Test(arguments: [
        (
            "beidou_2:\n  level_1:\n    plian: 110\n",
            "my.yaml:3: beidou_2.level_1.plian: is not known; here stand plain, encrypted; did you mean plain?"
        ),
        (
            "beidu_2: 5",
            "my.yaml:1: beidu_2: is not known; here stand beidou_2, beidou_3, service, addresses, receipts, feedback; "
                + "did you mean beidou_2 or beidou_3?"
        ),
        (
            "service:\n  frequency: 0\n",
            "my.yaml:2: service.frequency: seconds from 1 to 86400 allowed, found '0'"
        ),
        (
            "service:\n  frequency: {minutes: 1}\n",
            "my.yaml:2: service.frequency.minutes: is not known; here stand seconds, open"
        ),
        ("service:\n  frequency: {open: true}\n", "my.yaml:2: service.frequency: has no value; write {seconds: …}"),
        (
            "service:\n  frequency: {seconds: 60, open: yes}\n",
            "my.yaml:2: service.frequency.open: true or false allowed, found 'yes'"
        ),
        ("service: 60\n", "my.yaml:1: service: has to be a mapping (name: value)"),
        ("- 1\n- 2\n", "my.yaml:1: has to be a mapping (name: value)"),
        ("service:\n  frequency: [60]\n", "my.yaml:2: service.frequency: has to be a mapping (name: value)"),
        (
            "addresses:\n  groups: 5\n", "my.yaml:2: addresses.groups: has to be a list, as [123, 456]"
        ),
        (
            "addresses:\n  groups:\n    - 5\n    - x\n",
            "my.yaml:4: addresses.groups[2]: addresses from 0 to 99999999 allowed, found 'x'"
        ),
        (
            "addresses:\n  beidou_2: {first: 10, last: 5}\n", "my.yaml: addresses.beidou_2: first, 10, is above last, 5"
        ),
        (
            "feedback:\n  fkxx:\n    300: {label: a, rule: sent}\n",
            "my.yaml:3: feedback.fkxx.300: a number of feedback from 0 to 255 allowed, found '300'"
        ),
        (
            "feedback:\n  fkxx:\n    200: {rule: sent}\n", "my.yaml:3: feedback.fkxx.200: has no label"
        ),
        (
            "feedback:\n  fkxx:\n    200: {label: a, rule: retri}\n",
            "my.yaml:3: feedback.fkxx.200.rule: 'retri' is not known; here stand sent, wait, retry, lasting, lifted; "
                + "did you mean retry?"
        ),
        (
            "feedback:\n  fkxx:\n    200: {label: a, rule: retry}\n",
            "my.yaml:3: feedback.fkxx.200: seconds stand with rule retry, and with no other"
        ),
        (
            "feedback:\n  fkxx:\n    200: {label: A b, rule: sent}\n",
            "my.yaml:3: feedback.fkxx.200.label: 1 to 40 of a to z, 0 to 9 and _ allowed, found 'A b'"
        ),
        (
            "service:\n  tries: &a 3\n  reserve: *a\n",
            "my.yaml:2: anchors and aliases (& and *) are not read; write values out"
        ),
    ])
    func whatIsWrongIsNamedWithItsLine(_ text: String, _ words: String) {
        #expect(refusal { _ = try read(text) } == words)
    }

    @Test func whatIsNoYAMLIsRefused() {
        #expect(refusal { _ = try read("service: {tries: 3\n") }.hasPrefix("my.yaml:2: is no YAML: "))
        #expect(refusal { _ = try read("service:\n\ttries: 3\n") }.hasPrefix("my.yaml:2: is no YAML: "))
        #expect(
            refusal { _ = try read("service:\n  tries: 3\n  tries: 4\n") }.contains("tries stands twice in one place"))
        #expect(
            refusal { _ = try Limits(settings: [0xFF, 0xFE], file: "my.yaml") }
                == "my.yaml: is not UTF-8; save it as such")
        #expect(
            refusal { _ = try read(String(repeating: "#", count: 70_000)) }
                == "my.yaml: has more than the 65536 octets that a settings file has at most")
        #expect(refusal { _ = try read(String(repeating: "[", count: 65_000)) }.hasPrefix("my.yaml"))
        #expect(
            refusal { _ = try read(String(repeating: "[", count: 900) + String(repeating: "]", count: 900)) }.hasPrefix(
                "my.yaml"))
        #expect(refusal { _ = try read(String(repeating: "? ", count: 900)) }.hasPrefix("my.yaml"))
    }

    @Test func damagedFilesNeverTrap() throws {
        let text = Array(Limits.standard.settings.utf8)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            var damaged = text
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let at = Int.random(in: damaged.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: damaged[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: damaged.remove(at: at)
                default: damaged.insert(contentsOf: "{[:,".utf8, at: at)
                }
            }
            _ = try? Limits(settings: damaged, file: "my.yaml")
        }
    }
}
