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

    /// Nothing.
    public init() {}

    /// Whether the whole input was looked at: no flow of it is unknown.
    var isWhole = false

    /// What the flows carry.
    public var contents: Contents {
        var found = Contents(hasPackets: !isWhole)
        for verdict in verdicts.values where verdict.isSure {
            switch verdict.carrying {
            case .messages(let dialects): found.dialects.formUnion(dialects.map(\.rawValue))
            case .frames, .packets: found.hasPackets = true
            case .unknown: break
            }
        }
        return found
    }

    /// What may come of captures.
    public struct Contents: Sendable {
        /// Whether there may be packets.
        public var hasPackets: Bool
        /// The dialects of messages, by the names that are printed.
        public var dialects: Set<String> = []

        /// Nothing, or packets.
        public init(hasPackets: Bool = false) { self.hasPackets = hasPackets }

        /// Adds what comes of another capture.
        public mutating func formUnion(_ other: Contents) {
            hasPackets = hasPackets || other.hasPackets
            dialects.formUnion(other.dialects)
        }

        /// Whether packets or messages of a type may come.
        func contains(_ type: PacketType) -> Bool { type.dialect.map { dialects.contains($0) } ?? hasPackets }
    }
}

/// A quick first reading of a file's beginning that finds out what its flows carry, so that the real reading holds
/// nothing back and gives packets in the order of the capture.
public enum Prescan {
    /// Octets that are read at the least, and at the most, before the real reading.
    private static let bounds = (least: 1 << 20, most: 16 << 20)

    /// Reads the beginning of a file, and nothing of what can be read only once: a pipe, a device.
    public static func run(path: String, told: ToldLayout? = nil) -> Known {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return Known() }
        return (try? CaptureReader.open(path)).map { run($0, told: told) } ?? Known()
    }

    /// Reads from a reader that is not used afterwards.
    public static func run(_ reader: CaptureReader, told: ToldLayout? = nil) -> Known {
        let engine = Engine(reader, told: told)
        var units = Batch<Unit>()
        while engine.next(into: &units) {
            let read = reader.uncompressedBytes
            if read >= bounds.most || (read >= bounds.least && engine.isSettled) { break }
        }
        var known = Known()
        // A bare stream is one flow, whatever comes behind its beginning.
        known.isWhole = engine.isComplete || engine.transport.flows.contains { $0.key.kind == .bareStream }
        for (flow, verdict) in zip(engine.transport.flows, engine.router.verdicts) {
            if let verdict { known.verdicts[flow.key] = verdict }
        }
        return known
    }
}
