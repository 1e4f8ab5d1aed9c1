public import Bytes
public import Capture
internal import Glibc

/// Puts captures together by time, into the blocks of one pcapng section: a source of octets that is archived like any
/// other capture. What several stations heard goes in once.
///
/// Packets come in the order of their captures, the earliest of those that are next first, as mergecap has them; one
/// without a time comes at once.
public final class Merging {
    /// How captures are merged.
    public struct Options: Sendable {
        /// Whether copies stay.
        public var keepsDuplicates = false
        /// Copies of a frame are received within so many nanoseconds.
        public var window: Int64 = 2_000_000_000

        /// Copies go.
        public init() {}
    }

    /// Why captures cannot be merged.
    public struct Refusal: Error, CustomStringConvertible {
        /// The capture, and what is wrong with it.
        public let description: String
    }

    private final class Input {
        let blocks: SourceBlocks
        let carried: CarriedFrames?
        var part: BlockJoiner.Part
        /// The next packet of the batch.
        var next = 0
        var isThere = true

        init(_ reader: CaptureReader, _ part: BlockJoiner.Part, _ known: Known?) {
            blocks = SourceBlocks(reader)
            carried = known.map { CarriedFrames($0) }
            self.part = part
        }
    }

    private let inputs: [Input]
    private let joiner: BlockJoiner
    private let held: HeldPackets?
    private var given = 0
    private let progress: (ReadProgress) -> Bool
    /// How the source ended; nil while it goes on.
    public private(set) var ending: OctetEnding?
    /// Octets handed on.
    public private(set) var taken: UInt64 = 0
    /// What is made here is not packed.
    public var members: Int { 0 }
    /// Why not everything was read; nil when all is well.
    public private(set) var refusal: Refusal?

    /// Captures to be merged; all of each is read once before to find out what its flows carry, unless duplicates stay.
    ///
    /// - Parameters:
    ///   - files: their names.
    ///   - told: what the user says that a capture carries.
    ///   - only: the one interface of the one capture that is wanted; nil for all.
    ///   - progress: called now and then; false ends the reading.
    public init(
        _ files: [String], _ options: Options = Options(), told: (String) -> ToldLayout? = { _ in nil },
        only: Int? = nil, progress: @escaping (ReadProgress) -> Bool = { _ in true }
    ) throws {
        self.progress = progress
        var inputs: [Input] = []
        for file in files {
            guard Prescan.isFile(file) else { throw Refusal(description: "\(file) is no file, and it is read twice") }
            let reader = try CaptureReader.open(file)
            guard reader.format.kind != .bareStream else {
                throw Refusal(
                    description: "\(file) is no capture, so it has no packets that could be merged by their time")
            }
            let known =
                options.keepsDuplicates
                ? nil : Prescan.run(try CaptureReader.open(file), told: told(file), isWhole: true)
            inputs.append(Input(reader, BlockJoiner.Part(name: Self.station(file), only: only), known))
        }
        self.inputs = inputs
        let names = files.map { Self.station($0) }
        let words = options.keepsDuplicates ? "merged with copies: " : JoinedStations.mark
        joiner = BlockJoiner(comment: files.count > 1 ? words + names.joined(separator: ", ") : nil)
        held = options.keepsDuplicates ? nil : HeldPackets(window: options.window)
        for input in inputs { advance(input) }
    }

    /// What a file's station is called: its name without endings.
    private static func station(_ file: String) -> String {
        let name = file.split(separator: "/").last.map { String($0) } ?? file
        let base = name.prefix { $0 != "." }
        return base.isEmpty ? name : String(base)
    }

    /// How the interfaces are known to people, as far as read.
    public var names: [String] { joiner.names }
    /// The mission databases that packets of any capture were archived under.
    public var databases: [DatabaseIdentity] {
        inputs.flatMap { $0.blocks.reader.definitions }.flatMap(\.databases).unique
    }
    /// Where the octets of each capture went.
    public var ledgers: [(name: String, ledger: Ledger)] { inputs.map { ($0.blocks.reader.name, $0.blocks.ledger) } }
    /// What a person should read of each capture.
    public var problems: [String] {
        inputs.flatMap { input in
            let reader = input.blocks.reader
            let left =
                input.blocks.isRewritten
                ? ["it is big-endian: comments, names and blocks other than packets and interfaces are left out"] : []
            return (reader.problems.map(\.description) + left).map { "\(reader.name): \($0)" }
        }
    }
    /// What was dropped, and what was kept though it looks like a copy.
    public var copies: MergedCopies? { held?.copies }

    /// Brings the next packet of a capture to the front, and hands on the blocks in front of it.
    private func advance(_ input: Input) {
        while input.next >= input.blocks.packets.count {
            guard input.isThere else { return }
            input.isThere = progress(ReadProgress(input.blocks.reader)) && input.blocks.next()
            if let reason = input.blocks.refusal {
                refusal = Refusal(description: "\(input.blocks.reader.name): \(reason)")
                input.isThere = false
                return
            }
            input.next = 0
            let blocks = input.blocks
            if blocks.packets.isEmpty {
                if blocks.blocks.count > 0 { others(input, blocks.front[0]..<blocks.blocks[0]) }
            } else {
                input.carried?.look(into: blocks.packets, blocks.reader.interfaces)
                others(input, blocks.front[0]..<blocks.blocks[0])
            }
        }
    }

    private func others(_ input: Input, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let buffer = input.blocks.buffer
        joiner.append(others: buffer.bytes.slice(at: range.lowerBound, count: range.count), of: &input.part)
    }

    /// Hands on the earliest of the packets that are next; false when there are no more.
    private func step() -> Bool {
        var earliest: Input?
        var time = Int64.max
        for input in inputs where input.next < input.blocks.packets.count {
            let own = input.blocks.packets[input.next].time.nanoseconds
            if earliest == nil || own < time { (earliest, time) = (input, own) }
        }
        guard let input = earliest else { return false }
        let (blocks, index) = (input.blocks, input.next)
        let packet = blocks.packets[index]
        let buffer = blocks.buffer
        let block = buffer.bytes.slice(at: blocks.blocks[index], count: blocks.front[index + 1] - blocks.blocks[index])
        if let interface = joiner.append(packet: block, packet, of: input.part), let held, let carried = input.carried {
            held.take(joiner.buffer, packet.time, interface, carried.carried[index], carried.contents)
        }
        input.next += 1
        others(input, blocks.front[input.next]..<blocks.blocks[input.next])
        if input.next == blocks.packets.count { advance(input) }
        return true
    }
}

extension Merging: OctetSource {
    /// Hands on the section.
    public func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let out = held?.out ?? joiner.buffer
        out.removeFirst(given)
        given = 0
        while out.count < room.count, ending == nil {
            held?.pass(joiner.buffer)
            if step() { continue }
            held?.pass(joiner.buffer)
            held?.finish()
            ending = .complete
        }
        let count = min(room.count, out.count)
        let bytes = out.bytes
        unsafe bytes.withUnsafeBytes {
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        given = count
        taken += UInt64(count)
        return count
    }

    /// The section as a capture, to be read like any other.
    public func open() -> CaptureReader {
        CaptureReader(name: "the merged captures", source: self, pieceSize: 1 << 20, unthreaded: .max)
    }
}
