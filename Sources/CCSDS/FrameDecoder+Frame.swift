internal import Bytes
internal import Transport
internal import Records

extension FrameDecoder {
    /// Virtual channels that one flow may have: more are not kept, so that a hostile input cannot ask for memory.
    private static var mostChannels: Int { 512 }

    /// The number of a virtual channel, spacecraft id included, from the first two octets of a frame; nil when they say
    /// another version.
    @inline(__always)
    func key(of word: UInt16) -> Int? {
        switch layout.kind {
        case .tm: word >> 14 == 0 ? Int(word >> 1 & 0x1FFF) : nil
        case .aos: word >> 14 == 1 ? Int(word & 0x3FFF) : nil
        }
    }

    @inline(__always)
    func spacecraft(of key: Int) -> Int { layout.kind == .tm ? key >> 3 : key >> 6 }

    /// Takes one frame, which stands whole in the window at `start`. False when it was rejected.
    func take(
        _ window: RawSpan, at start: Int, place: Place, units: inout Batch<Unit>, ledger: inout Ledger
    ) -> Bool {
        let length = layout.length
        let frame = window.slice(at: start, count: length)
        func reject(_ reason: StaticString) -> Bool {
            ledger.reject(.frame, reason, bytes: length, packet: place.packet, offset: place.offset(of: start))
            return false
        }
        if layout.hasFECF {
            guard CRC16.of(frame) == 0 else {
                wrong += 1
                return reject("frame error control is wrong")
            }
            valid += 1
        }
        var identifiers = frame.u16(at: 0)
        var signalling = frame.u8(at: 5)
        if layout.headerErrorControl, layout.kind == .aos {
            guard
                let header = HeaderErrorControl.correct(
                    identifiers: identifiers, signalling: signalling, field: frame.u16(at: 6))
            else { return reject("frame header error control is wrong") }
            if header.errors > 0 { correctedCount += 1 }
            identifiers = header.identifiers
            signalling = header.signalling
        }
        guard let key = key(of: identifiers), takes[spacecraft(of: key)] else {
            strayCount += 1
            return reject("other spacecraft or version")
        }
        guard let fields = fields(of: frame) else { return reject("header and trailer are longer than the frame") }
        guard let channel = channel(key) else { return reject("too many virtual channels") }

        let order: VirtualChannel.Order
        if layout.kind == .tm {
            order = channel.order(of: UInt32(frame.u8(at: 3)), .tm, frame: frame, at: place.time)
        } else if signalling & 0x40 != 0 {
            let count = UInt32(signalling & 0x0F) << 24 | frame.u24(at: 2)
            order = channel.order(of: count, .aosWithCycle, frame: frame, at: place.time)
        } else {
            order = channel.order(of: frame.u24(at: 2), .aos, frame: frame, at: place.time)
        }
        if keepsFrames {
            ledger.decoded += length
            units.append(
                Unit(
                    extent: Extent(frame), time: place.time, packet: place.packet, offset: place.offset(of: start),
                    flow: place.flow, channel: channel.index, apid: 0, sequence: 0, segment: 3, marks: []))
            return true
        }
        if order == .repeated {
            ledger.overhead += length
            return true
        }
        if let control = fields.control {
            channel.seen.controlWords += 1
            channel.seen.controlWord = frame.u32(at: control)
        }
        ledger.overhead += length - (fields.end - fields.start)
        read(window, start, fields, channel, order, place, &units, &ledger)
        if let dropped = channel.dropped {
            channel.dropped = nil
            dropCount += 1
            if drops.count == 64 { drops.removeFirst() }
            drops.append(dropped)
        }
        return true
    }

    /// Where the fields of a frame stand.
    struct Fields {
        /// The data field: behind headers and insert zone, before operational control and error control.
        var start: Int
        var end: Int
        /// The operational control field.
        var control: Int?
        /// The synchronization flag of a TM frame: its data are no packets.
        var isVCA = false
    }

    private func fields(of frame: RawSpan) -> Fields? {
        var fields = Fields(start: 6, end: layout.length - (layout.hasFECF ? 2 : 0))
        let hasControl: Bool
        switch layout.kind {
        case .tm:
            let status = frame.u8(at: 4)
            hasControl = frame.u8(at: 1) & 1 != 0
            fields.isVCA = status & 0x40 != 0
            if status & 0x80 != 0 {
                fields.start += layout.secondaryHeader ?? 1 + Int(frame.u8(at: 6) & 0x3F)
            }
        case .aos:
            hasControl = layout.ocf
            fields.start += (layout.headerErrorControl ? 2 : 0) + layout.insertZone
        }
        if hasControl {
            fields.end -= 4
            fields.control = fields.end
        }
        return fields.start < fields.end ? fields : nil
    }

    func channel(_ key: Int) -> VirtualChannel? {
        let known = channelTable[key]
        if known != .max { return virtualChannels[Int(known)] }
        guard virtualChannels.count < Self.mostChannels else { return nil }
        let vcid = layout.kind == .tm ? key & 7 : key & 63
        let fresh = VirtualChannel(
            spacecraft: spacecraft(of: key), vcid: vcid, index: virtualChannels.count, layout: layout)
        channelTable[key] = UInt16(virtualChannels.count)
        virtualChannels.append(fresh)
        return fresh
    }

    /// Hands the data field on by what it holds.
    private func read(
        _ window: RawSpan, _ start: Int, _ fields: Fields, _ channel: VirtualChannel, _ order: VirtualChannel.Order,
        _ place: Place, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let offset = start + fields.start
        let count = fields.end - fields.start
        switch channel.zone {
        case .packets where layout.kind == .tm:
            if fields.isVCA { return channel.opaque(count, &ledger) }
            let pointer = Int(window.u16(at: start + 4) & 0x7FF)
            channel.extract(
                DataField(offset: offset, count: count, pointer: pointer), of: window, order: order, arena: arena,
                place: place, units: &units, ledger: &ledger)
        case .packets:
            if channel.isIdle, count < 2 { return channel.idle(count, &ledger) }
            guard count > 2 else { return channel.reject("no room for a packet zone", offset, count, place, &ledger) }
            ledger.overhead += 2
            channel.extract(
                DataField(offset: offset + 2, count: count - 2, pointer: Int(window.u16(at: offset) & 0x7FF)),
                of: window,
                order: order, arena: arena, place: place, units: &units, ledger: &ledger)
        case .onePacket(let at):
            channel.onePacket(
                window, from: offset, at: start + at, to: start + fields.end, order: order, place: place, units: &units,
                ledger: &ledger)
        case .bitstream:
            channel.bitstream(window, from: offset, count: count, place, &ledger)
        case .opaque:
            let isOnlyIdle =
                layout.kind == .tm && !fields.isVCA && window.u16(at: start + 4) & 0x7FF == UInt16(DataField.onlyIdle)
            if isOnlyIdle || channel.isIdle { return channel.idle(count, &ledger) }
            channel.opaque(count, &ledger)
        }
    }
}
