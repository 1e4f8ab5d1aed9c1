import Foundation
import Support
import Testing

/// Which packets `decode --filter` takes.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct FilterTests {
    /// The capture's packets for which a filter holds.
    private static func chosen(_ capture: URL, _ filter: String?, _ more: [String] = []) throws -> [Int] {
        let condition = filter.map { ["--filter", $0] } ?? []
        let said = try Starlane.run(
            ["decode", capture.path, "--fields", "packet", "--format", "csv"] + condition + more)
        // 1: parts of the capture were rejected, which some fixtures are made for.
        #expect(said.status <= 1, "\(filter ?? ""): \(said.words)")
        return said.text.split(whereSeparator: \.isNewline).dropFirst().compactMap { Int($0) }
    }

    private static func expect(
        _ capture: URL, _ filter: String, _ more: [String], _ options: [String], in all: Set<Int>
    )
        throws -> Int
    {
        let ours = Set(try chosen(capture, filter, more))
        let said = try run(
            "tshark", ["-r", capture.path, "-Y", filter, "-T", "fields", "-e", "frame.number"] + options)
        #expect(said.status == 0, "tshark: \(said.words)")
        let theirs = Set(said.text.split(whereSeparator: \.isNewline).compactMap { Int($0) }).intersection(all)
        #expect(
            ours == theirs,
            "\(capture.lastPathComponent), \(filter): \(ours.symmetricDifference(theirs).sorted().prefix(5))")
        return ours.count
    }

    /// Filters that mean the same in both languages, on packets that have what they ask for.
    private static let common = [
        "frame.number > 20", "frame.number in {1..10, 15, 20..30}", "not frame.number > 20",
        "!(frame.number <= 20)", "frame.number != 4",
        "frame.number ge 3 and frame.number le 8", "frame.number eq 3 || frame.number eq 9", "udp", "tcp", "ip", "ipv6",
        "vlan", "eth",
        "ip and udp", "ip or ipv6", "not tcp", "!ipv6 && !vlan", "ip.src == 10.21.1.20", "ip.src == 10.21.0.0/16",
        "ip.dst == 10.0.0.0/9",
        "ip.src != 10.21.1.20", "ip.addr == 10.21.0.10", "ip.addr != 10.21.0.10", "ip.addr == 10.21.0.8/29",
        "ip.src in {10.21.1.20, 10.21.3.30}", "ip.src == ip.dst", "ip.src[0:2] == 0a:15", "udp.dstport == 50007",
        "udp.port == 50007", "udp.port in {41000..41010}", "udp.port in {41008..50006}", "udp.port != 41007",
        "udp.srcport > 41000",
        "udp.srcport > udp.dstport", "udp.srcport < 50000 and udp.dstport >= 50007", "tcp.port == 9100",
        "tcp.srcport in {9100, 50022}",
        "tcp.dstport != 9100", "ipv6.src == fe80::/10", "ipv6.addr == fd00::7", "ipv6.dst != fd00::7",
        "ipv6.src == fd00::/16",
        "udp.dstport == 50007 or tcp.dstport == 9100", "ip.src", "ipv6.dst", "tcp.port", "udp.port == 1",
        "udp.dstport & 0x8 == 8", "udp.srcport % 2 == 1", "udp.srcport + 10 > udp.dstport",
    ]

    /// Filters of space packets.
    private static let spacePackets = [
        "ccsds.apid == 272", "ccsds.apid != 272", "ccsds.apid in {0x110..0x112, 288}",
        "ccsds.apid > 272 and ccsds.apid < 290",
        "ccsds.seqnum % 2 == 0", "ccsds.seqnum & 3", "ccsds.seqflag == 3", "ccsds.seqflag != 3",
        "ccsds.seqflag in {0..2}",
        "ccsds.secheader == 1", "ccsds.type == 1", "ccsds.type == 0", "ccsds.length > 100", "ccsds.length <= 40",
        "not (ccsds.apid == 272 or ccsds.length > 100)", "ccsds", "ccsds and ipv6",
        "ccsds.length == 36 || ccsds.length == 47", "ccsds.apid and !vlan",
        "udp.port == 50007 and ccsds.apid == 272 and frame.number < 60",
    ]

    @Test(
        "filters that tshark knows, too, choose what it chooses",
        .enabled(if: hasProgram("tshark"), "tshark is not installed"),
        arguments: ["songjiang-packets.pcap", "songjiang-pass.pcapng", "terminals.pcapng", "mixed"])
    func tshark(_ name: String) throws {
        let folder = try TemporaryFolder()
        let capture = name == "mixed" ? try Self.mixed(in: folder) : fixture(name)
        // Our numbers are those of the packets that complete something.
        let all = Set(try Self.chosen(capture, nil))
        #expect(all.count > 50)
        var some = 0
        let isBare = name == "mixed" || name == "songjiang-packets.pcap"
        for filter in Self.common + (isBare ? Self.spacePackets : []) {
            let count = try Self.expect(capture, filter, [], isBare ? ["-d", "udp.port==50007,ccsds"] : [], in: all)
            if count > 0, count < all.count { some += 1 }
        }
        #expect(some > 8, "most filters choose all or nothing")
    }

    @Test(
        "captures of others are chosen from as tshark does",
        .enabled(if: hasProgram("tshark") && Corpus.isThere, "tshark or the corpus of real captures is not there"),
        arguments: ["captures/scapy/doip.pcap.gz", "captures/jupyter_notebooks/enb_s1ap.pcap"])
    func corpus(_ name: String) throws {
        let capture = Corpus.file(name)
        let all = Set(try Self.chosen(capture, nil, ["--skip", "0"]))
        #expect(all.count > 10)
        let ports = ["tcp.port == 13400", "tcp.srcport == 13400", "ip.src == 169.254.0.0/16 and tcp.dstport != 13400"]
        for filter in Self.common + ports { _ = try Self.expect(capture, filter, ["--skip", "0"], [], in: all) }
    }

    @Test("times are those of tshark", .enabled(if: hasProgram("tshark"), "tshark is not installed"))
    func times() throws {
        let capture = fixture("songjiang-packets.pcap")
        let all = Set(try Self.chosen(capture, nil))
        let said = try run("tshark", ["-r", capture.path, "-T", "fields", "-e", "frame.time_epoch"])
        let moments = said.text.split(whereSeparator: \.isNewline).map(String.init)
        for (index, moment) in moments.enumerated() where index % 9 == 4 {
            for comparison in ["==", "<", ">=", "!="] {
                let ours = Set(try Self.chosen(capture, "frame.time \(comparison) \(moment)"))
                let theirs = try run(
                    "tshark",
                    [
                        "-r", capture.path, "-Y", "frame.time_epoch \(comparison) \(moment)", "-T", "fields", "-e",
                        "frame.number",
                    ])
                #expect(
                    ours == Set(theirs.text.split(whereSeparator: \.isNewline).compactMap { Int($0) }).intersection(all)
                )
            }
        }
    }

    @Test(
        "what is left out before packets are decoded is what would not be chosen",
        arguments: ["songjiang-pass.pcapng", "terminals.pcapng", "g60-cadu.pcap"])
    func early(_ name: String) throws {
        for (early, late) in [
            ("apid in {0x110..0x120}", "eps.battery_voltage < 28"), ("udp", "obc.mode"), ("vcid == 0 or tcp", "type"),
            ("frame.quality == good and not ip.src == 10.21.4.40", "latitude > 31"),
            ("length > 60", "len(octets) < 300"),
        ] {
            let both = try Self.chosen(fixture(name), "\(early) and \(late)")
            // Nothing is early of what stands beside a number that is reckoned.
            let whole = try Self.chosen(fixture(name), "(\(early) and \(late)) or len(octets) < 0")
            #expect(both == whole, "\(early) and \(late)")
        }
    }

    /// The packets of a fixture once more, over IPv4, IPv6 and with a VLAN tag, some of them telecommands and segments.
    private static func mixed(in folder: TemporaryFolder) throws -> URL {
        let source = [UInt8](try Data(contentsOf: fixture("songjiang-packets.pcap")))
        func count(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(source[at + $1]) << (8 * $1) } }
        func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
        func sum(_ octets: [UInt8]) -> [UInt8] {
            var sum = 0
            for index in stride(from: 0, to: octets.count, by: 2) {
                sum += Int(octets[index]) << 8 | (index + 1 < octets.count ? Int(octets[index + 1]) : 0)
            }
            while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
            return pair(~sum & 0xFFFF)
        }
        var out = Array(source[..<24])
        var (at, number) = (24, 0)
        while at + 16 <= source.count {
            let length = count(at + 8)
            var data = Array(source[at + 16 + 42..<at + 16 + length])
            if number % 5 == 1 { data[0] |= 0x10 }
            if number % 7 == 2 { data[2] = data[2] & 0x3F | 0x40 }
            var udp = pair(41_000 + number % 12) + pair(50_007) + pair(data.count + 8) + [0, 0] + data
            var packet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
            if number % 3 == 1 {
                let first: [UInt8] = number % 2 == 0 ? [0xFD, 0] : [0xFE, 0x80]
                let addresses =
                    first + [UInt8](repeating: 0, count: 13) + [1, 0xFD] + [UInt8](repeating: 0, count: 14)
                    + [UInt8(number % 9)]
                let check = sum(addresses + pair(0) + pair(udp.count) + [0, 0, 0, 17] + udp)
                (udp[6], udp[7]) = (check[0], check[1])
                packet += [0x86, 0xDD, 0x60, 0, 0, 0] + pair(udp.count) + [17, 64] + addresses + udp
            } else {
                if number % 3 == 2 { packet += [0x81, 0, 0, 5] }
                var header = [0x45, 0] + pair(udp.count + 20) + [0, 0, 0, 0, 64, 17, 0, 0, 10, 21, UInt8(number % 2)]
                header += [20, 10, 21, 0, UInt8(8 + number % 4)]
                let check = sum(header)
                (header[10], header[11]) = (check[0], check[1])
                packet += [8, 0] + header + udp
            }
            let size = pair(packet.count).reversed() + [0, 0]
            out += source[at..<at + 8] + size + size + packet
            at += 16 + length
            number += 1
        }
        let url = folder.file("mixed.pcap")
        try Data(out).write(to: url)
        return url
    }
}
