internal import Bytes
internal import CCSDS
internal import Records
internal import Transport

/// What the packets of an archive's member are, and where what decodes them stands in front of it: so much that the member
/// can be passed, or be read without those in front of it, with the same packets as in a full reading.
///
/// `Specs/archive.md` has the layout.
struct MemberSummary: Equatable {
    /// A flow that is not known yet: its payloads have to be looked at to be known.
    struct Unknown: Equatable {
        /// Where they come from.
        var key: FlowKey
        /// The layers around it, as the transport keeps them.
        var layers: UInt64
        /// As in ``Source``.
        var isIrregular = false
    }

    /// One channel of one flow.
    struct Source: Equatable {
        /// Where its packets come from.
        var key: FlowKey
        /// The layers around it, as the transport keeps them.
        var layers: UInt64
        /// Whether its packets can only be told by who reads all of the flow: streams, and messages in parts.
        var isWhole = false
        /// Whether segments of its stream came in another order than they were sent, so that packets of the other direction
        /// tell what became of them.
        var isIrregular = false
        /// How many members in front of this one hold beginnings of its packets.
        var back = 0
        /// The channel, and where it stands in front of the member; nil where packets travel without frames.
        var channel: ChannelStanding?
        /// The packets that end in the member.
        var kinds: [Kind] = []
    }

    /// Packets of one APID, or messages of one type.
    struct Kind: Equatable {
        /// Whether they are messages; then ``CountStanding/apid`` is the number of their type.
        var isMessage = false
        /// Where their count stands in front of the member.
        var standing: CountStanding
        /// How many they are.
        var packets: Int
        /// The terminals that stand in messages, as far as they are told.
        var numbers: [Numbers] = []
    }

    /// The numbers of terminals in one parameter of messages, all of them.
    struct Numbers: Equatable {
        /// The parameter, as ``TerminalNumbers/parameters`` numbers them.
        var parameter: UInt8
        /// The numbers, or what stands for texts.
        var numbers: [UInt64]
    }

    /// Whether it has blocks that begin sections or interfaces, so that it is read by everyone.
    var hasInterfaces = false
    /// Flows with payloads in the member whose verdict was not there yet.
    var unknown: [Unknown] = []
    /// How many members in front of this one hold fragments of those.
    var back = 0
    var sources: [Source] = []

    /// What recognition and decoding do changes now and then, and with it what a summary tells: those of another number are
    /// not used.
    static var edition: UInt8 { 3 }
}

extension MemberSummary.Kind {
    /// A packet like them.
    var unit: Unit {
        var marks = Unit.Marks(rawValue: standing.kind)
        if isMessage { marks.insert(.message) }
        return Unit(
            extent: .empty, time: .unknown, packet: 0, offset: 0, flow: 0, channel: 0, apid: standing.apid,
            sequence: 0, segment: 3, marks: marks)
    }
}
