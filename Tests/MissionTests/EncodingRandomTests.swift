import Bytes
import Foundation
import Mission
import Records
import Support
import Testing

/// Random values for every parameter of every packet type: made, decoded and the same.
struct EncodingRandomTests {
    static let ours = [
        "binaries", "calibrators", "derived-types", "floats", "inheritance", "integers", "labels", "layout", "limits",
        "namespace-1.1-prefixed", "namespace-none", "nested", "peer", "repeated", "strings", "times", "unused",
    ].map { fixture("xtce/\($0).xml").path }
    static let specs = ["g60", "songjiang"].map { projectFolder.appendingPathComponent("Specs/\($0).xml").path }
    static let theirs =
        Corpus.isThere
        ? CorpusTests.files.filter { $0.refusal == nil }.map { Corpus.file($0.file).path } : []

    /// A raw value in words that the field may hold; nil for strings.
    private func random(_ info: ParameterInfo, _ bits: Int, using random: inout SeededGenerator) -> String? {
        let wide = random.next()
        let value = bits >= 64 ? wide : wide & (1 << UInt64(bits) - 1)
        switch info.rawKind {
        case .unsigned: return "\(value)"
        case .signed:
            let shift = UInt64(64 - min(64, bits))
            return "\(Int64(bitPattern: value << shift) >> Int64(shift))"
        case .float: return "\(Double(Int64(bitPattern: wide) >> 40) / 64)"
        case .bytes, .text: return nil
        }
    }

    @Test("random values come back, raw and engineering, in every database at hand", arguments: ours + specs + theirs)
    func random(_ path: String) throws {
        let encoders = PacketEncoders([try Database.load(path)])
        var generator = SeededGenerator(seed: 7)
        var made = 0
        for type in encoders.types {
            let encoder = try encoders.encoder(for: type.name)
            for _ in 0..<(type.parameters.count > 100 ? 2 : 40) {
                // Zeros first, to see what is there and how wide it is.
                guard (try? encoder.encode(PacketValues())) != nil else { break }
                var chosen: [(name: String, text: String)] = []
                for field in encoder.explanation() where field.source == .zero || field.source == .initial {
                    guard let text = self.random(field.info, min(field.bits, 62), using: &generator) else { continue }
                    chosen.append((field.info.name, text))
                }
                // What is refused, as a size that is too large, is left out.
                var first: [UInt8]?
                while first == nil {
                    var values = PacketValues()
                    for (name, text) in chosen { values.set(name, to: .text(text), isRaw: true) }
                    do { first = try encoder.encode(values) } catch {
                        let wrong = chosen.firstIndex {
                            $0.name == error.parameter || $0.name.hasSuffix(".\(error.parameter ?? "")")
                        }
                        if let wrong {
                            chosen.remove(at: wrong)
                        } else {
                            chosen.removeAll { _ in generator.next() % 2 == 0 }
                        }
                        if chosen.isEmpty { break }
                    }
                }
                guard let first else { continue }
                let decoded = Decoded(encoders.databases, [first])
                guard decoded.type(0) == type.shortName else { continue }
                let shown = decoded.values(0)
                // From raw values to the octet, from engineering values to the value.
                let raw = try encoder.encode(self.values(decoded, raw: true))
                #expect(raw == first, "\(type.name)")
                let engineering = try encoder.encode(self.values(decoded, raw: false))
                let again = Decoded(encoders.databases, [engineering]).values(0)
                for (name, value) in shown {
                    #expect(
                        again[name]?.value == value.value,
                        "\(type.name): \(name) was \(value), is \(again[name] ?? value)")
                }
                made += 1
            }
        }
        #expect(made > 0 || encoders.types.isEmpty || !Self.ours.contains(path))
    }

    private func values(_ decoded: Decoded, raw: Bool) -> PacketValues {
        MissionTests.values(from: decoded, 0, raw: raw)
    }
}
