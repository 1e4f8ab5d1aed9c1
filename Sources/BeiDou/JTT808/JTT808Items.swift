internal import Records

/// Items behind the 28 octets of a location report: id, length, value (jtt808.md, Items).
enum JTT808Items {
    /// An item that has parameters of its own.
    struct Known {
        let id: UInt8
        let length: UInt8
    }

    /// Those that have a slot, in its order. An overspeed item (11) has one octet, or five with the area, which then
    /// has the slot behind it.
    static let known: [Known] = [
        Known(id: 0x01, length: 4), Known(id: 0x02, length: 2), Known(id: 0x03, length: 2), Known(id: 0x04, length: 2),
        Known(id: 0x05, length: 30), Known(id: 0x06, length: 2), Known(id: 0x11, length: 1),
        Known(id: 0x11, length: 5), Known(id: 0x12, length: 6), Known(id: 0x13, length: 7), Known(id: 0x25, length: 4),
        Known(id: 0x2A, length: 2), Known(id: 0x2B, length: 4), Known(id: 0x30, length: 1), Known(id: 0x31, length: 1),
    ]

    /// How many slots a location report needs.
    static let slotCount = JTT808Slot.firstItem + known.count

    /// For each id its slot; 0: none. Of two slots the first.
    static let slots: [UInt8] = {
        var slots = [UInt8](repeating: 0, count: 256)
        for (index, item) in known.enumerated().reversed() {
            slots[Int(item.id)] = UInt8(JTT808Slot.firstItem + index)
        }
        return slots
    }()

    /// For each slot the length of its item; 0 for the slots in front of them.
    static let slotLengths: [UInt8] = [UInt8](repeating: 0, count: JTT808Slot.firstItem) + known.map(\.length)

    /// The slot of an id.
    private static func slot(_ id: UInt8) -> Int { Int(slots[Int(id)]) }

    /// The slot of the area of an overspeed item.
    static let overspeedArea = slot(0x11) + 1

    static let fields: [JTT808Field] = [
        .scaled("mileage", at: 0, 4, unit: "km", by: 10, slot: slot(0x01)),
        .scaled("fuel", at: 0, 2, unit: "L", by: 10, slot: slot(0x02)),
        .scaled("recorder_speed", at: 0, 2, unit: "km/h", by: 10, slot: slot(0x03)),
        .number("event_id", at: 0, 2, slot: slot(0x04), "event that a person has to confirm"),
        .list("tyre_pressures", at: 0, .numbers, slot: slot(0x05), width: 30),
        JTT808Field(
            name: "carriage_temperature", unit: "degC", kind: .signed, rawKind: .unsigned, slot: slot(0x06), width: 2,
            coding: .signed),
        .choice("overspeed_place", at: 0, codes: JTT808Labels.places, slot: slot(0x11)),
        .number("overspeed_area", at: 1, 4, slot: overspeedArea),
        .choice("area_kind", at: 0, codes: JTT808Labels.places, slot: slot(0x12)),
        .number("area_id", at: 1, 4, slot: slot(0x12)),
        .choice("area_direction", at: 5, codes: [0: "in", 1: "out"], slot: slot(0x12)),
        .number("section_id", at: 0, 4, slot: slot(0x13)),
        .number("section_time", at: 4, 2, unit: "s", slot: slot(0x13)),
        .choice("section_result", at: 6, codes: [0: "too_short", 1: "too_long"], slot: slot(0x13)),
        .number("vehicle_signals", at: 0, 4, slot: slot(0x25), "signals of the vehicle, a bit each"),
        .number("io_status", at: 0, 2, slot: slot(0x2A)),
        .number("analog_1", at: 0, 2, slot: slot(0x2B), "upper two octets"),
        .number("analog_0", at: 2, 2, slot: slot(0x2B), "lower two octets"),
        .number("network_strength", at: 0, 1, slot: slot(0x30)),
        .number("satellites", at: 0, 1, slot: slot(0x31)),
        .list("items", at: 0, .items, slot: JTT808Slot.items),
    ]
}
