internal import Bytes
internal import Glibc

extension PacketSender {
    /// Sends packets over a stream, one behind the other.
    ///
    /// Where that fails it says what left before, and the next call fails.
    func send(over stream: Int32, _ octets: RawSpan, _ start: Int, _ ends: Span<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        guard ends.count > 0, try sendRest(over: stream, &outcome) else {
            outcome.isHeldUp = ends.count > 0
            return outcome
        }
        let earlier = outcome.sent
        var (begin, start) = (start, start)
        let end = ends[ends.count - 1]
        while start < end {
            switch Self.put(stream, octets.extracting(start..<end)) {
            case .moved(let count):
                start += count
                outcome.octets += count
                written += count
                hasMoved()
                while outcome.taken < ends.count, ends[outcome.taken] <= start {
                    begin = ends[outcome.taken]
                    outcome.taken += 1
                }
            case .wouldWait:
                var hasRoom = false
                do throws(LinkError) { hasRoom = try self.hasRoom(stream) } catch { failure = error }
                if hasRoom { continue }
                outcome.isHeldUp = true
                outcome.sent = earlier + outcome.taken
                if start > begin {
                    rest.append(octets.extracting(start..<ends[outcome.taken]))
                    outcome.taken += 1
                }
                return outcome
            case .failed(let number):
                failure = LinkError(name, "cannot be sent to", number: number)
                outcome.isHeldUp = true
                outcome.sent = earlier + outcome.taken
                return outcome
            }
        }
        outcome.taken = ends.count
        outcome.sent = earlier + ends.count
        return outcome
    }

    /// Sends the rest of the packet of which a part has left; says whether it is there now.
    ///
    /// - Parameter insists: whether it waits a moment for room though the user asks to end.
    func sendRest(over stream: Int32, _ outcome: inout Outcome, insists: Bool = false) throws(LinkError) -> Bool {
        let rest = rest
        while rest.count > 0 {
            switch Self.put(stream, rest.bytes) {
            case .moved(let count):
                rest.removeFirst(count)
                outcome.octets += count
                written += count
                hasMoved()
                if rest.count == 0 { outcome.sent += 1 }
            case .wouldWait: guard try hasRoom(stream, insists: insists) else { return false }
            case .failed(let number):
                failure = LinkError(name, "cannot be sent to", number: number)
                return false
            }
        }
        return true
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
