internal import Bytes

/// Copies of packets that are held back or changed: their memory is used again and again.
final class PacketSlots {
    private var octets: [ByteBuffer] = []
    private var bits: [Lane<UInt32>] = []
    private let free = Lane<Int32>()

    /// Copies a packet; gives the number of the copy.
    func copy(_ bytes: RawSpan) -> Int32 {
        let slot: Int32
        if free.count > 0 {
            slot = free[free.count - 1]
            free.resize(to: free.count - 1, filler: 0)
        } else {
            slot = Int32(octets.count)
            octets.append(ByteBuffer(capacity: bytes.byteCount))
            bits.append(Lane())
        }
        octets[Int(slot)].append(bytes)
        return slot
    }

    /// The octets of a copy.
    func octets(_ slot: Int32) -> ByteBuffer { octets[Int(slot)] }

    /// The bits of it that were turned over.
    func bits(_ slot: Int32) -> Lane<UInt32> { bits[Int(slot)] }

    /// Lets a copy go.
    func release(_ slot: Int32) {
        octets[Int(slot)].removeAll()
        bits[Int(slot)].removeAll()
        free.append(slot)
    }
}
