/// TAI - UTC, in whole seconds since 1972 (IERS Bulletin C; none announced beyond 2017-01-01 as of 2026).
///
/// When a leap second is announced this table gets one more row; nothing else changes. Before 1972 the difference was
/// no whole number: the 10 s of 1972-01-01 stand for all time before, so that conversions stay reversible.
package enum LeapSeconds {
    /// From each day on (days since 1958-01-01) TAI is that many seconds ahead; in order.
    package static let steps: [(day: Int, offset: Int)] = [
        (5113, 10),  // 1972-01-01
        (5295, 11),  // 1972-07-01
        (5479, 12),  // 1973-01-01
        (5844, 13),  // 1974-01-01
        (6209, 14),  // 1975-01-01
        (6574, 15),  // 1976-01-01
        (6940, 16),  // 1977-01-01
        (7305, 17),  // 1978-01-01
        (7670, 18),  // 1979-01-01
        (8035, 19),  // 1980-01-01
        (8582, 20),  // 1981-07-01
        (8947, 21),  // 1982-07-01
        (9312, 22),  // 1983-07-01
        (10043, 23),  // 1985-07-01
        (10957, 24),  // 1988-01-01
        (11688, 25),  // 1990-01-01
        (12053, 26),  // 1991-01-01
        (12600, 27),  // 1992-07-01
        (12965, 28),  // 1993-07-01
        (13330, 29),  // 1994-07-01
        (13879, 30),  // 1996-01-01
        (14426, 31),  // 1997-07-01
        (14975, 32),  // 1999-01-01
        (17532, 33),  // 2006-01-01
        (18628, 34),  // 2009-01-01
        (19905, 35),  // 2012-07-01
        (21001, 36),  // 2015-07-01
        (21550, 37),  // 2017-01-01
    ]

    /// TAI - UTC on a day, counted from 1958-01-01.
    static func offset(onDay day: Int) -> Int {
        // Telemetry is mostly of today: look from the end.
        for step in steps.reversed() where day >= step.day { return step.offset }
        return 10
    }

    /// The UTC day and second of day of a number of TAI seconds since 1958-01-01; 86400 in a leap second.
    static func utc(ofTAI seconds: Int) -> (day: Int, second: Int) {
        var offset = 10
        for step in steps.reversed() {
            let start = step.day * 86400 + step.offset
            if seconds >= start {
                offset = step.offset
                break
            }
            // The second in front of the step is the leap second, but for the first row, which is no step.
            if seconds == start - 1, step.day != steps[0].day { return (step.day - 1, 86400) }
        }
        let utc = seconds - offset
        let day = utc >= 0 ? utc / 86400 : (utc - 86399) / 86400
        return (day, utc - day * 86400)
    }
}
