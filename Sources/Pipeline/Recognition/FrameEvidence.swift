internal import Bytes
internal import CCSDS

/// The signs for and against one candidate, and the layout that they tell.
struct FrameEvidence {
    let candidate: FrameCandidate
    private(set) var layout: FrameLayout
    private(set) var weighing = Weighing()
    /// Pairs of one channel whose count goes up by exactly one, in all pairs: tells a length from its double.
    private(set) var single = 0.0

    /// True when a sign agrees that a wrong length can hardly show: error control, or pointers that meet packets' ends.
    private(set) var isSettled = false
    /// True when one frame is all there is.
    private let isWholeSample: Bool
    /// What error control tells of which frames are whole.
    private let control: ErrorControlEvidence

    /// Frames looked at in the dearer searches.
    private static let searched = ErrorControlEvidence.searched

    /// True when there may be an error control field that bit errors hide, which more frames would show.
    var wantsMore: Bool { control.isHidden }

    /// Weighs a candidate.
    init(_ candidate: FrameCandidate, in bytes: RawSpan) {
        self.candidate = candidate
        isWholeSample = candidate.marker.count + candidate.length == bytes.byteCount
        layout = FrameLayout(kind: candidate.kind, length: candidate.length)
        layout.marker = candidate.marker
        let believed = Set(candidate.believed)
        layout.spacecraft = believed
        let starts = candidate.starts.filter { start in
            FrameCandidate.spacecraft(of: bytes, at: start, candidate.kind).map(believed.contains) ?? false
        }
        control = ErrorControlEvidence(candidate, starts, in: bytes)
        weighHeaders(starts.count)
        weighErrorControl()
        weighCounts(starts, bytes)
        weighTrailer(starts, bytes)
        weighZone(starts, bytes)
    }

    private mutating func weighHeaders(_ count: Int) {
        let all = candidate.starts.count
        let ids = layout.spacecraft.sorted().map(String.init).joined(separator: ", ")
        if !candidate.marker.isEmpty {
            weighing.agree(
                all >= 3 ? Weighing.strong : Weighing.medium,
                "sync marker 1ACFFC1D every \(candidate.length + 4) octets")
        }
        guard count > 0 else { return }
        // Zeros make the header of spacecraft 0 by themselves.
        if candidate.kind == .tm && layout.spacecraft == [0] && candidate.marker.isEmpty {
            weighing.disagree(0.5, "spacecraft 0 is what zeros say")
        }
        let constant = count * 10 >= all * 9
        weighing.agree(
            constant ? (all >= 8 ? Weighing.weak : 0.1) : 0.05, "spacecraft \(ids) in \(count) of \(all) headers")
    }

    private mutating func weighErrorControl() {
        let (valid, looked) = (control.valid.count, control.looked)
        // One alone counts only where its length was not searched for.
        guard control.isThere || valid == 1 && looked <= 2 && isWholeSample else { return }
        layout.hasFECF = true
        isSettled = valid >= 2
        weighing.agree(valid >= 2 ? 0.98 : 0.8, "frame error control valid in \(valid) of \(looked)")
    }

    /// Weighs what bit errors leave of the frames, of the candidate that is the best: others have fewer frames to tell by.
    mutating func weighDamage() {
        guard control.isHopeless else { return }
        weighing.disagree(
            0.6,
            "\(control.wrongBits) of \(candidate.starts.count) headers have a wrong bit: hardly a frame is whole, and no "
                + "frame error control tells which")
    }

    private mutating func weighCounts(_ starts: [Int], _ bytes: RawSpan) {
        var last: [Int: (count: Int, start: Int)] = [:]
        var (pairs, one, forward, stuck, back) = (0, 0, 0, 0, 0)
        for start in starts {
            let channel = FrameCandidate.channel(of: bytes, at: start, candidate.kind)
            let (count, modulus) = FrameCandidate.count(of: bytes, at: start, candidate.kind)
            if let before = last[channel] {
                let step = (count - before.count + modulus) % modulus
                let length = candidate.length
                if step == 0
                    && bytes.slice(at: start, count: length).isEqual(to: bytes.slice(at: before.start, count: length))
                {
                    continue  // the same frame once more says nothing
                }
                pairs += 1
                switch step {
                case 0: stuck += 1
                case 1: one += 1
                case 2...(candidate.kind == .tm ? 16 : 4096): forward += 1
                default: back += 1
                }
            }
            last[channel] = (count, start)
        }
        guard pairs > 0 else {
            if starts.count >= 4 { weighing.disagree(0.5, "all frames are the same") }
            return
        }
        single = Double(one) / Double(pairs)
        let onward = Double(one + forward) / Double(pairs)
        if single >= 0.5 {
            weighing.agree(
                pairs >= 16 || (pairs >= 8 && single >= 0.8) ? 0.6 : pairs >= 3 ? 0.2 : 0.1,
                "channel counts go up by one in \(one) of \(pairs) pairs")
        } else if onward >= 0.9 {
            weighing.agree(
                pairs >= 8 ? Weighing.medium : 0.2, "channel counts go forward in \(one + forward) of \(pairs) pairs")
        } else if stuck * 2 >= pairs && pairs >= 4 {
            weighing.disagree(0.7, "channel counts stand still while the contents change")
        } else if onward < 0.5 && pairs >= 4 {
            // Frames whose error control is right are some, in whatever order they come.
            weighing.disagree(
                layout.hasFECF ? 0.3 : 0.6, "channel counts jump in \(pairs - one - forward) of \(pairs) pairs")
        }
    }

