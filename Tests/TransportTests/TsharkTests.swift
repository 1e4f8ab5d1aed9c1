import Bytes
import Foundation
import Support
import Testing
import Transport

/// Our payloads beside those of tshark, which is told to put fragments together.
@Suite("Beside tshark")
struct TsharkTests {
    @Test("UDP payloads of the corpus are those of tshark", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func datagrams() throws {
        let known = Dictionary(grouping: try Tshark.knownDatagrams(), by: \.file)
        var (same, inTunnels) = (0, 0)
        var excused: Set<String> = []
        for (url, name) in Tshark.captures {
            guard let bench = Bench(reading: url) else {
                #expect(known[name] == nil, "\(name) cannot be read")
                continue
            }
            #expect(bench.ledger.isBalanced, "\(name)")
            let theirs = Dictionary(uniqueKeysWithValues: (known[name] ?? []).map { ($0.packet, $0) })
            let ours = TsharkTests.datagrams(bench)
            for packet in Set(ours.keys).union(theirs.keys) {
                let (mine, their) = (ours[packet] ?? [], theirs[packet]?.payloads ?? [])
                if mine == their {
                    same += 1
                } else if Differences.isTunnel(theirs[packet]?.layers ?? ""), mine == Array(their.prefix(mine.count)) {
                    inTunnels += 1
                } else if Differences.datagrams[name] != nil {
                    excused.insert(name)
                } else {
                    Issue.record("\(name), packet \(packet): \(mine), tshark \(their)")
                }
            }
        }
        #expect(same > 2000 && inTunnels > 100)
        #expect(excused.sorted() == Differences.datagrams.keys.sorted(), "each exception is still one")
    }

    @Test("TCP streams of the corpus are those of tshark", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func streams() throws {
        let known = Dictionary(grouping: try Tshark.knownStreams(), by: \.file)
        var (same, inTunnels, open) = (0, 0, 0)
        var excused: Set<String> = []
        for (url, name) in Tshark.captures {
            guard let bench = Bench(reading: url) else {
                #expect(known[name] == nil, "\(name) cannot be read")
                continue
            }
            let theirs = Dictionary(uniqueKeysWithValues: (known[name] ?? []).map { ($0.direction, $0) })
            let ours = TsharkTests.streams(bench)
            for direction in Set(ours.keys).union(theirs.keys) {
                let (mine, isMissing) = ours[direction] ?? ([], false)
                let their = theirs[direction]
                if mine.count == their?.octets ?? 0, mine.isEmpty || Tshark.digest(mine) == their?.digest {
                    same += 1
                } else if let their, isMissing, mine.count > their.octets,
                    Tshark.digest(mine.prefix(their.octets)) == their.digest
                {
                    // tshark leaves away what is behind a hole that is still open at the end.
                    open += 1
                } else if let their, mine.isEmpty, Differences.isTunnel(their.layers) {
                    inTunnels += 1
                } else if Differences.streams[name] != nil {
                    excused.insert(name)
                } else {
                    Issue.record("\(name), \(direction): \(mine.count) octets, tshark \(their?.octets ?? 0)")
                }
            }
        }
        #expect(same > 500 && inTunnels > 10 && open < 5)
        #expect(excused.sorted() == Differences.streams.keys.sorted(), "each exception is still one")
    }

    /// Datagrams by the packet that completed them, as tshark's facts have them.
    static func datagrams(_ bench: Bench) -> [Int: [String]] {
        let kinds = bench.transport.flows.map(\.key.kind)
        var found: [Int: [String]] = [:]
        for payload in bench.received where kinds[payload.flow] == .udp {
            found[Int(payload.packet), default: []].append(Tshark.describe(payload.octets))
        }
        return found
    }

    /// Streams by their direction, and whether octets of them are missing.
    static func streams(_ bench: Bench) -> [String: (octets: [UInt8], isMissing: Bool)] {
        var found: [String: (octets: [UInt8], isMissing: Bool)] = [:]
        for (index, flow) in bench.transport.flows.enumerated() {
            guard let tcp = flow.tcp else { continue }
            let octets = bench.received.filter { $0.flow == index }.flatMap(\.octets)
            found[String(flow.name.dropFirst("tcp ".count))] = (octets, tcp.missing > 0)
        }
        return found
    }
}
