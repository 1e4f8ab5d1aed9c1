/// A link that packets of a capture came over: what an interface description block says, or the header of a classic file.
public struct Interface: Sendable, Equatable {
    /// How packets of the link begin.
    public var linkType: LinkType
    /// Captured lengths do not exceed this; 0 = no limit.
    public var snapLength: UInt32
    /// How the capture counts time on this link, as the file writes it (`if_tsresol`): 6 = microseconds, 9 = nanoseconds,
    /// with the top bit set a power of two.
    public var resolution: UInt8
    /// Seconds to add to every time of this link (`if_tsoffset`).
    public var timeOffset: Int64
    /// `if_name`, where the file gives one.
    public var name: String?
    /// `if_description`, where the file gives one.
    public var description: String?
    /// Octets of frame check sequence at the end of each packet, where the file says (`if_fcslen`, or the upper bits of a
    /// classic file's link type).
    public var checkLength: Int?
    /// Which section of the file it belongs to, from 0 on.
    public var section: Int

    /// An interface of a link type, everything else as a classic file has it.
    public init(linkType: LinkType, snapLength: UInt32 = 0, resolution: UInt8 = 6) {
        self.linkType = linkType
        self.snapLength = snapLength
        self.resolution = resolution
        timeOffset = 0
        section = 0
    }

    /// How many decimals of a second its times carry: 6 for microseconds; binary resolutions as the decimals they need, at most 9.
    public var timeDigits: Int {
        if resolution & 0x80 == 0 { return Int(min(resolution, 9)) }
        // n bits of a second tell apart steps of 2^-n, about 10^(-0.301 n).
        return min(9, (Int(resolution & 0x7F) * 3 + 9) / 10)
    }
}