    /// Operational control field: flagged in TM, to be found out in AOS, where the pointers decide (see weighZone).
    private mutating func weighTrailer(_ starts: [Int], _ bytes: RawSpan) {
        let looked = control.sound(starts).prefix(Self.searched)
        guard !looked.isEmpty else { return }
        let trailer = layout.hasFECF ? 6 : 4
        guard candidate.length > trailer + 8 else { return }
        if candidate.kind == .tm {
            let flagged = looked.count { bytes.u8(at: $0 + 1) & 1 == 1 }
            guard flagged * 2 > looked.count else { return }
        }
        let words = looked.map { bytes.u32(at: $0 + candidate.length - trailer) }
        // Control word type 0, version 00, COP-1, spare bits zero (232.0-B, 4.2).
        let plausible = words.count { $0 & 0xE303_0100 == 0x0100_0000 }
        let kinds = Set(words).count
        guard plausible * 10 >= looked.count * 9, looked.count >= 2, kinds <= max(4, looked.count / 2) else { return }
        layout.ocf = true
        weighing.agree(
            looked.count >= 8 ? Weighing.medium : 0.2, "a control word (CLCW) in \(plausible) of \(looked.count) frames"
        )
    }

    private mutating func weighZone(_ starts: [Int], _ bytes: RawSpan) {
        let looked = Array(starts.prefix(Self.searched))
        guard !looked.isEmpty else { return }
        let channels = Dictionary(grouping: looked) { FrameCandidate.channel(of: bytes, at: $0, candidate.kind) }
        let plain = candidate.kind == .tm ? Zone(head: 6, tail: 0) : Zone(head: 8, tail: 0)
        let trailers = trailers(looked, bytes)
        var best = (zone: plain, found: PointerAgreement())
        for (index, zone) in zones(looked, bytes, trailers).enumerated() {
            var sum = PointerAgreement()
            for starts in channels.values {
                sum = sum + PointerAgreement(candidate, starts: starts, zone: zone, in: bytes)
            }
            if index == 0 || sum.score > best.found.score { best = (zone, sum) }
            // What agrees nearly everywhere needs no other guess.
            if best.found.agree >= 6 && best.found.share >= 0.95 { break }
        }
        let found = best.found
        if found.agree >= 2 && found.share >= 0.6 {
            adopt(best.zone, looked, bytes)
            isSettled = isSettled || found.agree >= 3
            weighing.agree(
                found.agree >= 3 ? 0.97 : 0.6,
                "first header pointers meet the packets' ends in \(found.agree) of \(found.agree + found.disagree)")
            if found.idle * 4 >= found.frames { weighing.agree(0.2, "\(found.idle) frames marked idle") }
            markOpaque(starts, best.zone, bytes)
            return
        }
        if let one = onePacket(looked, bytes, trailers) {
            layout.zone = .onePacket(at: one.head)
            isSettled = true
            weighing.agree(
                looked.count >= 8 ? Weighing.strong : 0.4,
                "one packet fills octets \(one.head) to \(candidate.length - one.tail) of each frame")
            return
        }
        let first = zones(looked, bytes, trailers)[0]
        markOpaque(starts, first, bytes)
        let sum = channels.values.reduce(PointerAgreement()) {
            $0 + PointerAgreement(candidate, starts: $1, zone: first, in: bytes)
        }
        if sum.idle * 4 >= sum.frames && sum.idle >= 4 {
            weighing.agree(Weighing.medium, "\(sum.idle) of \(sum.frames) frames marked idle")
        }
        if sum.outside * 2 > sum.frames { weighing.disagree(0.5, "first header pointers lie outside the frame") }
    }

