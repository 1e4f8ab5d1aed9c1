import Foundation
import Support

/// What tshark says of a capture: the octets of UDP datagrams and of TCP streams, as lengths and digests.
enum Tshark {
    /// One packet with datagrams in it.
    struct Datagrams: Equatable {
        var file: String
        var packet: Int
        /// The layers that tshark found, joined by colons.
        var layers: String
        /// Length and digest of each datagram's payload, the outermost first.
        var payloads: [String]
    }

    /// One direction between two endpoints, all connections one behind the other.
    struct Stream: Equatable {
        var file: String
        /// `10.0.0.1:80 > 10.0.0.2:5000`.
        var direction: String
        var layers: String
        var octets: Int
        var digest: String
        /// How many times tshark says that octets are missing.
        var gaps: Int
    }

    private static let options = ["-n", "-o", "ip.defragment:TRUE", "-o", "ipv6.defragment:TRUE"]

    /// The datagrams of a capture, as tshark finds them, and the layers of each TCP stream.
    static func datagrams(of url: URL, named file: String) throws -> (rows: [Datagrams], streams: [Int: String]) {
        let fields = ["frame.number", "frame.protocols", "udp.payload", "tcp.stream"].flatMap { ["-e", $0] }
        let said = try run("tshark", options + ["-r", url.path, "-T", "fields"] + fields)
        var rows: [Datagrams] = []
        var streams: [Int: String] = [:]
        for line in said.text.split(separator: "\n") {
            let values = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard values.count == 4, let packet = Int(values[0]) else { continue }
            for stream in values[3].split(separator: ",").compactMap({ Int($0) }) where streams[stream] == nil {
                streams[stream] = values[1]
            }
            guard !values[2].isEmpty else { continue }
            let payloads = values[2].split(separator: ",").map { describe(octets(String($0))) }
            rows.append(Datagrams(file: file, packet: packet, layers: values[1], payloads: payloads))
        }
        return (rows, streams)
    }

    /// The streams of a capture, as tshark follows them.
    static func streams(of url: URL, named file: String, layers: [Int: String]) throws -> [Stream] {
        guard let last = layers.keys.max() else { return [] }
        let follow = (0...last).flatMap { ["-z", "follow,tcp,raw,\($0)"] }
        let said = try run("tshark", options + ["-r", url.path, "-q"] + follow)
        var content: [String: String] = [:]
        var order: [(direction: String, layers: String)] = []
        var ends = ["", ""]
        var number = 0
        for line in said.text.split(separator: "\n") {
            if line.hasPrefix("Filter: tcp.stream eq ") {
                number = Int(line.dropFirst("Filter: tcp.stream eq ".count)) ?? 0
            } else if line.hasPrefix("Node ") {
                ends[line.hasPrefix("Node 0") ? 0 : 1] = String(line.dropFirst("Node 0: ".count))
            } else if !line.hasPrefix("=") && !line.hasPrefix("Follow") {
                let isBack = line.hasPrefix("\t")
                let direction = isBack ? "\(ends[1]) > \(ends[0])" : "\(ends[0]) > \(ends[1])"
                if content[direction] == nil { order.append((direction, layers[number] ?? "")) }
                content[direction, default: ""] += isBack ? line.dropFirst() : line
            }
        }
        return order.map { direction, layers in
            let (octets, gaps) = withoutRemarks(octets(content[direction] ?? ""))
            return Stream(
                file: file, direction: direction, layers: layers, octets: octets.count, digest: digest(octets),
                gaps: gaps)
        }
    }

    /// Takes out what tshark writes where octets are missing: "[123 bytes missing in capture file]", a zero behind it.
    private static func withoutRemarks(_ octets: [UInt8]) -> ([UInt8], Int) {
        let tail = Array(" bytes missing in capture file]".utf8)
        var kept: [UInt8] = []
        var gaps = 0
        for octet in octets {
            if octet == 0, kept.suffix(tail.count) == tail[...],
                let start = kept.dropLast(tail.count).lastIndex(of: UInt8(ascii: "["))
            {
                kept.removeSubrange(start...)
                gaps += 1
            } else {
                kept.append(octet)
            }
        }
        return (kept, gaps)
    }

    /// Length and digest of octets as one word.
    static func describe(_ octets: [UInt8]) -> String { "\(octets.count)/\(digest(octets))" }

    /// FNV-1a, 64 bits: enough to tell payloads apart that are right or wrong by accident.
    static func digest(_ octets: some Sequence<UInt8>) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in octets { value = (value ^ UInt64(octet)) &* 0x100_0000_01B3 }
        return String(value, radix: 16)
    }
}

/// The facts in Fixtures/transport: what tshark said of every capture of the corpus. Its README tells how they are made.
extension Tshark {
    static let datagramsFile = fixture("transport/tshark-udp.tsv")
    static let streamsFile = fixture("transport/tshark-tcp.tsv")

    /// The captures that facts are kept of.
    static var captures: [(url: URL, name: String)] {
        ["tcpdump", "captures", "pcapng"].flatMap { folder in
            Corpus.files(below: folder, except: ["txt", "tsv", "md", "csv", "rst", "out"]).map {
                ($0, String($0.path.dropFirst(Corpus.folder.path.count + 1)))
            }
        }
    }

    static func knownDatagrams() throws -> [Datagrams] {
        try Table(datagramsFile).rows.map {
            Datagrams(
                file: $0["file"] ?? "", packet: Int($0["packet"] ?? "") ?? 0, layers: $0["layers"] ?? "",
                payloads: ($0["payloads"] ?? "").components(separatedBy: ","))
        }
    }

    static func knownStreams() throws -> [Stream] {
        try Table(streamsFile).rows.map {
            Stream(
                file: $0["file"] ?? "", direction: $0["direction"] ?? "", layers: $0["layers"] ?? "",
                octets: Int($0["octets"] ?? "") ?? 0, digest: $0["digest"] ?? "", gaps: Int($0["gaps"] ?? "") ?? 0)
        }
    }

    /// Asks tshark again and writes the facts anew.
    static func rewrite() throws {
        var datagrams = "file\tpacket\tlayers\tpayloads\n"
        var streams = "file\tdirection\tlayers\toctets\tdigest\tgaps\n"
        for (url, name) in captures {
            let found = try self.datagrams(of: url, named: name)
            for row in found.rows {
                datagrams += "\(row.file)\t\(row.packet)\t\(row.layers)\t\(row.payloads.joined(separator: ","))\n"
            }
            for row in try self.streams(of: url, named: name, layers: found.streams) {
                streams += "\(row.file)\t\(row.direction)\t\(row.layers)\t\(row.octets)\t\(row.digest)\t\(row.gaps)\n"
            }
        }
        try datagrams.write(to: datagramsFile, atomically: true, encoding: .utf8)
        try streams.write(to: streamsFile, atomically: true, encoding: .utf8)
    }
}
