import Bytes
import Capture
import Support
import Testing

@Suite("Cut and corrupted input never crashes, and the ledger balances")
struct DamageTests {
    private static let files: [(String, [UInt8])] = {
        var mixed = Blocks()
        mixed.section(options: [(1, Array("a comment".utf8))])
        mixed.interface(snap: 80, options: [(2, Array("eth0".utf8)), (9, [0x8A])])
        for number in 0..<20 {
            mixed.enhanced(UInt64(number), body(number, 30 + number), options: [(1, [65, 66])])
            mixed.simple(body(number, 20))
            mixed.obsolete(UInt64(number), body(number, 21))
            if number == 10 {
                mixed.big.toggle()
                mixed.section()
                mixed.interface(link: 101)
            }
        }
        return [
            ("pcap", Classic().file(60)), ("pcap, swapped", Classic(minor: 2, big: true, swapped: true).file(60)),
            ("pcapng", Blocks.file(45)), ("pcapng of all kinds", mixed.octets),
            ("gzip", gzipMember(Classic().file(60))),
        ]
    }()

    @Test("cut at every octet of the first 4 KiB", arguments: files.map(\.0))
    func cuts(name: String) {
        let file = Self.files.first { $0.0 == name }!.1
        let whole = Reading(reader(file))
        for length in 0..<min(file.count, 4096) {
            let cut = Reading(reader(Array(file.prefix(length))))
            #expect(cut.ledger.isBalanced, "\(name) cut to \(length)")
            // The first octets of a mark are a short stream like any other.
            if cut.packets.first?.link == LinkType.bareStream.rawValue { continue }
            #expect(cut.packets.elementsEqual(whole.packets.prefix(cut.packets.count)), "\(name) cut to \(length)")
        }
    }

    @Test("with bits flipped at random", arguments: files.map(\.0))
    func flips(name: String) {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        let file = Self.files.first { $0.0 == name }!.1
        for round in 0..<2000 {
            var broken = file
            for _ in 0...round % 8 {
                let bit = Int.random(in: 0..<broken.count * 8, using: &generator)
                broken[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            let reading = Reading(reader(broken))
            #expect(reading.ledger.isBalanced, "\(name), seed \(seed), round \(round)")
            // The same in small pieces: what is found again does not depend on how the input comes.
            if name != "gzip", round % 20 == 0 {
                let dripped = Reading(
                    CaptureReader(
                        name: "", source: MemorySource(broken, pieceSize: 100), pieceSize: 50, unthreaded: .max))
                let isStream = reading.packets.first?.link == LinkType.bareStream.rawValue
                #expect(isStream || dripped.packets == reading.packets, "\(name), seed \(seed), round \(round)")
                #expect(dripped.ledger.isBalanced, "\(name), seed \(seed), round \(round)")
            }
        }
    }

    @Test("of random octets behind each kind of beginning")
    func noise() {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        for (name, file) in Self.files {
            for length in [0, 4, 8, 16, 24, 28, 48] {
                let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let reading = Reading(reader(Array(file.prefix(length)) + noise))
                #expect(reading.ledger.isBalanced, "\(name), seed \(seed), \(length) octets in front")
            }
        }
    }
}