    /// Octets behind the zone, each possibility; the one that the trailer tells first.
    private func trailers(_ looked: [Int], _ bytes: RawSpan) -> [Int] {
        let fecf = layout.hasFECF ? 2 : 0
        if candidate.kind == .tm {
            let flagged = looked.count { bytes.u8(at: $0 + 1) & 1 == 1 } * 2 > looked.count
            return [fecf + (flagged ? 4 : 0)]
        }
        return layout.ocf ? [fecf + 4, fecf] : [fecf, fecf + 4]
    }

    /// The zones to try: as the header declares first, then every size that a header or insert zone might have.
    private func zones(_ looked: [Int], _ bytes: RawSpan, _ trailers: [Int]) -> [Zone] {
        var zones: [Zone] = []
        let base = candidate.kind == .tm ? 6 : 8
        if candidate.kind == .tm, let declared = declaredSecondaryHeader(looked, bytes), declared > 0 {
            zones += trailers.map { Zone(head: base + declared, tail: $0) }
        }
        // Headers of any size are tried where the others agree: in noise some size always seems to fit.
        let most = candidate.constancy >= 0.9 || layout.hasFECF ? 64 : 0
        for more in 0...most where base + more + trailers[0] + 8 < candidate.length {
            zones += trailers.map { Zone(head: base + more, tail: $0) }
        }
        return zones.isEmpty ? [Zone(head: base, tail: trailers[0])] : zones
    }

    /// The length that most secondary headers declare, in all; 0 where frames have none.
    private func declaredSecondaryHeader(_ looked: [Int], _ bytes: RawSpan) -> Int? {
        let flagged = looked.filter { bytes.u8(at: $0 + 4) & 0x80 != 0 }
        guard flagged.count * 2 > looked.count else { return 0 }
        let lengths = Dictionary(grouping: flagged) { Int(bytes.u8(at: $0 + 6) & 0x3F) + 1 }
        return lengths.max { $0.value.count < $1.value.count }?.key
    }

    private mutating func adopt(_ zone: Zone, _ looked: [Int], _ bytes: RawSpan) {
        let fecf = layout.hasFECF ? 2 : 0
        switch candidate.kind {
        case .tm:
            let declared = declaredSecondaryHeader(looked, bytes) ?? 0
            if zone.head - 6 != declared { layout.secondaryHeader = zone.head - 6 }
        case .aos:
            layout.ocf = zone.tail - fecf == 4
            layout.insertZone = zone.head - 8
            let controlled = looked.count { start in
                let field = HeaderErrorControl.field(
                    identifiers: bytes.u16(at: start), signalling: bytes.u8(at: start + 5))
                return field == bytes.u16(at: start + 6)
            }
            if layout.insertZone >= 2 && controlled * 2 > looked.count {
                layout.headerErrorControl = true
                layout.insertZone -= 2
                weighing.agree(Weighing.strong, "header error control valid in \(controlled) of \(looked.count)")
            }
            if layout.insertZone > 0 {
                weighing.agree(0.05, "an insert zone of \(counted(layout.insertZone, "octet"))")
            }
        }
        if let header = layout.secondaryHeader {
            weighing.agree(0.05, "a secondary header of \(counted(header, "octet")), whatever it declares")
        }
    }

    /// Channels of a channel full of packets that do not hold packets themselves.
    private mutating func markOpaque(_ starts: [Int], _ zone: Zone, _ bytes: RawSpan) {
        let looked = control.sound(starts).prefix(Self.searched)
        let channels = Dictionary(grouping: looked) { FrameCandidate.channel(of: bytes, at: $0, candidate.kind) }
        for (channel, starts) in channels {
            let found = PointerAgreement(candidate, starts: starts, zone: zone, in: bytes)
            guard found.disagree >= 3 && found.share < 0.3 else { continue }
            layout.zones[channel] = .opaque
            weighing.note("channel \(channel) holds no packets")
        }
    }

    /// A place where a packet begins in every frame and ends with the frame (or its trailer).
    private func onePacket(_ looked: [Int], _ bytes: RawSpan, _ trailers: [Int]) -> Zone? {
        guard looked.count >= 3 else { return nil }
        for tail in Set(trailers + [0]).sorted() {
            for head in (candidate.kind == .tm ? 6 : 6)...40 where head + tail + 7 < candidate.length {
                let wanted = candidate.length - head - tail
                let fitting = looked.count { start in
                    bytes.u8(at: start + head) >> 5 == 0 && Int(bytes.u16(at: start + head + 4)) + 7 == wanted
                }
                if fitting * 10 >= looked.count * 9 { return Zone(head: head, tail: tail) }
            }
        }
        return nil
    }
}
