/// Keys of a terminal to commands, with a line that is typed behind `/`.
public struct ControlKeys {
    /// What the keys are, for people.
    public static let help =
        "space pauses, left and right seek 10 s, up and down 1 min, + and - change the speed, s steps, / filters, q ends"

    /// The filter that is being typed; nil where none is.
    public private(set) var typed: String?
    private var octets: [UInt8] = []
    private var latest = ""

    private let filters: Bool

    /// Nothing is typed.
    ///
    /// - Parameter filters: whether there is something to be filtered.
    public init(filters: Bool = true) { self.filters = filters }

    private static let second: Int64 = 1_000_000_000
    private static let keys: [UInt8: ControlCommand] = [
        UInt8(ascii: " "): .toggle, UInt8(ascii: "+"): .faster(2), UInt8(ascii: "="): .faster(2),
        UInt8(ascii: "-"): .faster(0.5), UInt8(ascii: "s"): .step(1), UInt8(ascii: "q"): .quit,
    ]
    /// The last letters of what arrows send, behind ESC [ or ESC O.
    private static let arrows: [UInt8: ControlCommand] = [
        UInt8(ascii: "A"): .seekBy(60 * second), UInt8(ascii: "B"): .seekBy(-60 * second),
        UInt8(ascii: "C"): .seekBy(10 * second), UInt8(ascii: "D"): .seekBy(-10 * second),
    ]

    /// What octets of the terminal ask for, which came together.
    public mutating func read(_ input: [UInt8]) -> [ControlCommand] {
        var commands: [ControlCommand] = []
        var rest = input[...]
        while let octet = rest.popFirst() {
            if octet == 0x1B {
                if let command = Self.sequence(&rest) { commands.append(command) } else if typed != nil { end() }
            } else if typed != nil {
                if let command = type(octet) { commands.append(command) }
            } else if octet == UInt8(ascii: "/") {
                guard filters else { continue }
                // The filter so far is there to be changed.
                (typed, octets) = (latest, Array(latest.utf8))
            } else if let command = Self.keys[octet] {
                commands.append(command)
            }
        }
        return commands
    }

    /// Takes the rest of what a key sends that has no letter; nil for ESC alone and for what means nothing.
    private static func sequence(_ rest: inout ArraySlice<UInt8>) -> ControlCommand? {
        guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { return nil }
        rest = rest.dropFirst()
        while let octet = rest.popFirst() {
            // Numbers of modifiers stand in front of the last letter.
            if (0x40...0x7E).contains(octet) { return arrows[octet] }
        }
        return nil
    }

    private mutating func type(_ octet: UInt8) -> ControlCommand? {
        switch octet {
        case 0x0A, 0x0D:
            latest = typed ?? ""
            end()
            return .filter(latest.isEmpty ? nil : latest)
        case 0x08, 0x7F:
            while let last = octets.popLast(), last & 0xC0 == 0x80 {}
        // Ctrl-U, as in shells.
        case 0x15: octets = []
        case 0x20...: octets.append(octet)
        default: break
        }
        typed = String(decoding: octets, as: UTF8.self)
        return nil
    }

    private mutating func end() { (typed, octets) = (nil, []) }
}
