import Bytes
import Query
import Records
import Testing

/// What may be chosen of packets of which little is known.
@Suite struct CandidateTests {
    private static let message = PacketType(
        name: "TXR", shortName: "TXR", description: "", database: nil, dialect: "rdss-2.1",
        parameters: [
            ParameterInfo(name: "rdss.sender", shortName: "sender", kind: .unsigned, rawKind: .unsigned)
        ])

    private static func candidate(_ change: (inout Candidate) -> Void = { _ in }) -> Candidate {
        var origin = Origin(flow: "udp 10.0.0.1:1 > 10.0.0.2:10015")
        origin.layers = ["ethernet", "ipv4", "udp"]
        (origin.source, origin.destination) = ([10, 0, 0, 1], [10, 0, 0, 2])
        (origin.sourcePort, origin.destinationPort) = (1, 10015)
        (origin.spacecraft, origin.vcid) = (68, 2)
        let unit = Unit(
            extent: .empty, time: .unknown, packet: 0, offset: 0, flow: 0, channel: 0, apid: 100, sequence: 0, segment: 3,
            marks: [])
        var candidate = Candidate(unit: unit, origin: origin, times: 1_000_000_000...2_000_000_000, type: nil)
        change(&candidate)
        return candidate
    }

    private static func mayHold(_ filter: String, _ candidate: Candidate) throws -> Bool {
        try FieldCatalogue(types: [message]).check(filter).mayHold(for: candidate)
    }

    @Test(
        "what is the same for all of them decides",
        arguments: [
            ("apid == 100", true), ("apid == 101", false), ("not apid == 100", false), ("apid in {5, 90..110}", true),
            ("apid > 100", false), ("vcid == 2 and spacecraft == 68", true), ("vcid == 3 or apid == 100", true),
            ("vcid == 3 or apid == 99", false), ("udp.port == 10015", true), ("tcp.port == 10015", false),
            ("not tcp.port == 10015", false), ("ip.src == 10.0.0.0/8", true), ("ip.src == 11.0.0.0/8", false),
            ("udp", true), ("tcp", false), ("message", false), ("ccsds", true), ("not message", true),
            ("apid == 100 xor vcid == 2", false), ("ccsds.type == 1", false),
        ])
    func fixed(_ filter: String, _ mayHold: Bool) throws {
        #expect(try Self.mayHold(filter, Self.candidate()) == mayHold)
    }

    @Test(
        "what differs among them may hold, and fail",
        arguments: [
            "sequence == 5", "not sequence == 5", "length > 20", "frame.quality != good", #"flow contains "10015""#,
            "frame.number == 7", "apid == 100 and sequence == 5", "octets[0:2] == 0x0864", "rdss.sender == 5",
            "changed(apid)", "within 5 s of (apid == 1)", #"type == "TXR""#,
        ])
    func open(_ filter: String) throws { #expect(try Self.mayHold(filter, Self.candidate())) }

    @Test(
        "times are a span",
        arguments: [
            (#"time < "1970-01-01T00:00:01Z""#, false), (#"time <= "1970-01-01T00:00:01Z""#, true),
            (#"time >= "1970-01-01T00:00:02Z""#, true), (#"time > "1970-01-01T00:00:02Z""#, false),
            (#"not time >= "1970-01-01T00:00:01Z""#, false), (#"not time >= "1970-01-01T00:00:01.5Z""#, true),
        ])
    func times(_ filter: String, _ mayHold: Bool) throws {
        #expect(try Self.mayHold(filter, Self.candidate()) == mayHold)
        #expect(try !Self.mayHold(filter, Self.candidate { $0.times = nil }))
    }

    @Test("messages tell their type and their terminals")
    func messages() throws {
        let known = Self.candidate {
            $0.unit?.marks = .message
            $0.type = Self.message
            $0.values = ["rdss.sender": [247_911, 247_912]]
        }
        for (filter, mayHold) in [
            ("rdss.sender == 247911", true), ("rdss.sender == 5", false), ("not rdss.sender == 247911", true),
            ("rdss.sender > 247912", false), (#"type == "TXR""#, true), ("apid == 0", false), ("message", true),
            (#"dialect == "rdss-2.1""#, true), (#"dialect == "nmea""#, false), ("rdss.sender", true),
        ] { #expect(try Self.mayHold(filter, known) == mayHold, "\(filter)") }
    }

    @Test("of a flow that is not known yet nothing but its ends is known")
    func unknown() throws {
        let unknown = Self.candidate { $0.unit = nil }
        for filter in ["apid == 5", "not apid == 5", "vcid == 9", "message", "ccsds", "udp.port == 10015"] {
            #expect(try Self.mayHold(filter, unknown), "\(filter)")
        }
        for filter in ["tcp", "udp.port == 5", "ip.src == 10.0.0.9"] {
            #expect(try !Self.mayHold(filter, unknown), "\(filter)")
        }
    }
}
