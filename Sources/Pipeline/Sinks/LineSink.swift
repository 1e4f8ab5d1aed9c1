internal import Bytes
internal import CCSDS
internal import Records

/// Writes packets as text, each by itself. A struct, so that nothing of it is checked at each use.
protocol LineWriter: ~Copyable {
    /// Makes ready for a batch; the origins are those met so far.
    mutating func begin(_ decoded: DecodedBatch, _ origins: [Origin])
    /// Writes one packet of the batch.
    ///
    /// - Parameters:
    ///   - octets: the packet itself.
    ///   - origin: the index of its origin in the context.
    ///   - type: the index of its type; -1 where it has none.
    ///   - row: its row in the type's table.
    func line(
        _ unit: Unit, _ octets: RawSpan, _ origin: Int, _ type: Int, _ row: Int, _ decoded: DecodedBatch,
        _ out: inout TextBuffer)
}

/// A sink that writes each packet by itself, so that the parts of a batch are written by several threads, each into a
/// text of its own; the texts go into the file in order.
final class LineSink<Writer: LineWriter & ~Copyable>: RecordSink {
    private let file: any Outlet
    /// For each type whether its packets are left out, and whether those without a type are.
    private let skips: [Bool]
    private let skipsUntyped: Bool
    private let makeWriter: () -> Writer
    private var hands: [Hand] = []
    private let crew = Crew()

    /// From so many octets of packets on a batch is written by one thread: texts of parts are kept whole.
    private static var mostShared: Int { 4 << 20 }

    /// A writer and its text.
    private final class Hand {
        /// Out while it writes.
        var writer: Writer?
        var out = TextBuffer(capacity: 1 << 18)
        /// How many packets the text holds.
        var lines = 0
        init(_ writer: consuming Writer) { self.writer = consume writer }
    }

    init(_ file: any Outlet, skips: [Bool], skipsUntyped: Bool, _ makeWriter: @escaping () -> Writer) {
        self.file = file
        self.skips = skips
        self.skipsUntyped = skipsUntyped
        self.makeWriter = makeWriter
    }

    /// What stands in front of all packets.
    func begin(_ head: (inout TextBuffer) -> Void) { head(&hand(0).out) }

    private func hand(_ index: Int) -> Hand {
        while hands.count <= index { hands.append(Hand(makeWriter())) }
        return hands[index]
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let hand = hand(0)
        hand.writer?.begin(decoded, context.origins)
        var index = 0
        while index < chosen.count {
            index = write(units, decoded, chosen, context.cursor, hand, from: index, upTo: 1 << 17)
            guard hand.out.count > 1 << 17 else { continue }
            do { try flush(hand) } catch {
                // What was not written yet is lost with it, and counted.
                let rest = count(decoded, chosen, from: index)
                try? file.write([UInt8]().octets, .lines(rest))
                throw error
            }
        }
    }

    private func count(_ decoded: DecodedBatch, _ chosen: Lane<Int32>, from first: Int) -> Int {
        var count = 0
        for place in first..<chosen.count {
            let type = Int(decoded.types[Int(chosen[place])])
            if type < 0 ? !skipsUntyped : !skips[type] { count += 1 }
        }
        return count
    }

    func write(
        _ parts: [DecodedPart], _ chosen: [Lane<Int32>], _ context: RecordContext
    ) throws(OutputFile.Failure) {
        guard parts.reduce(0, { $0 + $1.octets }) <= Self.mostShared else {
            for (part, chosen) in zip(parts, chosen) { try write(part.units, part.decoded, chosen, context) }
            return
        }
        let hands = parts.indices.map { hand($0) }
        for (hand, part) in zip(hands, parts) { hand.writer?.begin(part.decoded, context.origins) }
        let cursor = context.cursor
        crew.run(parts.count) { index in
            let part = parts[index]
            _ = write(part.units, part.decoded, chosen[index], cursor, hands[index], from: 0, upTo: .max)
        }
        try flush()
    }

    private func flush(_ hand: Hand) throws(OutputFile.Failure) {
        let lines = hand.lines
        hand.lines = 0
        try file.write(&hand.out, .lines(lines))
    }

    /// Writes chosen packets until there are none left, or the text has so many octets; gives the place of the next one.
    private func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ cursor: OriginCursor,
        _ hand: Hand, from first: Int, upTo limit: Int
    ) -> Int {
        var cursor = cursor
        let types = decoded.types
        let rows = decoded.rows
        let (skips, skipsUntyped) = (self.skips, self.skipsUntyped)
        // Locals for the loop: what belongs to an object is checked at each use.
        guard let writer = hand.writer.take() else { return chosen.count }
        var out = TextBuffer(capacity: 16)
        swap(&out, &hand.out)
        let indexes = chosen.span
        var place = first
        var lines = 0
        while place < indexes.count, out.count <= limit {
            let index = Int(indexes[place])
            let unit = units[index]
            let type = Int(types[index])
            if type < 0 ? !skipsUntyped : !skips[type] {
                writer.line(
                    unit, units.bytes(of: unit), cursor.index(of: unit), type, Int(rows[index]), decoded, &out)
                lines += 1
            }
            place += 1
        }
        swap(&out, &hand.out)
        hand.writer = consume writer
        hand.lines += lines
        return place
    }

    /// Hands on all texts, in order, also when one of them fails: then the others are counted as lost, too.
    func flush() throws(OutputFile.Failure) {
        var failure: OutputFile.Failure?
        for hand in hands where hand.out.count > 0 {
            do throws(OutputFile.Failure) { try flush(hand) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    func finish() throws(OutputFile.Failure) { try flush() }
}
