import Bytes
import Pipeline
import Simulator
import Records

/// Passes of satellites over stations, the earliest first.
struct PassReport {
    /// One pass, and of what over what it is.
    struct Row {
        /// Its place in the list.
        let satellite: Int
        let station: GroundStation
        let pass: Pass
    }

    let satellites: [Satellite]
    private(set) var rows: [Row] = []
    /// What was searched, in nanoseconds since 1970-01-01.
    let from, until: Int64

    /// A report on a time without passes yet.
    init(_ satellites: [Satellite], from: Int64, until: Int64) {
        (self.satellites, self.from, self.until) = (satellites, from, until)
    }

    /// Adds the passes of a satellite over a station.
    mutating func add(_ passes: [Pass], of satellite: Int, over station: GroundStation) {
        rows += passes.map { Row(satellite: satellite, station: station, pass: $0) }
    }

    /// Brings all passes into the order of their times.
    mutating func sort() { rows.sort { ($0.pass.rise.time, $0.pass.set.time) < ($1.pass.rise.time, $1.pass.set.time) } }
}

/// How a time reads.
enum PassTime {
    /// ISO 8601 in UTC with so many decimals of a second, 0 to 3, rounded: `2026-03-15T02:30:00Z`.
    static func utc(_ time: Int64, digits: Int = 0) -> String {
        let step: Int64 = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000][digits]
        var out = TextBuffer(capacity: 64)
        let half = time + step / 2
        // Of times before 1970 what is left is negative.
        let left = half % step
        out.append(CaptureTime(nanoseconds: half - (left < 0 ? left + step : left)), digits: digits)
        let bytes = out.bytes
        return String(decoding: bytes.copied(), as: UTF8.self)
    }

    /// The date and the time of day: `2026-03-15 02:30:00`.
    static func date(_ time: Int64) -> String { String(utc(time).map { $0 == "T" ? " " : $0 }.dropLast()) }

    /// The time of day: `02:30:00`.
    static func clock(_ time: Int64) -> String { String(date(time).dropFirst(11)) }

    /// The time of day on the same day as another time; where it is half a day later or more, days and hours as `+1 02:30`.
    static func clock(_ time: Int64, since start: Int64) -> String {
        guard time - start >= 43_200_000_000_000 else { return clock(time) }
        func day(_ time: Int64) -> Int64 { Int64((Double(time) / 86_400e9).rounded(.down)) }
        return "+\(day(time) - day(start)) " + clock(time).prefix(5)
    }

    /// An azimuth in whole degrees, 0 to 359.
    static func degrees(_ azimuth: Double) -> Int { Int(azimuth.rounded()) % 360 }

    /// How long, in minutes and seconds, or hours and minutes: `9:47`, `11 h 05`.
    static func span(_ nanoseconds: Int64) -> String {
        let seconds = (nanoseconds + 500_000_000) / 1_000_000_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return seconds < 3600
            ? "\(seconds / 60):\(two(seconds % 60))" : "\(seconds / 3600) h \(two(seconds % 3600 / 60))"
    }
}
