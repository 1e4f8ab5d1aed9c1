internal import Bytes
internal import Transport
internal import Records

/// Packets in late frames: they are put together beside those in order, as long as late frames follow one another.
extension VirtualChannel {
    /// The packet of late frames that waits for its end; as ``partial`` and its fellows.
    struct Aside {
        var partial = ByteBuffer()
        var expected = 0
        var isIdle = false
        var offset: UInt64 = 0
        var packet: UInt64 = 0
    }

    /// Turns from the packets in order to those of late frames, and back.
    func swapAside() {
        let late = aside
        aside = Aside(
            partial: partial, expected: expected, isIdle: partialIsIdle, offset: partialOffset, packet: partialPacket)
        partial = late.partial
        expected = late.expected
        partialIsIdle = late.isIdle
        partialOffset = late.offset
        partialPacket = late.packet
        isAside.toggle()
    }

    /// The counter began anew: the late frames were in order, and the packet that waits there goes on.
    func takeAside() {
        swapAside()
        isAside = false
    }

    /// The late frames do not go on: the end of their last packet has no place any more.
    func dropAside(_ ledger: inout Ledger) {
        let count = aside.partial.count
        aside.partial.removeAll()
        if aside.isIdle {
            seen.idleOctets += count
            ledger.idle += count
            return
        }
        ledger.reject(
            .packet, "part of a packet in a late frame", bytes: count, packet: aside.packet, offset: aside.offset)
    }

    /// What waits at the end, or where frames are left out, is pending.
    func leave(_ ledger: inout Ledger) {
        ledger.pending += partial.count + aside.partial.count
        partial.removeAll()
        aside.partial.removeAll()
    }
}
