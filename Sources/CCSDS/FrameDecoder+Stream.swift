package import Bytes
package import Records
public import Transport

/// How frames are found in a stream whose order is broken.
struct Hunt {
    /// Whether the place of the next frame is not known.
    var isOn = false
    /// Octets since the last place where a frame began or should have begun; nil when no such place is known.
    var sinceGrid: Int?
    /// Whether the ledger has an entry of this search.
    var isEntered = false
    /// Frames in a row that were rejected.
    var rejectedInARow = 0
    /// Whether nothing more comes, so that a frame need not be confirmed by the next.
    var isLast = false
}

extension FrameDecoder: StreamWalker {
    /// Frames of a datagram, back to back.
    func datagram(_ bytes: RawSpan, of payload: Payload, units: inout Batch<Unit>, ledger: inout Ledger) {
        let place = Place(
            time: payload.time, packet: payload.packet, flow: payload.flow, first: 0, split: 0, second: payload.offset)
        let marker = layout.marker.count
        let step = marker + layout.length
        var at = 0
        while bytes.byteCount - at >= step {
            guard bytes.holds(layout.marker, at: at) else {
                let rest = bytes.byteCount - at
                ledger.reject(
                    .frame, "no sync marker where one must be", bytes: rest, packet: payload.packet,
                    offset: place.offset(of: at))
                return
            }
            ledger.overhead += marker
            _ = take(bytes, at: at + marker, place: place, units: &units, ledger: &ledger)
            at += step
        }
        guard at < bytes.byteCount else { return }
        let reason: StaticString =
            payload.marks.contains(.cut) ? "frame cut by the capture's snap length" : "octets that are no whole frame"
        ledger.reject(
            .frame, reason, bytes: bytes.byteCount - at, packet: payload.packet, offset: place.offset(of: at))
    }

    /// Octets of the stream are missing here: what was held has lost its end, and the next frame has to be found.
    func streamBroke(_ ledger: inout Ledger) {
        if carry.held.count > 0 {
            ledger.reject(
                .frame, "octets of the stream are missing inside a frame", bytes: carry.held.count,
                packet: carry.packet,
                offset: carry.offset)
            carry.held.removeAll()
        }
        carry.wanted = 1
        hunt = Hunt(isOn: true)
    }

    package func walk(_ window: RawSpan, place: Place, units: inout Batch<Unit>, ledger: inout Ledger) -> Progress {
        let marker = layout.marker.count
        let step = marker + layout.length
        let count = window.byteCount
        var at = 0
        while true {
            if hunt.isOn {
                let from = at
                let found = seek(window, from: from)
                at = found.consumed
                if at > from {
                    let reason: StaticString =
                        marker > 0 ? "no sync marker where one must be" : "no frame where one must be"
                    // One search is one loss, in however many pieces its octets are passed over.
                    ledger.reject(
                        .frame, reason.description, count: hunt.isEntered ? 0 : 1, bytes: at - from,
                        packet: place.packet, offset: place.offset(of: from))
                    hunt.isEntered = true
                }
                if hunt.isOn { return found }
            }
            guard count - at >= step else { return Progress(consumed: at, wanted: step) }
            guard window.holds(layout.marker, at: at) else {
                hunt = Hunt(isOn: true, sinceGrid: 0)
                continue
            }
            ledger.overhead += marker
            if take(window, at: at + marker, place: place, units: &units, ledger: &ledger) {
                hunt.rejectedInARow = 0
            } else {
                hunt.rejectedInARow += 1
                // A marker shows each frame's place; without one, several bad frames may mean that octets are missing.
                if marker == 0, hunt.rejectedInARow >= 3 { hunt = Hunt(isOn: true, sinceGrid: 0) }
            }
            at += step
        }
    }

    /// Looks for the next frame from `from` on. Turns the hunt off when it has found one; what it passed over is
    /// consumed.
    ///
    /// With a marker: where the marker stands before what can be a frame. Without: where what can be a frame is
    /// followed by another, or stands where one is due.
    private func seek(_ window: RawSpan, from: Int) -> Progress {
        let marker = layout.marker.count
        let step = marker + layout.length
        let count = window.byteCount
        var at = from
        while count - at >= step {
            let isDue = hunt.sinceGrid.map { ($0 + at - from) % step == 0 } ?? false
            if window.holds(layout.marker, at: at), canBeFrame(window, at: at + marker) {
                if marker > 0 || isDue || hunt.isLast && hunt.sinceGrid == nil {
                    hunt = Hunt()
                    return Progress(consumed: at, wanted: step)
                }
                if count - at < 2 * step {
                    guard hunt.isLast else {
                        hunt.sinceGrid? += at - from
                        return Progress(consumed: at, wanted: 2 * step)
                    }
                } else if canBeFrame(window, at: at + step) {
                    hunt = Hunt()
                    return Progress(consumed: at, wanted: step)
                }
            }
            at += 1
        }
        hunt.sinceGrid? += at - from
        // A quarter more than is needed: what is held is looked through again each time.
        return Progress(consumed: at, wanted: step + step / 4)
    }

    /// Whether a frame may begin there: its version, its spacecraft, and its frame error control where it has one.
    private func canBeFrame(_ window: RawSpan, at: Int) -> Bool {
        guard let key = key(of: window.u16(at: at)), takes[spacecraft(of: key)] else { return false }
        if layout.spacecraft.isEmpty, !layout.hasFECF, !virtualChannels.isEmpty, channelTable[key] == .max {
            return false
        }
        return !layout.hasFECF || CRC16.of(window.slice(at: at, count: layout.length)) == 0
    }

    /// What the stream holds at its end.
    func endStream(units: inout Batch<Unit>, ledger: inout Ledger) {
        guard carry.held.count > 0 else { return }
        if hunt.isOn {
            hunt.isLast = true
            let (arena, held) = (self.arena, carry.held)
            let extent = arena.copy(held.bytes)
            // The arena keeps what is copied in until the next batch begins.
            let window = unsafe extent.bytes(keptBy: arena)
            let place = Place(
                time: carry.time, packet: carry.packet, flow: carry.flow, first: carry.offset, split: window.byteCount,
                second: 0)
            let progress = walk(window, place: place, units: &units, ledger: &ledger)
            carry.held.removeFirst(progress.consumed)
            carry.offset = place.offset(of: progress.consumed)
        }
        carry.end(at: carry.offset, ledger: &ledger)
    }

    /// The frame that a stream ended in; nil while it goes on, and where it ended behind one.
    public var unfinished: Unfinished? { carry.unfinished }
}
