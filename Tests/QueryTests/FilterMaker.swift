/// Filters that are well-typed by the way they are made, about the fields of ``TableMaker``.
struct FilterMaker {
    var random: FixedRandom

    init(seed: UInt64) { random = FixedRandom(seed: seed) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func pick(_ all: [String]) -> String { all[Int.random(in: 0..<all.count, using: &random)] }

    // MARK: Fields

    static let plainNumbers = [
        "count", "sat.power.count", "big", "small", "sat.thermal.small", "message.number", "number", "message.count",
        "frame.number", "packet", "apid", "ccsds.apid", "sequence", "ccsds.seqnum", "vcid", "tm.vcid", "spacecraft",
        "udp.srcport", "tcp.dstport", "ccsds.seqflag", "ccsds.type", "ccsds.secheader", "ccsds.length",
        "frame.interface_id", "raw(sat.power.voltage)", "raw(sat.power.count)", "raw(big)", "raw(sat.power.mode)",
        "raw(sat.thermal.flag)", "raw(sat.power.temp)", "real", "sat.power.real", "raw(sat.thermal.real)", "raw(when)",
        "raw(small)",
    ]
    /// Numbers in volts, octets and degrees; those with two units in a comment's place.
    static let volts = ["sat.power.voltage", "sat.thermal.voltage"]
    static let degrees = ["sat.power.temp", "sat.thermal.temp"]
    static let labels = ["mode", "sat.power.mode", "sat.thermal.mode"]
    static let texts = [
        "name", "sat.power.name", "message.text", "text", "flow", "type", "dialect", "spacecraft.name",
        "frame.interface_name", "list", "lower(name)", "upper(text)", "lower(type)", "raw(text)", "raw(message.number)",
        "name[0:2]", "text[-2:]", "upper(name[0:3])",
    ]
    static let octets = [
        "blob", "octets", "raw(blob)", "raw(sat.power.name)", "blob[0:2]", "octets[2:]", "octets[0-3]", "blob[1]",
        "octets[-4:2,0]", "blob[:3]", "octets[0:4]", "ip.src[0:2]",
    ]
    static let shortSlices = [
        "octets[0:2]", "octets[0]", "blob[1:3]", "octets[0:8]", "blob[-2:2]", "octets[0-3]", "text[0]", "ip.src[0]",
        "octets[0,1,2:4]",
    ]
    static let times = ["time", "frame.time", "when", "message.sent", "sent"]
    static let anything: [String] = [plainNumbers, volts, degrees, labels, texts, octets, times, more].flatMap { $0 }
    static let more = [
        "voltage", "temp", "flag", "message.kind", "limit(voltage)", "limit(sat.power.temp)", "frame.quality", "length",
        "ip.src", "ipv6.dst", "raw(message.kind)", "raw(sat.thermal.mode)",
    ]

    // MARK: Constants

    mutating func plainNumber() -> String {
        chance(75)
            ? pick(["0", "1", "2", "3", "4", "5", "2.5", "24.5", "0.5", "-1", "-3", "0x1F", "1000", "68", "6", "-2"])
            : pick([
                "18446744073709551615", "18446744073709551616", "9223372036854775807", "9223372036854775808",
                "-9223372036854775808", "-9223372036854775809", "9007199254740993", "9007199254740992", "1e300",
                "-1e300",
                "1e18", "0xFFFFFFFFFFFFFFFF", "170141183460469231731687303715884105727", "1e-300", "-0", "-0.5", "1e30",
                "2 + 3", "7 % 4", "10 / 4", "0x7 & 0x5", "99999999999999999999999999999999999999999",
            ])
    }

    mutating func volts() -> String {
        pick(["24.5 V", "2500 mV", "1 V", "0.5 V", "-1 V", "0 mV", "0.001 kV", "1e300 V"])
    }

    mutating func degrees() -> String {
        pick(["310 K", "36.85 degC", "300 K", "0 degC", "-3.25 degC", "5 K", "24.5 degC"])
    }

    mutating func word() -> String {
        let text = chance(60) ? pick(TableMaker.texts) : pick(["udp", "sat", "TXSQ", "eth0", "sat.power", "Z"])
        return "\"\(text)\""
    }

    mutating func octetsConstant() -> String {
        chance(50) ? word() : pick(["1a:cf:fc:1d", "08:64", "61:62:63", "ff:fe", "53:4f:53", "00:01:02"])
    }

    mutating func moment() -> String {
        pick([
            "\"2026-03-01T04:00:00Z\"", "\"2026-03-01 12:00:00.25+08:00\"", "\"2026-060T04:00:01\"", "\"2026-03-01\"",
            "\"2026-03-01T04:00:05Z\"", "\"2026-03-01T03:59:57Z\"", "1772337600", "1772337600.25",
            "1772337605.000000001",
            "\"2026-03-01T04:00:00.000000001Z\"", "\"2026-03-01T04:00:00.2500000000000000001Z\"",
        ])
    }

    mutating func address(_ isLong: Bool) -> String {
        isLong
            ? pick(["fe80::1", "fe80::/10", "ff00::/8", "ff02::5", "::/0", "fe80::2", "fe80:0:0:0:0:0:0:1/127"])
            : pick([
                "10.0.0.1", "10.0.0.0/8", "10.0.0.2/31", "224.0.0.0/4", "0.0.0.0/0", "192.168.1.128/25", "10.0.0.9",
            ])
    }

    mutating func order() -> String { pick(["==", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge"]) }

    // MARK: Conditions

    /// A condition with so many levels below it.
    mutating func condition(_ depth: Int, memory: Bool = true) -> String {
        guard depth > 0 else { return relation(memory) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            let inner = condition(depth - 1, memory: memory)
            return "\(pick(["not ", "!"]))(\(inner))"
        case 2...8:
            let (first, second) = (condition(depth - 1, memory: memory), condition(depth - 1, memory: memory))
            let logic = pick(["and", "&&", "and", "or", "||", "or", "xor"])
            return "(\(first) \(logic) \(second))"
        default:
            guard memory, chance(40) else { return relation(memory) }
            let distance = pick(["0 s", "1 s", "250 ms", "5s", "1 min", "1e9 s", "0.000000001 s"])
            let inner = condition(min(1, depth - 1), memory: chance(30))
            return "within \(distance) of (\(inner))"
        }
    }

    private mutating func relation(_ memory: Bool) -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return presence()
        case 1, 2: return numberRelation(pick(Self.plainNumbers), [plainNumber(), plainNumber(), plainNumber()])
        case 3: return numberRelation(pick(Self.volts + ["voltage"]), [volts(), volts(), volts()])
        case 4: return numberRelation(pick(Self.degrees + ["temp"]), [degrees(), degrees(), degrees()])
        case 5: return numberRelation("length", [pick(["12", "0.02 kB", "96 bit", "12 octets"]), "9", "30"])
        case 6: return labelRelation()
        case 7, 8: return textRelation(pick(Self.texts), word(), word())
        case 9: return textRelation(pick(Self.octets), octetsConstant(), octetsConstant())
        case 10:
            return numberRelation(pick(Self.shortSlices), ["0x08", pick(["97", "0x1acf", "2048"]), plainNumber()])
        case 11: return numberRelation(pick(Self.times), [moment(), moment(), moment()])
        case 12: return addressRelation()
        case 13:
            let several = pick(["udp.port", "tcp.port"])
            return numberRelation(several, [pick(["5", "6", "1000"]), pick(["3000", "900"]), "2000"])
        case 14: return limitRelation()
        case 15: return fieldRelation()
        case 16: return "\(tree(2, memory)) \(order()) \(chance(50) ? plainNumber() : tree(1, memory))"
        case 17: return unitTree(memory)
        case 18 where memory: return "changed(\(pick(Self.anything)))"
        case 18: return presence()
        default: return "\(plainTree(memory)) & \(pick(["1", "2", "0x6"]))" + (chance(50) ? "" : " == 2")
        }
    }

    private mutating func presence() -> String {
        guard chance(60) else { return pick(Self.plainNumbers) }
        return pick(
            [
                "eth", "ip", "ipv6", "udp", "tcp", "vlan", "ccsds", "message", "ip.addr", "udp.port", "ipv6.addr",
                "tcp.port",
                "voltage", "temp", "mode", "name", "blob", "when", "raw(mode)", "raw(message.number)", "limit(voltage)",
                "limit(temp)", "blob[0:2]", "octets[4:2]", "ip.src", "frame.interface_name", "spacecraft.name", "type",
                "dialect", "time", "raw(text)", "text[1]", "frame.quality", "flag",
            ])
    }

    /// A field against constants in all ways that ordered values have.
    private mutating func numberRelation(_ field: String, _ constants: [String]) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0...3: "\(field) \(order()) \(constants[0])"
        case 4: "\(constants[0]) \(order()) \(field)"
        case 5: "\(constants[0]) \(pick(["<", "<=", ">"])) \(field) \(pick(["<", "<=", "=="])) \(constants[1])"
        case 6: "\(field) \(pick(["in", "not in"])) {\(constants[0]), \(constants[1])..\(constants[2])}"
        default: "\(field) in {\(constants[0])..\(constants[1])}"
        }
    }

