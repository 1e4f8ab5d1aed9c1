import Bytes
import Glibc
import Links
import Support
import Testing

/// What a peer gets of packets that are sent at once.
struct PacketSenderTests {
    /// A socket of this machine that receives datagrams.
    private final class Receiver {
        let descriptor = ownSocket(SOCK_DGRAM)
        let port: UInt16

        init() {
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let number = descriptor
            var room: Int32 = 4 << 20
            _ = unsafe setsockopt(number, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
            // The structure is an IPv4 address of the length that is told.
            unsafe withUnsafeMutablePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = unsafe bind(number, $0, length)
                    _ = unsafe getsockname(number, $0, &length)
                }
            }
            port = UInt16(bigEndian: place.sin_port)
        }

        deinit { close(descriptor) }

        /// What is there.
        func take() -> [[UInt8]] {
            var found: [[UInt8]] = []
            var room = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = unsafe recv(descriptor, &room, room.count, Int32(MSG_DONTWAIT))
                guard count >= 0 else { return found }
                found.append(Array(room.prefix(count)))
            }
        }
    }

    private func send(_ sender: PacketSender, _ packets: [[UInt8]]) throws -> PacketSender.Outcome {
        let buffer = ByteBuffer()
        let ends = Lane<Int>()
        for packet in packets {
            buffer.append(packet.span.octets)
            ends.append(buffer.count)
        }
        return try sender.send(buffer.bytes, from: 0, ends: ends.span)
    }

    private func packets(_ lengths: [Int]) -> [[UInt8]] {
        lengths.enumerated().map { number, length in (0..<length).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
        }
    }

    @Test(
        "datagrams arrive one by one as they were, whatever runs of one length there are",
        arguments: [
            [1], [0], [0, 0, 0], [200, 200, 200, 200], [200, 200, 199, 200], [199, 200], [7, 7, 3, 3, 3, 9, 0, 9, 9],
            [Int](repeating: 20, count: 300),
            [Int](repeating: 1400, count: 100) + [1] + [Int](repeating: 1400, count: 60),
            [65_507, 65_507, 100], [9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000], [30_000, 30_000, 30_000, 5],
        ])
    func runs(_ lengths: [Int]) throws {
        let receiver = Receiver()
        let sender = try PacketSender("udp://127.0.0.1:\(receiver.port)")
        let packets = packets(lengths)
        let outcome = try send(sender, packets)
        #expect(outcome.sent == lengths.count)
        #expect(outcome.octets == lengths.reduce(0, +))
        #expect(receiver.take() == packets)
    }

    @Test("random runs arrive as they were")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        let receiver = Receiver()
        let sender = try PacketSender("udp://127.0.0.1:\(receiver.port)")
        for _ in 0..<200 {
            var lengths: [Int] = []
            while lengths.count < 100 {
                let length = Int.random(in: 0...600, using: &generator)
                lengths += [Int](repeating: length, count: Int.random(in: 1...40, using: &generator))
            }
            let packets = packets(Array(lengths.prefix(100)))
            #expect(try send(sender, packets).sent == 100)
            #expect(receiver.take() == packets)
        }
    }

    @Test("a datagram that is too long is left out and counted, and the others go")
    func tooLong() throws {
        let receiver = Receiver()
        let sender = try PacketSender("udp://127.0.0.1:\(receiver.port)")
        let packets = packets([10, 65_508, 70_000, 20])
        let outcome = try send(sender, packets)
        #expect(outcome.sent == 2)
        #expect(outcome.tooLong == 2)
        #expect(receiver.take() == [packets[0], packets[3]])
    }

    @Test(
        "what cannot be sent to is refused with words",
        arguments: [
            ("pcap://", "names no interface"), ("pcap://lo?filter=udp", "is for what is received"),
            ("tcp-listen://127.0.0.1", "has no port"), ("udp://0.0.0.0:1", "nobody to send to"),
            ("file://x", "tcp-listen://HOST:PORT, pcap://INTERFACE and -"), ("x.pcap", "is no link"),
        ])
    func refusals(_ address: String, _ words: String) {
        let refusal = #expect(throws: LinkAddress.Refusal.self) { try PacketSender.check(address) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
    }

    @Test("an interface that is not there is named, with those that are")
    func noInterface() {
        let error = #expect(throws: LinkError.self) { _ = try PacketSender("pcap://no-such-one") }
        #expect(error?.description.contains("there is no interface 'no-such-one'") == true)
    }
}
