public import Faults
public import Links
internal import Transport

/// What is replayed, how fast and to whom.
public struct ReplayOptions: Sendable {
    /// Which layer of a capture goes out.
    public enum Layer: String, Sendable, CaseIterable {
        /// Space packets and messages, as they are found in frames, datagrams and streams.
        case packet
        /// CCSDS transfer frames, as they are found in datagrams and streams.
        case frame
        /// What UDP carries, datagram by datagram, and TCP, segment by segment; packets of links that have no such layers.
        case datagram
        /// Captured packets as they are, with the headers of their links.
        case link
    }

    /// Where flows to one place go.
    public struct Map: Sendable, Equatable {
        /// The place in the capture: an address of 4 or 16 octets, and a port.
        let address: [UInt8]
        let port: UInt16
        /// Where its payloads go.
        public let target: String

        /// Reads `ADDRESS:PORT=HOST:PORT`.
        public init(_ text: String) throws(LinkAddress.Refusal) {
            let shape = "--map takes ADDRESS:PORT=HOST:PORT, as in 10.0.0.1:10015=127.0.0.1:20015"
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw LinkAddress.Refusal(description: "'\(text)' is no map: \(shape)") }
            guard case .udp(let host, let port) = try LinkAddress("udp://\(parts[0])"),
                let address = NumericAddress.octets(host)
            else {
                throw LinkAddress.Refusal(
                    description: "'\(parts[0])' is no address of a capture, which knows numbers and no names: \(shape)")
            }
            (self.address, self.port) = (address, port)
            target = "udp://\(parts[1])"
            do { try PacketSender.check(target) } catch {
                throw LinkAddress.Refusal(description: "--map \(text): \(error)")
            }
        }
    }

    /// How fast.
    public var pace = Schedule.Pace.original(speed: 1)
    /// Which layer goes out.
    public var layer = Layer.datagram
    /// What is sent.
    public var conditions = Conditions()
    /// What captured packets have to match, in libpcap's language.
    public var captureFilter: String?
    /// Whether the thread that keeps time goes before all others, where that is permitted.
    public var isRealTime = false
    /// How often all is sent; nil: until the user ends it.
    public var passes: Int? = 1
    /// Whether it waits with the first packet until it is told to go on.
    public var isPaused = false
    /// Where to; nil where only mapped flows are sent.
    public var target: String?
    /// Flows that go elsewhere.
    public var maps: [Map] = []

    /// What goes out in the place of captures: something that makes its packets while they are sent.
    public var source: Source?

    /// What is broken on the way; nil: nothing.
    public var faults: FaultPlan?
    /// What the random numbers of faults are made of.
    public var seed: UInt64 = 0

    /// All of it, once, as it was captured.
    public init() {}
}
