import ArgumentParser
import Faults
import Links
import Pipeline

/// What a replay came to, for people.
enum ReplayWords {
    /// What was sent, how exactly, and what was left out, in lines.
    static func lines(_ report: ReplayReport) -> [String] {
        var lines: [String] = []
        if report.sent > 0 {
            let seconds = Double(report.duration) / 1e9
            var words = "\(report.sent.grouped) packets sent, \(report.octets.grouped) octets, "
            words += "in \(seconds.rounded(3)) s"
            if seconds > 0.01 { words += ", \(Int(Double(report.sent) / seconds).grouped) packets/s" }
            lines.append(words)
        }
        let late = report.lateness
        if let median = late.quantile(0.5), let most = late.quantile(0.99) {
            lines.append(
                "lateness: median \(microseconds(median)), 99 of 100 within \(microseconds(most)), "
                    + "worst \(microseconds(late.worst))")
        }
        if let faults = report.faults {
            lines.append("broken on purpose, seed \(faults.seed): \(faults.counts.words ?? "nothing")")
        }
        for row in report.skipped.rows { lines.append("left out: \(row.packets.grouped) \(row.reason)") }
        for row in report.failed.rows { lines.append("starlane: \(row.packets.grouped) packets \(row.reason)") }
        if report.backwards > 0 {
            let count = report.backwards.grouped
            lines.append("\(count) packets have earlier times than those in front: sent right behind them")
        }
        if report.untimed > 0 {
            lines.append("\(report.untimed.grouped) packets have no times: sent right behind those in front")
        }
        for client in report.clients {
            let (packets, octets) = (client.packets.grouped, client.octets.grouped)
            var words = "client \(client.name): \(packets) packets, \(octets) octets taken"
            if client.lost > 0 { words += ", \(client.lost.grouped) packets lost, since it reads too slowly" }
            if client.hasLeft { words += "; left before the end" }
            lines.append(words)
        }
        if report.isInterrupted { lines.append("starlane: stopped; the rest was not sent") }
        return lines
    }

    /// Why nothing was sent, as far as nothing else says so.
    static func reason(_ report: ReplayReport) -> String {
        if !report.problems.isEmpty || !report.failed.rows.isEmpty { return "" }
        if report.read == 0 { return ": there is no packet" }
        return ": of \(report.read.grouped) packets none is what was asked for; 'starlane inspect' says what is there"
    }

    /// Writes the report as JSON.
    static func write(_ report: ReplayReport, to path: String) throws {
        let output = Output(try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: path) })
        output.reject()
        try output.write { report.write(json: &$0) }
        do { try output.finish() } catch let code as ExitCode where code.rawValue == 1 {}
    }

    private static func microseconds(_ nanoseconds: Int64) -> String {
        let value = Double(nanoseconds) / 1000
        return value < 100 ? "\(value.rounded(1)) us" : "\(Int(value + 0.5).grouped) us"
    }
}

extension Double {
    /// Rounded to so many digits behind the point.
    fileprivate func rounded(_ digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        return (self * scale).rounded() / scale
    }
}
