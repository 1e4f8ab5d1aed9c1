public import Bytes
public import Capture
internal import Records

/// What an archive holds, by the headers of its members, as JSON.
public struct ArchiveReport {
    private let file: String
    private let index: ArchiveIndex

    /// A report of an archive, by its name.
    public init(_ file: String, _ index: ArchiveIndex) { (self.file, self.index) = (file, index) }

    /// Adds the report as one JSON object on one line, line feed included. Keys are described in the manual.
    ///
    /// - Parameter listsMembers: whether each member is in it.
    public func write(json out: inout TextBuffer, listsMembers: Bool = false) {
        let times = index.entries.map(\.member).filter { $0.earliest <= $0.latest }
        out.append("{")
        out.member("file", file)
        out.member("size", index.size)
        out.member("packets", index.packets)
        out.member("bytes", index.rawOctets)
        out.member("members", index.entries.count)
        out.member("first", time(times.map(\.earliest).min()), digits: 9)
        out.member("last", time(times.map(\.latest).max()), digits: 9)
        out.member("indexed", index.isIndexed)
        out.member("definitions", index.definitions) { defined, out in
            out.append("{")
            out.member("packet", defined.packet)
            out.member("databases", defined.databases) { database, out in
                out.append("{")
                out.member("name", database.name)
                out.member("file", database.file)
                out.member("sha256", database.digits)
                out.append("}")
            }
            out.append("}")
        }
        out.member("damage", index.gaps) { gap, out in
            out.append("{")
            out.member("offset", gap.range.lowerBound)
            out.member("bytes", UInt64(gap.range.count))
            out.member("what", gap.words)
            out.append("}")
        }
        out.member("torn")
        if let tail = index.tail {
            out.append("{")
            out.member("offset", index.end)
            out.member("bytes", index.tornOctets)
            out.member("packet", index.packets)
            out.member("what", tail)
            out.append("}")
        } else {
            out.append("null")
        }
        if listsMembers { out.member("list", index.entries) { write($0, &$1) } }
        out.append("}\n")
    }

    private func write(_ entry: ArchiveIndex.Entry, _ out: inout TextBuffer) {
        let member = entry.member
        let hasTimes = member.earliest <= member.latest
        out.append("{")
        out.member("offset", entry.offset)
        out.member("size", UInt64(member.size))
        out.member("bytes", UInt64(member.rawSize))
        out.member("place", member.rawOffset)
        out.member("packets", UInt64(member.packets))
        out.member("before", member.packetsBefore)
        out.member("first", time(hasTimes ? member.earliest : nil), digits: 9)
        out.member("last", time(hasTimes ? member.latest : nil), digits: 9)
        out.member("section")
        if let section = member.section {
            out.append("{")
            out.member("number", section.number)
            out.member("interfaces", section.interfaces) { interface, out in
                out.append("{")
                out.member("link", interface.linkType.name)
                out.member("linktype", UInt64(interface.linkType.rawValue))
                out.member("snaplen", UInt64(interface.snapLength))
                out.member("digits", interface.timeDigits)
                out.append("}")
            }
            out.append("}")
        } else {
            out.append("null")
        }
        out.append("}")
    }

    private func time(_ nanoseconds: Int64?) -> CaptureTime {
        nanoseconds.map { CaptureTime(nanoseconds: $0) } ?? .unknown
    }
}
