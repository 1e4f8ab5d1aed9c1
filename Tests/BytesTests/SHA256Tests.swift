import Bytes
import Foundation
import Support
import Testing

struct SHA256Tests {
    private func hash(_ octets: [UInt8]) -> String {
        SHA256.of(octets.octets).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(
        "the standard's messages",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func vectors(_ message: String, _ expected: String) { #expect(hash(Array(message.utf8)) == expected) }

    @Test("a million times the same letter")
    func million() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hash(Array(repeating: UInt8(ascii: "a"), count: 1_000_000)) == expected)
    }

    @Test("every length around the blocks' ends gives what sha256sum gives", .enabled(if: hasProgram("sha256sum")))
    func lengths() throws {
        var random = SeededGenerator(seed: 256)
        let folder = try TemporaryFolder()
        var (names, ours) = ([String](), [String]())
        for length in Array(0...200) + [4_095, 65_536] {
            let octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            names.append(folder.file("\(length)").path)
            try Data(octets).write(to: folder.file("\(length)"))
            ours.append(hash(octets))
        }
        let theirs = try run("sha256sum", names).text.split(separator: "\n").map { String($0.prefix(64)) }
        #expect(ours == theirs)
    }

    @Test("one bit more or less is another hash")
    func bits() {
        let octets = Array("abc".utf8)
        for bit in 0..<24 {
            var other = octets
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(hash(other) != hash(octets))
        }
    }
}
