internal import Bytes
internal import Faults

/// Packets that are to be sent, in order: their octets one behind the other, and for each where it ends, when it was captured,
/// where it comes from and where it goes.
final class ReplayBatch {
    let octets = ByteBuffer(capacity: 1 << 16)
    let ends = Lane<Int>()
    let times = Lane<Int64>()
    /// The numbers of the captured packets that completed them.
    let numbers = Lane<UInt64>()
    /// When they are due: room for who keeps time.
    let dues = Lane<Int64>()
    /// Indexes into the targets of the replay.
    let targets = Lane<UInt8>()
    /// Where they stood: only where they are broken on purpose.
    let origins = Lane<Origin>()
    /// What was broken of them, and how many of them were sent.
    let log = FaultLog()
    var sent = 0
    /// Whether the first packet is that of another input, or of the same once more.
    var beginsInput = false
    /// Whether the next one may go on with what came in the same captured packet.
    var endsInside = false
    /// Which of the inputs it is, and of how many rounds before.
    var file = 0, pass = 0

    /// Where the octets of a packet come from, for the truth of what is broken.
    struct Origin: BitwiseCopyable {
        /// Where the first of them stands in the uncompressed input.
        var offset: UInt64 = 0
        /// The flow or interface.
        var owner: UInt32 = 0
        /// How many octets are put in front of them.
        var lead: UInt32 = 0
    }

    /// So many packets, or octets, are handed on at once.
    private static let most = (packets: 512, octets: 1 << 20)

    var count: Int { ends.count }
    var isFull: Bool { ends.count >= Self.most.packets || octets.count >= Self.most.octets }

    /// Adds a packet whose octets are added already.
    func end(_ time: CaptureTime, _ number: UInt64, _ target: UInt8) {
        ends.append(octets.count)
        times.append(time.nanoseconds)
        numbers.append(number)
        targets.append(target)
    }

    func removeAll() {
        octets.removeAll()
        ends.removeAll()
        times.removeAll()
        numbers.removeAll()
        targets.removeAll()
        origins.removeAll()
        log.removeAll()
        sent = 0
        (beginsInput, endsInside) = (false, false)
    }

    /// Where a packet comes from.
    func place(_ index: Int) -> ReplayTurn.Place { ReplayTurn.Place(pass: pass, file: file, packet: numbers[index]) }

    /// The number of the captured packet up to which all has left when so many packets of it have; 0 where that is not known.
    func left(_ sent: Int) -> UInt64 {
        guard sent > 0 else { return 0 }
        let number = numbers[sent - 1]
        let goesOn = sent < count ? numbers[sent] == number : endsInside
        return goesOn && number > 0 ? number - 1 : number
    }

    /// Whether any packet has a time.
    var hasTimes: Bool {
        for index in 0..<count where CaptureTime(nanoseconds: times[index]).isKnown { return true }
        return false
    }

    /// Reckons when its packets from one on are due.
    func reckon(_ schedule: inout Schedule, from first: Int) {
        dues.resize(to: first, filler: 0)
        var start = first == 0 ? 0 : ends[first - 1]
        for index in first..<count {
            dues.append(schedule.due(CaptureTime(nanoseconds: times[index]), octets: ends[index] - start))
            start = ends[index]
        }
    }
}
