internal import Bytes

/// The names of RDSS 4.0, found by their four letters, and which form of a name a frame has.
struct RDSS4Names: Sendable {
    /// How the forms of one name are told apart.
    enum Choice: UInt8, Sendable {
        /// One form only.
        case only
        /// TXSQ: the second form when the category's top three bits are 011.
        case query
        /// DWSQ: the second when bit 0 of the category is set.
        case high
        /// ICXX: the second when the frame's number is not 0.
        case subordinates
        /// GXZR: the second when the frame has 47 octets or more.
        case serial
        /// JSZL and LZXX: the second when the frame has 14 octets or fewer.
        case short
    }

    /// What is to be known of a name.
    struct Entry: Sendable {
        /// The four letters as a number.
        var letters: UInt32
        /// The number of its first type.
        var type: UInt16
        /// The longest frame that is believed.
        var longest: UInt16
        var choice: Choice
    }

    /// All names. Made once.
    static let all = RDSS4Names(RDSS4Layouts.all.dropLast())

    /// The number of the type for names that nobody states.
    let unknown: Int
    /// Open addressing: an entry stands at the place of its hash, or behind it.
    private let slots: [Entry]
    private static let slotBits: UInt32 = 8

    private init(_ layouts: ArraySlice<RDSS4Layout>) {
        let size = 1 << Int(Self.slotBits)
        var slots = [Entry](repeating: Entry(letters: 0, type: 0, longest: 0, choice: .only), count: size)
        for (type, layout) in layouts.enumerated() {
            let letters = layout.name.utf8.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            var place = Self.place(letters)
            while slots[place].letters != 0, slots[place].letters != letters { place = (place + 1) % size }
            if slots[place].letters == letters {
                // The second form of a name.
                slots[place].choice = Self.choice(layout.name)
                slots[place].longest = max(slots[place].longest, UInt16(layout.longest))
            } else {
                slots[place] = Entry(
                    letters: letters, type: UInt16(type), longest: UInt16(layout.longest), choice: .only)
            }
        }
        self.slots = slots
        unknown = layouts.count
    }

    private static func choice(_ name: String) -> Choice {
        switch name {
        case "TXSQ": .query
        case "DWSQ": .high
        case "ICXX": .subordinates
        case "GXZR": .serial
        default: .short
        }
    }

    @inline(__always)
    private static func place(_ letters: UInt32) -> Int {
        Int((letters &* 0x9E37_79B1) &>> (32 &- slotBits))
    }

    /// The entry of a name; nil when nobody states it.
    @inline(__always)
    func entry(_ letters: UInt32) -> Entry? {
        var place = Self.place(letters)
        while true {
            let entry = slots[place]
            if entry.letters == letters { return entry }
            if entry.letters == 0 { return nil }
            place = (place &+ 1) & (1 << Int(Self.slotBits) &- 1)
        }
    }

    /// The number of the type of a whole frame.
    @inline(__always)
    func type(of frame: RawSpan) -> Int {
        guard frame.byteCount >= RDSS4Layout.shortest, let entry = entry(frame.u32(at: 1)) else { return unknown }
        let isSecond: Bool
        // Octet 10 is the first of the body; in the shortest frame it is the check, and there is no second form then.
        switch entry.choice {
        case .only: return Int(entry.type)
        case .query: isSecond = frame.byteCount > RDSS4Layout.shortest && frame.u8(at: 10) >> 5 == 3
        case .high: isSecond = frame.byteCount > RDSS4Layout.shortest && frame.u8(at: 10) & 1 == 1
        case .subordinates: isSecond = frame.byteCount > RDSS4Layout.shortest && frame.u8(at: 10) != 0
        case .serial: isSecond = frame.byteCount >= 47
        case .short: isSecond = frame.byteCount <= 14
        }
        return Int(entry.type) &+ (isSecond ? 1 : 0)
    }
}
