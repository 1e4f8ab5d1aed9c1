internal import Bytes

/// What goes over the connections of a tap, and when.
extension Tap {
    /// Takes a segment: when it is captured, where it stands in the octets, how long it is, and whether a frame begins in it.
    typealias Arrive = (_ time: Int64, _ start: Int, _ count: Int, _ isFirst: Bool) -> Void

    /// From one segment to the next of one frame, and to what it is answered with: as long as 1,500 octets take at 10 Gbit/s.
    private static let step: Int64 = 1_200

    /// The time that leaves room for all that belongs to a frame, whatever the pace of its link.
    private static func step(_ spacing: Double) -> Int64 { max(1, min(step, Int64(spacing / 32))) }

    /// Lets a frame arrive, over a connection that is opened first where none is there.
    ///
    /// The receiver acknowledges each second segment, and the last one of the frame.
    ///
    /// - Parameters:
    ///   - sent: when the spacecraft sent it: nothing that belongs to it can be earlier.
    ///   - isDoubled: whether each of its segments comes twice.
    /// - Returns: when its last segment arrives.
    mutating func carry(
        _ frame: RawSpan, at time: Int64, sent: Int64, spacing: Double, isDoubled: Bool, to out: ByteBuffer,
        _ arrive: Arrive
    ) -> Int64 {
        let step = Self.step(spacing)
        let front = front
        var now = max(time, stream.reached)
        if !stream.isOpen { open(at: now, from: max(sent, stream.reached), step, to: out, arrive) }
        let size = front.count + frame.byteCount
        var (done, unanswered) = (0, 0)
        var whole = now
        while done < size {
            let count = min(SegmentWriter.most, size - done)
            let (isFirst, isLast) = (done == 0, done + count == size)
            let start = out.count
            if isFirst {
                let part = frame.slice(at: 0, count: count - front.count)
                segments?.carry(part, behind: front.octets, isLast: isLast, to: out)
            } else {
                let part = frame.slice(at: done - front.count, count: count)
                segments?.carry(part, behind: RawSpan(), isLast: isLast, to: out)
            }
            let length = out.count - start
            arrive(now, start, length, isFirst)
            whole = now
            now += step
            if isDoubled {
                arrive(now, start, length, false)
                now += step
            }
            done += count
            unanswered += isDoubled ? 2 : 1
            guard isLast || unanswered >= 2 else { continue }
            unanswered = 0
            say(.acknowledges(.receiver), at: now, to: out, arrive)
            now += step
        }
        stream.reached = now
        return whole
    }

    /// Opens a connection, so that it is there at a time: a round trip before, but not in front of another time.
    private mutating func open(
        at time: Int64, from earliest: Int64, _ step: Int64, to out: ByteBuffer, _ arrive: Arrive
    ) {
        let lead = max(0, min(roundTrip + 3 * step, time - earliest))
        let short = min(step, lead / 3)
        say(.opens, at: time - lead, to: out, arrive)
        say(.accepts, at: time - lead + short, to: out, arrive)
        say(.acknowledges(.sender), at: time - short, to: out, arrive)
        stream.isOpen = true
        stream.opened += 1
    }

    /// Closes the connection, where one is there.
    mutating func close(at time: Int64, to out: ByteBuffer, _ arrive: Arrive) {
        guard stream.isOpen else { return }
        let now = max(time, stream.reached)
        say(.finishes(.sender), at: now, to: out, arrive)
        say(.finishes(.receiver), at: now + Self.step, to: out, arrive)
        let last = now + 2 * Self.step + roundTrip
        say(.acknowledges(.sender), at: last, to: out, arrive)
        (stream.isOpen, stream.reached) = (false, last)
    }

    private mutating func say(
        _ remark: SegmentWriter.Remark, at time: Int64, to out: ByteBuffer, _ arrive: Arrive
    ) {
        let start = out.count
        segments?.say(remark, to: out)
        arrive(time, start, out.count - start, false)
    }
}
