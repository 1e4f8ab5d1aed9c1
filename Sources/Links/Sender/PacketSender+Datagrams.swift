internal import Bytes
internal import CSystem
internal import Glibc

extension PacketSender {
    /// A queue of an interface that is full is tried again after so many nanoseconds.
    private static let pause: Int64 = 50_000

    /// Sends each packet by itself.
    func sendDatagrams(
        over socket: Int32, _ octets: RawSpan, _ start: Int, _ ends: Span<Int>
    ) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        var (next, start) = (0, start)
        let end = Waiting.now() + Self.slice
        while next < ends.count {
            switch put(socket, octets, start, ends.extracting(next...)) {
            case .moved(let count):
                outcome.sent += count
                next += count
                outcome.octets += ends[next - 1] - start
                start = ends[next - 1]
                hasMoved()
            case .wouldWait:
                guard try hasRoom(socket) else {
                    outcome.isHeldUp = true
                    outcome.taken = next
                    return outcome
                }
            // A queue of the interface is full: nothing tells when it no longer is.
            case .failed(ENOBUFS):
                try isHeld()
                guard Waiting.now() < end, !Interruption.isAsked else {
                    outcome.isHeldUp = true
                    outcome.taken = next
                    return outcome
                }
                SteadyClock.sleep(until: SteadyClock.now() + Self.pause)
            case .failed(EMSGSIZE):
                outcome.tooLong += 1
                start = ends[next]
                next += 1
            case .failed(EINVAL) where linkType != nil:
                outcome.tooShort += 1
                start = ends[next]
                next += 1
            // The answer to an earlier datagram; the one at hand was not looked at.
            case .failed(ECONNREFUSED): outcome.refusals += 1
            case .failed(let number): throw LinkError(name, "cannot be sent to", number: number)
            }
        }
        outcome.taken = next
        return outcome
    }

    /// Hands datagrams to the system, as many as it takes.
    private func put(_ socket: Int32, _ octets: RawSpan, _ start: Int, _ ends: Span<Int>) -> Descriptor.Outcome {
        var longest = longestJoined
        defer { longestJoined = longest }
        // An interface cuts nothing.
        let joins = joins && linkType == nil
        // The octets are there up to the last end, and the ends are as many as is told.
        return unsafe octets.withUnsafeBytes { octets in
            unsafe ends.withUnsafeBufferPointer { ends in
                unsafe withUnsafeMutablePointer(to: &longest) { longest in
                    unsafe Descriptor.Outcome(
                        Int(
                            csystem_send(
                                socket, octets.baseAddress?.assumingMemoryBound(to: UInt8.self), start,
                                ends.baseAddress, UInt32(min(ends.count, Int(CSYSTEM_SEND_MOST))),
                                joins ? longest : nil)))
                }
            }
        }
    }
}
