public import Bytes

/// A position that a terminal reported.
@frozen
public struct Position: BitwiseCopyable, Sendable {
    /// Whose position it is: an index into ``PositionReader/terminals``.
    public var who: UInt32
    /// The flow of the message, as the transport numbers them.
    public var flow: UInt32
    /// Degrees, north positive, -90 to 90.
    public var latitude: Double
    /// Degrees, east positive, -180 to 180.
    public var longitude: Double
    /// Metres above sea level; NaN where it is not told.
    public var height = Double.nan
    /// Kilometres an hour; NaN where it is not told.
    public var speed = Double.nan
    /// Degrees clockwise from true north, 0 to 360; NaN where it is not told.
    public var course = Double.nan
    /// The time that the message states, its date completed where there is something to complete it from; unknown where
    /// there is not.
    public var stated = CaptureTime.unknown
    /// The time of day in UTC that the message states, in nanoseconds; -1 where it states none.
    public var timeOfDay: Int64 = -1
    /// When the message was captured.
    public var captured: CaptureTime
    /// The number of the capture packet that completed the message.
    public var packet: UInt64
    /// Where the message's first octet stands in the uncompressed input.
    public var offset: UInt64
    /// What is to be known of it.
    public var flags: Flags = []

    /// A position.
    public init(
        who: UInt32 = 0, flow: UInt32 = 0, latitude: Double, longitude: Double, captured: CaptureTime = .unknown,
        packet: UInt64 = 0, offset: UInt64 = 0
    ) {
        self.who = who
        self.flow = flow
        self.latitude = latitude
        self.longitude = longitude
        self.captured = captured
        self.packet = packet
        self.offset = offset
    }

    /// What is to be known of a position.
    @frozen
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public let rawValue: UInt8
        /// Flags from their bits.
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The message says that its position is valid; without it, it says nothing of that.
        public static let valid = Flags(rawValue: 1)
        /// The message calls for help.
        public static let emergency = Flags(rawValue: 2)
        /// The date is not the message's own: it is from an earlier message of the flow, or from the capture.
        public static let dateCompleted = Flags(rawValue: 4)
    }
}
