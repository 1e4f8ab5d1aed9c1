internal import Bytes
internal import Glibc

/// The blocks of an archive as one stream: members are unpacked by all processors, those that nobody wants are passed,
/// and one that is damaged costs itself alone.
///
/// Where members are left out a mark says with which one the stream goes on; ``CaptureReader`` takes its place from that
/// member's header. The mark is a block of 20 octets, least significant first: type, 20, the member's index, why, 20.
@safe
final class ArchiveSource: OctetSource {
    let index: ArchiveIndex
    private let file: Int32
    private let choice: MemberChoice
    private let crew = Crew()
    private var unpackers: [MemberUnpacker] = []
    /// Members that were unpacked together, and how far they were handed on.
    private var ready: [Ready] = []
    private var readyAt = 0
    private var given = 0
    /// What goes out in front of the next member's blocks.
    private var mark: [UInt8] = []
    private var next = 0
    /// The member that would follow what was handed on; another one needs a mark.
    private var expected = 0
    /// Whether the mark of the member in hand went out.
    private var isMarked = false
    private var why: Jump = .passed
    /// Behind the last whole member: as much of a torn one as can be unpacked.
    private var tail: GzipSource?
    private(set) var ending: OctetEnding?
    private(set) var taken: UInt64 = 0
    private(set) var members = 0

    /// A member that was unpacked.
    private struct Ready {
        let entry: Int
        /// Whether nothing but what stands in front of its packets is wanted.
        let isHead: Bool
        /// Nil where it is damaged.
        var blocks: ByteBuffer?
    }

    /// Why the stream does not go on where it was; where it does, a mark only tells that a member begins.
    struct Jump: OptionSet {
        let rawValue: UInt32
        /// Members that nobody wanted.
        static let passed = Jump(rawValue: 4)
        /// Members that are damaged.
        static let damaged = Jump(rawValue: 1)
        /// Here begins what was another archive, with sections and interfaces of its own.
        static let joined = Jump(rawValue: 2)
    }

    static var markType: UInt32 { 0x8053_4C4A }
    static var markSize: Int { 20 }

    /// - Parameters:
    ///   - file: a descriptor of its own, closed in the end.
    ///   - choice: which members are to be read.
    init(_ index: ArchiveIndex, file: Int32, _ choice: MemberChoice = .all) {
        self.index = index
        self.file = file
        self.choice = choice
    }

    deinit { close(file) }

    func read(into out: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < out.count, ending == nil {
            if given < mark.count {
                let count = min(out.count - filled, mark.count - given)
                unsafe out[filled...].copyBytes(from: mark[given..<given + count])
                given += count
                filled += count
                if given == mark.count { (mark, given) = ([], 0) }
                continue
            }
            if let tail {
                let got = unsafe tail.read(into: UnsafeMutableRawBufferPointer(rebasing: out[filled...]))
                filled += got
                if got == 0 { ending = tail.ending ?? .complete }
                continue
            }
            if readyAt < ready.count {
                filled += unsafe hand(UnsafeMutableRawBufferPointer(rebasing: out[filled...]))
            } else if !unpack() {
                finish()
            }
        }
        return filled
    }

    /// Hands on blocks of the member in hand.
    private func hand(_ out: UnsafeMutableRawBufferPointer) -> Int {
        let entry = ready[readyAt].entry
        guard let blocks = ready[readyAt].blocks else {
            // Damaged: the next one needs a mark.
            readyAt += 1
            why = .damaged
            return 0
        }
        let isJoint = index.joints.contains(entry)
        let isNext = entry == expected && follows(entry)
        if given == 0, !isMarked, !isNext || isJoint || choice.marksMembers {
            var why: Jump = isNext ? [] : follows(entry) ? why : .damaged
            if isJoint { why.insert(.joined) }
            mark = Self.mark(entry, why)
            (isMarked, self.why) = (true, .passed)
            return 0
        }
        let bytes = blocks.bytes
        let count = min(out.count, bytes.byteCount - given)
        unsafe bytes.withUnsafeBytes {
            unsafe out.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[given..<given + count]))
        }
        given += count
        if given == bytes.byteCount {
            (given, isMarked) = (0, false)
            // Behind what is in front of its packets another member needs a mark.
            expected = ready[readyAt].isHead ? -1 : entry + 1
            readyAt += 1
            members += 1
            taken = index.entries[entry].end
        }
        return count
    }

    /// Whether a member begins where the one in front of it in the file ends, or something was lost between the two.
    private func follows(_ entry: Int) -> Bool {
        let before = entry > 0 ? index.entries[entry - 1].member : nil
        let end = before.map { $0.rawOffset &+ UInt64($0.rawSize) } ?? 0
        return index.entries[entry].member.rawOffset == end
    }

    private static func mark(_ entry: Int, _ why: Jump) -> [UInt8] {
        let words = [markType, UInt32(markSize), UInt32(truncatingIfNeeded: entry), why.rawValue, UInt32(markSize)]
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
    }

    /// Unpacks the next members that are wanted; false when there are no more.
    private func unpack() -> Bool {
        ready.removeAll(keepingCapacity: true)
        (readyAt, given) = (0, 0)
        var whole = 0
        while whole < crew.size, ready.count < 16, next < index.entries.count {
            let member = index.entries[next].member
            // Behind the last whole member a torn one may hold what is wanted, and is read on behind it.
            let leadsToTorn = index.tornOctets > 0 && next == index.entries.count - 1
            let readsAll = leadsToTorn || !index.joints.isEmpty
            let share = readsAll ? .everything : choice.share(next, member)
            if share != .nothing { ready.append(Ready(entry: next, isHead: share == .whatTellsTheSection)) }
            if share == .everything { whole += 1 }
            next += 1
        }
        guard !ready.isEmpty else { return false }
        while unpackers.count < ready.count { unpackers.append(MemberUnpacker()) }
        let (wanted, unpackers) = (ready, unpackers)
        crew.run(wanted.count) { number in
            let (entry, unpacker) = (index.entries[wanted[number].entry], unpackers[number])
            if wanted[number].isHead, unpacker.unpackHead(entry, file: file) { return }
            try? unpacker.unpack(entry, file: file)
        }
        for place in ready.indices where unpackers[place].blocks.count > 0 {
            ready[place].blocks = unpackers[place].blocks
        }
        return true
    }

    /// Behind the last member: what is damaged or torn there.
    private func finish() {
        let count = index.entries.count
        if expected != count, why.contains(.damaged) {
            expected = count
            mark = Self.mark(count, .damaged)
            return
        }
        guard index.tornOctets > 0, expected == count else {
            ending = .complete
            taken = index.size
            return
        }
        _ = lseek(file, Int(index.end), SEEK_SET)
        tail = GzipSource(DescriptorSource(descriptor: dup(file), closes: true))
        taken = index.size
    }
}
