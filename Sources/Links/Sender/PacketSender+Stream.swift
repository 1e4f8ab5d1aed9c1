internal import Bytes
internal import Glibc

extension PacketSender {
    /// Sends packets over a stream, one behind the other.
    func send(over stream: Int32, _ octets: RawSpan, _ start: Int, _ ends: Span<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        guard ends.count > 0 else { return outcome }
        var start = start
        let end = ends[ends.count - 1]
        var since = Waiting.now()
        while start < end {
            switch Self.put(stream, octets.extracting(start..<end)) {
            case .moved(let count):
                start += count
                outcome.octets += count
                since = Waiting.now()
            case .wouldWait: guard try hasRoom(stream, &since) else { return outcome }
            case .failed(let number): throw LinkError(name, "cannot be sent to", number: number)
            }
            while outcome.sent < ends.count, ends[outcome.sent] <= start { outcome.sent += 1 }
        }
        outcome.sent = ends.count
        return outcome
    }

    /// Hands octets to the system, as many as it takes.
    static func put(_ stream: Int32, _ octets: RawSpan) -> Descriptor.Outcome {
        unsafe octets.withUnsafeBytes { octets in
            // Not write(2) on a socket: a peer that has gone is an error to be said. Else the signal is ignored.
            let count = unsafe Glibc.send(stream, octets.baseAddress, octets.count, Int32(MSG_NOSIGNAL))
            return unsafe Descriptor.Outcome(
                count < 0 && errno == ENOTSOCK ? Glibc.write(stream, octets.baseAddress, octets.count) : count)
        }
    }
}