    private mutating func labelRelation() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "\(pick(Self.labels)) \(pick(["==", "!="])) nominal"
        case 1: return "sat.power.mode in {off, \"safe mode\"}"
        case 2: return numberRelation(pick(Self.labels), [plainNumber(), plainNumber(), plainNumber()])
        case 3: return "\(pick(["mode", "message.kind", "frame.quality"])) contains \"\(pick(["o", "safe", ""]))\""
        case 4:
            return pick([
                "flag == on", "flag == true", "flag != True", "flag == off", "flag == 1", "sat.thermal.flag == false",
                "flag in {on, True}", "flag > 0", "flag matches \"sos\"", "message.kind == chinese",
                "message.kind == \"code\"",
                "mode == hot", "message.kind in {code mixed}",
            ])
        default:
            return pick([
                "frame.quality == good", "frame.quality != good", "frame.quality in {gap, late}", "frame.quality >= 1",
                "frame.quality == \"late\"", "frame.quality matches \"a.c\"",
            ])
        }
    }

    private mutating func textRelation(_ field: String, _ first: String, _ second: String) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2: "\(field) \(order()) \(first)"
        case 3, 4: "\(field) \(pick(["contains", "not contains"])) \(first)"
        case 5: "\(field) \(pick(["matches", "~", "not matches"])) r\"\(pick(SlowPattern.all))\""
        case 6: "\(first) \(order()) \(field)"
        default: "\(field) in {\(first), \(second)..\"b\", \"\"}"
        }
    }

    private mutating func addressRelation() -> String {
        let isLong = chance(40)
        let field = isLong ? pick(["ipv6.src", "ipv6.dst", "ipv6.addr"]) : pick(["ip.src", "ip.dst", "ip.addr"])
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "\(field) == \(address(isLong))"
        case 1: return "\(field) != \(address(isLong))"
        case 2: return "\(field) in {\(address(isLong)), \(address(isLong))}"
        default: return pick(["ip.src == ip.dst", "ipv6.src != ipv6.dst", "\(field) not in {\(address(isLong))}"])
        }
    }

    private mutating func limitRelation() -> String {
        let field = pick(["voltage", "temp", "sat.power.temp", "sat.thermal.temp"])
        let states = ["nominal", "watch", "warning", "distress", "critical", "severe"]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return "limit(\(field)) \(order()) \(pick(states))"
        case 1: return "limit(\(field)) in {\(pick(states)), \(pick(states))..\(pick(states))}"
        default: return "\(pick(states)) < limit(\(field))"
        }
    }

    private mutating func fieldRelation() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: "\(pick(Self.plainNumbers)) \(order()) \(pick(Self.plainNumbers))"
        case 2: "\(pick(Self.volts)) \(order()) \(pick(Self.volts + ["voltage"]))"
        case 3: "\(pick(Self.texts)) \(pick(["==", "!=", "<", ">=", "contains", "not contains"])) \(pick(Self.texts))"
        case 4: "\(pick(Self.times)) \(order()) \(pick(Self.times))"
        default: "\(pick(Self.octets)) \(pick(["==", "<", "contains"])) \(pick(Self.octets))"
        }
    }

    // MARK: Numbers

    private mutating func plainTree(_ memory: Bool) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0...3: pick(Self.plainNumbers)
        case 4: pick(Self.shortSlices)
        case 5: memory ? "\(pick(["delta", "rate"]))(\(pick(Self.plainNumbers)))" : "len(name)"
        case 6: "len(\(pick(["name", "octets", "blob", "text", "flow", "raw(blob)", "octets[2:]"])))"
        default: pick(["mode", "sat.power.mode", "flag", "frame.quality", "abs(small)"])
        }
    }

    private mutating func tree(_ depth: Int, _ memory: Bool) -> String {
        guard depth > 0 else { return plainTree(memory) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "abs(\(tree(depth - 1, memory)))"
        case 1: return "-(\(tree(depth - 1, memory)))"
        case 2: return "(\(tree(depth - 1, memory)) \(pick(["+", "-", "*", "/", "%", "&"])) \(plainTree(memory)))"
        case 3: return "\(plainTree(memory)) \(pick(["/", "%"])) \(pick(["0", "(small - small)", "big"]))"
        default:
            return "\(tree(depth - 1, memory)) \(pick(["+", "-", "*", "/", "%"])) \(pick(["1", "2", "2.5", "1000"]))"
        }
    }

    private mutating func unitTree(_ memory: Bool) -> String {
        let volt = pick(Self.volts + ["voltage"])
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return "\(volt) + 5 mV \(order()) \(volts())"
        case 1: return "2 * \(volt) \(order()) \(volts())"
        case 2: return "abs(\(volt) - \(pick(Self.volts))) \(order()) \(volts())"
        case 3 where memory: return "delta(\(volt)) \(order()) \(volts())"
        case 4 where memory: return "rate(\(volt)) \(order()) \(plainNumber())"
        case 5: return "\(pick(Self.degrees)) - 3 K \(order()) \(degrees())"
        case 6 where memory: return "delta(\(pick(Self.degrees + ["temp"]))) \(order()) \(plainNumber())"
        case 7:
            return
                "\(pick(Self.times)) - \(pick(Self.times)) \(order()) \(pick(["1 s", "250 ms", "0 s", "-5 s", "1 min"]))"
        default: return "\(volt) / 2 \(order()) \(pick(Self.volts)) * 3"
        }
    }
}
