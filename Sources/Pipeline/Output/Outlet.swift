public import Bytes

/// Where the octets of a sink go: a file, standard output, a peer.
public protocol Outlet: AnyObject {
    /// How a person knows it.
    var name: String { get }
    /// True when a person looks at it.
    var isTerminal: Bool { get }
    /// Writes octets, which are what `cut` says. After a failure none of them counts as written.
    func write(_ octets: RawSpan, _ cut: Cut) throws(OutputFile.Failure)
    /// Writes what it keeps for long enough: called when nothing has come for a while.
    func flush() throws(OutputFile.Failure)
    /// Tries to make it fit for writing again, after a failure.
    func reopen() throws(OutputFile.Failure)
    /// Ends it: what was written is in its place.
    func close() throws(OutputFile.Failure)
}

/// How octets are made of records: a peer that takes datagrams gets one for each.
public enum Cut {
    /// They belong together: a head, or a file's blocks that hold so many records.
    case whole(records: Int)
    /// So many lines.
    case lines(Int)
    /// Records that end there.
    case ends([Int])

    /// How many records.
    public var count: Int {
        switch self {
        case .whole(let records), .lines(let records): records
        case .ends(let ends): ends.count
        }
    }

    /// Where the record ends that begins at an index, or around it.
    func end(ofRecordAt start: Int, in octets: [UInt8]) -> Int {
        switch self {
        case .whole: return octets.count
        case .lines: return octets[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? octets.count
        case .ends(let ends):
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] > start { high = middle } else { low = middle + 1 }
            }
            return low < ends.count ? ends[low] : octets.count
        }
    }
}

extension Outlet {
    /// Most keep nothing.
    public func flush() throws(OutputFile.Failure) {}

    /// Writes all octets of a buffer and empties it.
    public func write(
        _ buffer: inout TextBuffer, _ cut: Cut = .whole(records: 0)
    ) throws(OutputFile.Failure) {
        try write(buffer.bytes, cut)
        buffer.removeAll()
    }

    /// Writes all octets of a buffer and empties it.
    public func write(_ buffer: ByteBuffer, _ cut: Cut = .whole(records: 0)) throws(OutputFile.Failure) {
        try write(buffer.bytes, cut)
        buffer.removeAll()
    }
}
