internal import BeiDou
internal import Bytes
internal import Records
internal import CCSDS
public import Capture
internal import Glibc
internal import Transport

/// What was found out of a capture's flows.
public struct Known: Sendable {
    var verdicts: [FlowKey: Verdict] = [:]
    /// What each datagram and stream of an interface carries, by the interface's number, where that is known of all of them.
    var interfaces: [Verdict] = []
    /// Which link each flow of frames belongs to, where several stations heard one; nil where nobody looked.
    var links: [FlowKey: Int]?
    /// Which members of an archive are read; nil for all, and for other captures.
    public var slice: ArchiveSlice?

    /// Nothing.
    public init() {}
}

/// A quick first reading of a file's beginning that finds out what its flows carry, so that the real reading holds
/// nothing back and gives packets in the order of the capture.
public enum Prescan {
    /// Octets that are read at the least, and at the most, before the real reading.
    private static let bounds = (least: 1 << 20, most: 16 << 20)

    /// Reads the beginning of a file, and nothing of what can be read only once: a pipe, a device.
    public static func run(path: String, told: ToldLayout? = nil) -> Known {
        guard isFile(path) else { return Known() }
        return (try? CaptureReader.open(path)).map { run($0, told: told) } ?? Known()
    }

    /// Whether a path is that of a file, which can be read again.
    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Reads from a reader that is not used afterwards: its beginning, or all of it.
    public static func run(_ reader: CaptureReader, told: ToldLayout? = nil, isWhole: Bool = false) -> Known {
        var nothing = Known()
        nothing.links = [:]
        let engine = Engine(reader, told: told, known: nothing)
        var units = Batch<Unit>()
        while engine.next(into: &units) {
            if isWhole { continue }
            let read = reader.uncompressedBytes
            if read >= bounds.most || (read >= bounds.least && engine.isSettled) { break }
        }
        var known = Known()
        for (flow, verdict) in zip(engine.transport.flows, engine.router.verdicts) {
            if let verdict { known.verdicts[flow.key] = verdict }
        }
        known.links = reader.isMerged ? JoinedStations.links(&known.verdicts) : [:]
        return known
    }
}
