internal import Bytes
public import Capture

/// Makes an archive of a pcapng that a sink writes: what is called `NAME.pcapng.gz` is one.
///
/// Members are packed when there is enough for one, or when a second has passed, so that what is live is soon in the file.
public final class ArchiveOutlet: Outlet {
    private let file: OutputFile
    private let packer: BlockPacker
    private let blocks = ByteBuffer(capacity: 1 << 20)
    private var packed = SteadyClock.now()

    /// Whether the name of a file says that it is to be an archive.
    public static func isMeant(by path: String) -> Bool { path.lowercased().hasSuffix(".pcapng.gz") }

    /// A file, or the archive that its name says it is to be.
    ///
    /// - Parameters:
    ///   - databases: which mission databases the archive names.
    ///   - isGrowing: whether it is to be read while it is written.
    ///   - level: how hard an archive is compressed, 0 to 12.
    public static func open(
        _ path: String, _ databases: @autoclosure () -> [DatabaseIdentity], isGrowing: Bool = false,
        level: Int = ArchiveWriter.usualLevel
    ) throws(OutputFile.Failure) -> any Outlet {
        let file = try OutputFile(path: path, isGrowing: isGrowing)
        return isMeant(by: path) ? try ArchiveOutlet(file, databases(), level: level) : file
    }

    /// An archive that goes into a file.
    init(_ file: OutputFile, _ databases: [DatabaseIdentity], level: Int) throws(OutputFile.Failure) {
        self.file = file
        packer = BlockPacker(level: level)
        guard packer.define(databases) else {
            throw OutputFile.Failure(isBrokenPipe: false, description: DatabaseIdentity.tooMany(databases))
        }
        let summaries = CopySummaries()
        packer.summarise = { summaries.summary($0, $1) }
    }

    /// How a person knows it.
    public var name: String { file.name }
    /// Nobody looks at what is packed.
    public var isTerminal: Bool { false }

    /// Takes whole blocks; those before them are written first when it is their time, and a failure is theirs.
    public func write(_ octets: RawSpan, _ cut: Cut) throws(OutputFile.Failure) {
        if blocks.count >= ArchiveWriter.usualMemberSize || SteadyClock.now() - packed >= 1_000_000_000 { try pack() }
        if packer.buffer.count > 0 { try file.write(members: packer.buffer) }
        blocks.append(octets)
    }

    /// Packs what came more than a second ago.
    public func flush() throws(OutputFile.Failure) {
        if blocks.count > 0, SteadyClock.now() - packed >= 1_000_000_000 { try pack() }
        if packer.buffer.count > 0 { try file.write(members: packer.buffer) }
    }

    private func pack() throws(OutputFile.Failure) {
        packed = SteadyClock.now()
        let (packer, blocks) = (packer, blocks)
        packer.pack(blocks.bytes)
        blocks.removeAll()
        try file.write(members: packer.buffer)
    }

    /// A file needs nothing.
    public func reopen() {}

    /// Ends the archive, and puts it in its place.
    public func close() throws(OutputFile.Failure) {
        try pack()
        try file.finishArchive()
        try file.close()
    }
}
