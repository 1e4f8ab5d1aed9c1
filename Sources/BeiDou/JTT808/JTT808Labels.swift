/// Names of bits and codes (jtt808.md, Alarm bits, Status bits, Messages).
enum JTT808Labels {
    /// Alarm bits of a location report. Reserved before 2019: 15, 16, 17; in 2019: 31.
    static let alarm = JTT808Flags(
        [
            "emergency", "overspeed", "fatigue", "danger", "gnss_fault", "antenna_open", "antenna_short", "power_low",
            "power_off", "display_fault", "speech_fault", "camera_fault", "card_reader_fault", "overspeed_warning",
            "fatigue_warning", "illegal_driving", "tyre_pressure", "blind_zone", "driving_time_over",
            "parking_overtime", "area_crossed", "route_crossed", "section_time", "off_route", "vss_fault",
            "fuel_abnormal", "stolen", "illegal_ignition", "illegal_movement", "collision_warning",
            "rollover_warning", "illegal_door",
        ], only2013: [31], only2019: [15, 16, 17])

    private static let statusNames = [
        "acc_on", "positioned", "south", "west", "out_of_service", "coordinates_encrypted",
        "forward_collision_warning", "lane_departure_warning", "", "", "fuel_cut", "circuit_cut", "doors_locked",
        "front_door_open", "middle_door_open", "rear_door_open", "driver_door_open", "own_door_open", "gps", "beidou",
        "glonass", "galileo", "moving", "", "", "", "", "", "", "", "", "",
    ]

    /// Status bits; 8 and 9 are the load and no flags.
    static let status = JTT808Flags(statusNames, only2019: [6, 7, 22], mask: 0xFFFF_FCFF)

    /// The bits of the status that say which satellites were used.
    static let satellites = JTT808Flags(statusNames, mask: 0xF << 18)

    /// Flags of a text to a terminal, 2013.
    static let text2013 = JTT808Flags(
        ["emergency", "", "display", "speech", "advertising_screen", "can_fault_code", "", ""])

    /// Flags of a text to a terminal, 2019; bits 0 and 1 are its urgency.
    static let text2019 = JTT808Flags(["", "", "display", "speech", "", "can_fault_code", "", ""], mask: 0xFC)

    static let plateColours: KeyValuePairs<UInt64, String> = [
        0: "unregistered", 1: "blue", 2: "yellow", 3: "black", 4: "white", 9: "other",
    ]

    /// What a transparent message carries. F0 to FF are the user's own, short messages among them.
    static let transparentKinds: KeyValuePairs<UInt64, String> = [
        0x00: "gnss", 0x0B: "permit_card", 0x41: "serial_1", 0x42: "serial_2", 0xF0: "user_f0", 0xF1: "user_f1",
        0xF2: "user_f2", 0xF3: "user_f3", 0xF4: "user_f4", 0xF5: "user_f5", 0xF6: "user_f6",
        0xF7: "peripheral_state", 0xF8: "peripheral_information", 0xF9: "user_f9", 0xFA: "user_fa", 0xFB: "user_fb",
        0xFC: "user_fc", 0xFD: "user_fd", 0xFE: "user_fe", 0xFF: "user_ff",
    ]

    /// Kinds of places; their names are general knowledge.
    static let places: KeyValuePairs<UInt64, String> = [
        0: "none", 1: "circle", 2: "rectangle", 3: "polygon", 4: "route",
    ]

    /// The kinds whose octets are the user's own: F0…FF but for two that are taken.
    static func isUsers(kind: UInt8) -> Bool { kind >= 0xF0 && kind != 0xF7 && kind != 0xF8 }
}

extension JTT808Labels {
    /// The leads of contents that the short-message standards have (beidou-text-coding.md): A4 mixed text, A0 and A1
    /// positions, A2 location reports.
    static func isLead(_ octet: UInt8) -> Bool { (0xA0...0xA2).contains(octet) || octet == 0xA4 }
}
