internal import Capture

/// How far a reading has come, in octets of the input as it lies on the disk.
public struct ReadProgress: Sendable {
    /// Octets taken.
    public let position: UInt64
    /// Octets there are; nil for a pipe.
    public let total: UInt64?
    /// Packets read.
    public let packets: UInt64
    /// What is to be known of a live source; nil for a file.
    public let live: Live?

    /// What is to be known of a live source.
    public struct Live: Sendable {
        /// Packets that the system dropped before they were read.
        public let dropped: UInt64
        /// What a person should know now.
        public let notice: String?
    }

    init(_ source: any PacketSource) {
        position = source.compressedPosition
        total = source.totalSize
        packets = source.packets
        live = source.isLive ? Live(dropped: source.dropped, notice: source.notice) : nil
    }

    /// How far several live sources have come together.
    init(_ all: [ReadProgress]) {
        position = all.reduce(0) { $0 + $1.position }
        total = nil
        packets = all.reduce(0) { $0 + $1.packets }
        let notices = all.compactMap { $0.live?.notice }
        live = Live(
            dropped: all.reduce(0) { $0 + ($1.live?.dropped ?? 0) },
            notice: notices.isEmpty ? nil : notices.joined(separator: ", "))
    }
}
