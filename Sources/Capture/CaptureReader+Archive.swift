internal import Bytes
internal import Glibc

extension DescriptorSource {
    /// The archive that a regular file is; nil where it is none. Nothing is taken from the source.
    func archive(_ choice: MemberChoice) -> ArchiveSource? {
        guard let file = duplicate() else { return nil }
        guard let index = try? ArchiveIndex(descriptor: file) else {
            close(file)
            return nil
        }
        return ArchiveSource(index, file: file, choice)
    }
}

/// Where the packets of an archive are that come next.
public struct MemberPlace: Sendable, Equatable {
    /// The member, by its place in the index.
    public let entry: Int
    /// How often members in front of it were passed that nobody wanted.
    public let jumps: Int
}

/// What an archive leaves out, see ``ArchiveSource``.
extension CaptureReader {
    /// Which mission databases packets were archived under.
    public var definitions: [ArchiveIndex.Definitions] { archive?.definitions ?? [] }

    /// An archive whose first members are passed: the section is told by the mark in front.
    func startArchive() {
        stored.format = CaptureFormat(.pcapng)
        stored.format.version = CaptureFormat.Version(major: 1, minor: 0)
        state = .blocks
    }

    /// Goes on with the member that a mark tells; false when the mark has not all come yet.
    func jump(_ ledger: inout Ledger) -> Bool {
        let input = input
        guard input.count >= ArchiveSource.markSize, let archive else { return false }
        let entry = Int(input.bytes.u32le(at: 8))
        let why = ArchiveSource.Jump(rawValue: input.bytes.u32le(at: 12))
        let member = archive.entries.indices.contains(entry) ? archive.entries[entry].member : nil
        let place = member?.rawOffset ?? archive.rawOctets
        let packets = member?.packetsBefore ?? archive.packets
        if why.contains(.damaged) {
            let octets = Int(clamping: place &- min(place, input.offset))
            let count = Int(clamping: packets &- min(packets, stored.packets))
            note(
                Words.archiveMember, at: input.offset, found: "members with \(count) packets that cannot be unpacked",
                advice: "the members around them were read")
            ledger.bytes += octets
            ledger.reject(
                .capture, Words.archiveMember, count: count, bytes: octets, packet: stored.packets + 1,
                offset: input.offset)
        }
        let jumps = (self.member?.jumps ?? 0) + (why.contains(.passed) ? 1 : 0)
        self.member = MemberPlace(entry: entry, jumps: jumps)
        if why.contains(.joined) { stored.joint = (stored.sections, stored.interfaces.count) }
        input.jump(over: ArchiveSource.markSize, to: place)
        stored.packets = packets
        if !why.isEmpty { take(member?.section) }
        return true
    }

    /// Takes the place of a section in its middle.
    private func take(_ section: ArchiveMember.Section?) {
        stored.section.clocks = []
        guard var section else { return }
        section.number += stored.joint.sections
        section.firstInterface += stored.joint.interfaces
        stored.sections = section.number + 1
        stored.section.isBig = section.isBig
        stored.format.order = section.isBig ? .big : .little
        stored.section.isUnknown = false
        stored.section.firstInterface = section.firstInterface
        // Interfaces of sections that were passed are not known.
        while stored.interfaces.count < section.firstInterface {
            stored.interfaces.append(Interface(linkType: LinkType(rawValue: .max)))
        }
        for (number, interface) in section.interfaces.enumerated() {
            let place = section.firstInterface + number
            if place == stored.interfaces.count { stored.interfaces.append(interface) }
            stored.section.clocks.append(InterfaceClock(interface))
        }
    }
}
