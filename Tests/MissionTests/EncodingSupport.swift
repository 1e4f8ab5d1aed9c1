import Bytes
import Foundation
import Mission
import Records
import Support

/// A packet type of a database of Fixtures/xtce, made from words: `name` to value, `raw.name` to a raw value.
func encoded(
    _ encoders: PacketEncoders, _ type: String = "All", _ words: [String: String] = [:]
) throws(PacketRefusal) -> [UInt8] {
    try encoders.encoder(for: type).encode(values(words))
}

func values(_ words: [String: String]) -> PacketValues {
    var values = PacketValues()
    for (name, text) in words.sorted(by: { $0.key < $1.key }) {
        let isRaw = name.hasPrefix("raw.")
        values.set(isRaw ? String(name.dropFirst(4)) : name, to: .text(text), isRaw: isRaw)
    }
    return values
}

/// What a refusal says of a packet; "none" when it is made.
func refusal(
    _ encoders: PacketEncoders, _ type: String, _ words: [String: String]
) -> String {
    do {
        let octets = try encoded(encoders, type, words)
        return "none: \(octets.map { String($0, radix: 16) })"
    } catch { return error.description }
}

func refusal(_ encoders: PacketEncoders, _ words: [String: String]) -> String { refusal(encoders, "All", words) }

extension PacketEncoders {
    /// Those of a database of Fixtures/xtce.
    convenience init(fixture name: String, _ options: PacketEncoder.Options = .init()) throws {
        self.init([try database(name)], options: options)
    }
}

/// A packet's values as they were decoded, given back to an encoder: engineering values where they are there, else raw.
func values(from decoded: Decoded, _ index: Int, raw: Bool) -> PacketValues {
    var values = PacketValues()
    guard let table = decoded.batch.table(ofType: decoded.batch.type(of: index)) else { return values }
    let row = decoded.batch.row(of: index)
    for column in table.columns {
        let shown = show(column, row)
        let isTrusted = shown.validity == .valid
        if shown.validity == .beyondEnd || shown.validity == .badSize { values.missing.append(column.info.name) }
        if raw || !shown.validity.hasValue || shown.validity == .badText {
            guard shown.validity.hasRaw else { continue }
            values.set(column.info.name, to: .text(shown.raw), isRaw: true, isTrusted: isTrusted)
        } else {
            values.set(column.info.name, to: .text(shown.value), isTrusted: isTrusted)
        }
    }
    return values
}
