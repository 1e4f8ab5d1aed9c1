extension Int64 {
    /// How far it is behind another one. Nanoseconds since 1970 are too large for a Double to tell apart; distances are not.
    func distance(behind other: Int64) -> Double {
        let (distance, overflow) = subtractingReportingOverflow(other)
        return overflow ? Double(self) - Double(other) : Double(distance)
    }
}
