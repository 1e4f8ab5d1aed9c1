import Bytes
import Pipeline
import Simulator
import Records

extension PassReport {
    /// Adds the passes as a line of JSON each. Times are ISO 8601 in UTC, angles degrees, ranges kilometres, rates kilometres a
    /// second, durations seconds.
    ///
    /// - Parameter carrier: the frequency whose Doppler shift is told, too; both in hertz.
    func writeJSON(into out: inout TextBuffer, carrier: Double? = nil) {
        for row in rows {
            let pass = row.pass
            out.append("{")
            satellites[row.satellite].write(to: &out)
            out.member("station", row.station.name)
            out.member("rise")
            Self.append(pass.rise, carrier, to: &out)
            out.member("peak")
            Self.append(pass.peak, carrier, to: &out)
            out.member("set")
            Self.append(pass.set, carrier, to: &out)
            out.member("duration", Self.rounded(Double(pass.duration) / 1e9, 3))
            out.member("light", pass.light.rawValue)
            if pass.isUpBefore { out.member("isUpBefore", true) }
            if pass.isUpAfter { out.member("isUpAfter", true) }
            out.append("}\n")
        }
    }

    private static func append(_ moment: Pass.Moment, _ carrier: Double?, to out: inout TextBuffer) {
        out.append("{")
        out.member("time", PassTime.utc(moment.time, digits: 3))
        out.member("azimuth", rounded(moment.look.azimuth, 4))
        out.member("elevation", rounded(moment.look.elevation, 4))
        out.member("range", rounded(moment.look.range, 3))
        out.member("rangeRate", rounded(moment.look.rangeRate, 6))
        if let carrier { out.member("doppler", rounded(moment.look.doppler(of: carrier), 1)) }
        out.append("}")
    }

    private static func rounded(_ value: Double, _ places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (value * scale).rounded() / scale
    }
}
