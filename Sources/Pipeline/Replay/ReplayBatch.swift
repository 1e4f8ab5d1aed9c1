internal import Bytes

/// Packets that are to be sent, in order: their octets one behind the other, and for each where it ends, when it was captured
/// and where it goes.
final class ReplayBatch {
    let octets = ByteBuffer(capacity: 1 << 16)
    let ends = Lane<Int>()
    let times = Lane<Int64>()
    /// When they are due: room for who keeps time.
    let dues = Lane<Int64>()
    /// Indexes into the targets of the replay.
    let targets = Lane<UInt8>()
    /// Whether the first packet is that of another input, or of the same once more.
    var beginsInput = false

    /// So many packets, or octets, are handed on at once.
    private static let most = (packets: 512, octets: 1 << 20)

    var count: Int { ends.count }
    var isFull: Bool { ends.count >= Self.most.packets || octets.count >= Self.most.octets }

    /// Adds a packet whose octets are added already.
    func end(_ time: CaptureTime, _ target: UInt8) {
        ends.append(octets.count)
        times.append(time.nanoseconds)
        targets.append(target)
    }

    func removeAll() {
        octets.removeAll()
        ends.removeAll()
        times.removeAll()
        targets.removeAll()
        beginsInput = false
    }
}
