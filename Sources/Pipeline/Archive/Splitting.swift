internal import Bytes
public import Capture

/// Cuts an archive into several: members are copied whole, and only one that a cut goes through is compressed anew.
public final class Splitting {
    /// Where it is cut.
    public enum Cut: Sendable {
        /// Parts have at most so many octets, as long as a member has no more.
        case size(UInt64)
        /// Parts have so many packets.
        case packets(Int)
        /// A part has the packets of so many nanoseconds, from its first packet on.
        case interval(Int64)
    }

    /// Why an archive is not cut.
    public struct Refusal: Error, CustomStringConvertible {
        /// What is wrong with it, what to do.
        public let description: String

        static let damaged = Refusal(
            description: "it is damaged: 'starlane archive repair' makes an archive of what can be read of it")
    }

    /// A part.
    public struct Part: Sendable {
        /// Its file.
        public let name: String
        /// How many packets it has.
        public let packets: UInt64
    }

    private let archive: ArchiveReading
    private let name: (Int) -> String
    private let copier: MemberCopier
    private var file: OutputFile?
    /// The parts that are finished.
    public private(set) var parts: [Part] = []

    /// - Parameter name: the file of each part, from 1 on.
    public init(_ archive: ArchiveReading, name: @escaping (Int) -> String) throws {
        let index = archive.index
        guard index.gaps.isEmpty, index.tail == nil else {
            throw Refusal.damaged
        }
        self.archive = archive
        self.name = name
        copier = MemberCopier(archive)
        summarise()
    }

    /// What members say of their packets is true behind those in front of them, of which a part has only some.
    private func summarise() {
        let summaries = CopySummaries()
        copier.summarise = { summaries.summary($0, $1) }
    }

    /// Cuts it, until `progress` says false.
    ///
    /// - Parameter progress: gets how many octets of the archive were read.
    public func run(_ cut: Cut, progress: (UInt64) -> Bool = { _ in true }) throws {
        var end: Int64?
        for (number, entry) in archive.index.entries.enumerated() {
            guard progress(entry.offset) else { break }
            let times = try copier.look(number)
            switch cut {
            case .size(let most):
                if copier.packets > 0, copier.octets + UInt64(entry.member.size) > most { try endPart() }
                try copy(times.count, of: times.count, 0)
            case .packets(let most):
                var done = 0
                repeat {
                    if copier.packets >= UInt64(most) { try endPart() }
                    let count = min(most - Int(copier.packets), times.count - done)
                    try copy(count, of: times.count, done)
                    done += count
                } while done < times.count
            case .interval(let length):
                var done = 0
                repeat {
                    if end == nil { end = times[done...].first { $0 != .min }.map { Self.sum($0, length) } }
                    let next = times[done...].firstIndex { $0 != .min && $0 >= end ?? .max } ?? times.count
                    if next > done || times.isEmpty { try copy(next - done, of: times.count, done) }
                    done = next
                    guard done < times.count, let over = end else { continue }
                    try endPart()
                    // Where nothing came for long there are no empty parts.
                    let passed = (times[done] &- over) / length
                    end = Self.sum(over, Self.sum(passed &* length, length))
                } while done < times.count
            }
        }
        try endPart()
    }

    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    private func copy(_ count: Int, of all: Int, _ done: Int) throws {
        if count == all { try copier.copy() } else { copier.copy(packets: count) }
        if copier.buffer.count > 1 << 20 { try open().write(members: copier.buffer) }
    }

    private func open() throws -> OutputFile {
        if let file { return file }
        let fresh = try OutputFile(path: name(parts.count + 1), from: 0)
        file = fresh
        return fresh
    }

    private func endPart() throws {
        if copier.buffer.count > 0 { try open().write(members: copier.buffer) }
        guard let file else { return }
        try file.finishArchive()
        try file.close()
        parts.append(Part(name: file.name, packets: copier.packets))
        self.file = nil
        copier.beginPart()
        summarise()
    }
}
