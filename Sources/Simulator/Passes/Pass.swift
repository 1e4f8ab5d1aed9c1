/// One satellite over one station, from when it comes into sight until it leaves it.
public struct Pass: Sendable, Equatable {
    /// A moment of it.
    public struct Moment: Sendable, Equatable {
        /// Nanoseconds since 1970-01-01, UTC.
        public let time: Int64
        /// How the satellite is seen then.
        public let look: LookAngles
    }

    /// When it comes up, stands highest, and goes down.
    public let rise, peak, set: Moment
    /// Whether it is up for long before the time that was asked for, and for long behind it, or from where to where its orbit is known:
    /// rise and set are the ends of that time then.
    public let isUpBefore, isUpAfter: Bool
    /// How much of the Sun the satellite sees when it stands highest.
    public let light: Sun.Light

    /// Nanoseconds.
    public var duration: Int64 { self.set.time - rise.time }
}
