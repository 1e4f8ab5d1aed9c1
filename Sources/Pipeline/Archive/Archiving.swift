public import Bytes
public import Capture

/// Writes what sources bring into an archive: what `archive` does.
public final class Archiving {
    /// How an archive is written.
    public struct Options: Sendable {
        /// 0 (none) to 12 (smallest); nil is the fastest that costs hardly more octets than the usual one.
        public var level: Int?
        /// Octets of a member before compression, about.
        public var memberSize = ArchiveWriter.usualMemberSize
        /// Of what is live, after so many nanoseconds everything that came is in the file.
        public var flushInterval: Int64 = 1_000_000_000
        /// Whether it is then on the disk, too.
        public var syncs = false

        /// What measurement favours.
        public init() {}
    }

    /// A source that no archive can hold, in words.
    public struct Refusal: Error, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
    }

    private let file: OutputFile
    private let writer: ArchiveWriter
    private let options: Options
    private var flushed = SteadyClock.now()

    /// An archive that goes into a file: a new one, or one behind whose members it goes on.
    public init(
        into file: OutputFile, _ options: Options = Options(), behind archive: ArchiveReading? = nil
    ) throws(ArchiveReading.Damage) {
        self.file = file
        self.options = options
        if let archive {
            writer = try ArchiveWriter(behind: archive, level: options.level, memberSize: options.memberSize)
        } else {
            writer = ArchiveWriter(level: options.level, memberSize: options.memberSize)
        }
    }

    /// Says which mission databases explain what is archived, where the archive does not say so.
    public func define(_ databases: [DatabaseIdentity]) throws(Refusal) {
        guard writer.define(databases) else {
            throw Refusal(description: DatabaseIdentity.tooMany(databases))
        }
    }

    /// How many packets were written, into how many members.
    public var packets: UInt64 { writer.packets }
    /// How many members were finished.
    public var members: Int { writer.members }
    /// Octets before compression, and behind it.
    public var octets: (raw: UInt64, packed: UInt64) { (writer.rawOctets, writer.octets) }

    /// Reads a source to its end.
    ///
    /// - Parameter progress: called now and then; false ends the reading, and what was read is written.
    /// - Returns: where the octets went: those of packets are kept.
    public func run(_ source: any PacketSource, progress: (ReadProgress) -> Bool = { _ in true }) throws -> Ledger {
        guard source.format.kind != .bareStream else {
            throw Refusal(
                description: "it is no capture, so it has no packets that an archive could hold; "
                    + "'starlane decode' with '--payload packet -o NAME.pcapng' makes a capture of what is in it")
        }
        // A member ends with a batch, so a batch is not to be larger than a member.
        var batch = Batch<Packet>(capacity: min(512, max(1, options.memberSize / 256)))
        var ledger = Ledger()
        writer.begin(source)
        let summariser = Summariser(firstInterface: writer.firstInterface)
        writer.summarise = { summariser.summary()?.octets ?? [] }
        var isRunning = true
        while isRunning, source.next(into: &batch, ledger: &ledger) {
            isRunning = progress(ReadProgress(source)) || source.end()
            ledger.leave("kept", count: batch.count, bytes: batch.octets)
            summariser.look(batch, interfaces: source.interfaces)
            do { try writer.append(batch, source) } catch { throw Refusal(description: error.description) }
            if source.isLive, SteadyClock.now() - flushed >= options.flushInterval {
                flushed = SteadyClock.now()
                writer.flush()
                try file.write(members: writer.buffer)
                if options.syncs { try file.sync() }
            }
            if writer.buffer.count > 1 << 20 { try file.write(members: writer.buffer) }
        }
        source.close(into: &ledger)
        writer.end()
        try file.write(members: writer.buffer)
        return ledger
    }

    /// Writes what is left, and of a file that can be read again the closing index.
    public func finish() throws(OutputFile.Failure) {
        writer.flush()
        try file.write(members: writer.buffer)
        try file.finishArchive()
        if options.syncs { try file.sync() }
    }
}
