import Bytes
import Capture
import Foundation
import Mission
import Pipeline
import Plot
import Records
import Support
import Testing

struct PlottingTests {
    /// What is drawn of a fixture.
    private struct Drawn {
        let series: [PlotSeries]
        let plotting: Plotting
        let ledger: Ledger
    }

    private func plot(_ names: [String], _ fields: [String], time: String? = nil) throws -> Drawn {
        var options = Plotting.Options(fields: fields)
        options.time = time
        let plotting = try Plotting(try DecodedFile.shipped(), options)
        var ledger = Ledger()
        for name in names {
            let path = fixture(name).path
            ledger = plotting.run(try CaptureReader.open(path), known: Prescan.run(path: path))
        }
        return Drawn(series: try plotting.finish(), plotting: plotting, ledger: ledger)
    }

    /// All points of a series with few of them.
    private func points(_ series: PlotSeries) -> [PlotPoint] {
        var points = series.points
        return Trace(&points, range: 0...1 << 62, columns: 1 << 62).runs.flatMap { $0 }
    }

    private func refusal(_ fields: [String], time: String? = nil, _ name: String = "songjiang-packets.pcap") -> String {
        do {
            _ = try plot([name], fields, time: time)
            return ""
        } catch { return "\(error)" }
    }

    @Test(
        "each value of a parameter is a point at the time of its capture",
        arguments: ["eps_battery_voltage", "eps_bus_voltage"])
    func values(_ field: String) throws {
        let drawn = try plot(["songjiang-packets.pcap"], [field])
        #expect(drawn.ledger.isBalanced && drawn.ledger.rejections.isEmpty)
        #expect(drawn.plotting.axis == .time)
        let expected = try DecodeFixtureTests.expected("songjiang-packets.pcap").filter {
            $0["parameters"]?[field] != nil
        }
        let series = try #require(drawn.series.first)
        #expect(drawn.series.count == 1 && series.name == field && series.unit == "V" && series.labels.isEmpty)
        #expect(series.points.count == expected.count && expected.count > 5)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for (point, packet) in zip(points(series), expected) {
            let value = try #require(packet["parameters"]?[field]?.double)
            #expect(abs(point.value - value) < 1e-12)
            let time = try style.parse(try #require(packet["captured"]?.text)).timeIntervalSince1970
            #expect(abs(Double(point.x) / 1e9 - time) < 0.001)
        }
    }

    @Test("limits that hold for every packet come with the series, and the states of its values")
    func limits() throws {
        let drawn = try plot(["songjiang-pass.pcapng"], ["eps_battery_voltage", "obc_mode"])
        let battery = try #require(drawn.series.first)
        #expect(battery.limits.map(\.level) == [.critical, .distress, .warning, .watch])
        #expect(battery.limits.allSatisfy { !$0.isInside && $0.minimum < 28 && $0.maximum > 28 })
        for point in points(battery) {
            let state = battery.limits.filter { $0.alarms(point.value) }.map(\.level).max() ?? .nominal
            #expect(point.state == state, "\(point)")
        }
        let mode = drawn.series[1]
        #expect(mode.limits.isEmpty && mode.labels.contains("LOW_POWER"))
        let low = try #require(mode.labels.firstIndex(of: "LOW_POWER"))
        #expect(points(mode).allSatisfy { ($0.value == Double(low)) == ($0.state == .warning) })
    }

    @Test("a line breaks where packets are missing, and nowhere in a file without losses")
    func gaps() throws {
        func gaps(_ name: String) throws -> Int {
            try plot([name], ["SRC_SEQ_CTR", "eps_battery_voltage"]).series.reduce(0) { sum, series in
                var points = series.points
                return sum + Trace(&points, range: 0...1 << 62, columns: 1 << 62).gaps.count
            }
        }
        #expect(try gaps("songjiang.frames") == 0)
        #expect(try gaps("songjiang-frame-lost.frames") > 0)
    }

    @Test("where captures tell no time packets are counted, and a time of the packets goes before")
    func times() throws {
        let counted = try plot(["songjiang.frames"], ["eps_battery_voltage"])
        #expect(counted.plotting.axis == .packets)
        let places = counted.series.flatMap { points($0) }.map(\.x)
        #expect(places.first ?? 0 >= 1 && zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
        let timed = try plot(["songjiang.frames"], ["eps_battery_voltage"], time: "packet_time")
        #expect(timed.plotting.axis == .time)
        let dates = timed.series.flatMap { points($0) }.map { $0.x / 86_400_000_000_000 }
        #expect(Set(dates) == [20_527])
        #expect(dates.count == places.count)
    }

    @Test("several files are one picture, and parameters of one name are told apart")
    func several() throws {
        let one = try plot(["songjiang-packets.pcap"], ["eps_battery_voltage"]).series[0].points.count
        let both = try plot(["songjiang-packets.pcap", "songjiang-packets.pcap"], ["eps_battery_voltage"])
        #expect(both.series.count == 1 && both.series[0].points.count == 2 * one)
        let counters = try plot(["songjiang-pass.pcapng"], ["SRC_SEQ_CTR"]).series
        #expect(Set(counters.map(\.name)).isSuperset(of: ["songjiang.SRC_SEQ_CTR", "g60.SRC_SEQ_CTR"]))
        #expect(Set(counters.map(\.name)).count == counters.count)
    }

    @Test("positions of terminals are drawn, a series a link")
    func messages() throws {
        let drawn = try plot(["terminals.pcapng"], ["speed"])
        #expect(!drawn.series.isEmpty && drawn.series.allSatisfy { !$0.points.isEmpty })
        #expect(Set(drawn.series.map(\.name)).count == drawn.series.count)
    }

    // MARK: Refusals

    @Test("what cannot be drawn is refused with what was found and what is allowed")
    func refusals() {
        #expect(
            refusal(["eps_battery_voltag"]).hasPrefix(
                "no parameter and no file is called 'eps_battery_voltag'; near it are eps_battery_voltage"))
        #expect(refusal(["packet_time"]).contains("is a time: numbers, enumerations and booleans can be drawn; --time"))
        #expect(refusal(["mmp_data"]).contains("'mmp_data' is octets"))
        #expect(refusal(["eps_battery_voltage"], time: "obc_mode").contains("is an enumeration and no time"))
        #expect(refusal(["eps_battery_voltage"], time: "nothing_of_the_kind").contains("no parameter and no file"))
    }

    @Test("a parameter without a value is named: alone it is refused, beside others it is told")
    func nothing() throws {
        #expect(
            refusal(["eps_battery_voltage"], "g60.packets").hasPrefix(
                "'eps_battery_voltage' has no value in what was read"))
        let drawn = try plot(["songjiang-packets.pcap"], ["eps_battery_voltage", "aocs_roll_error"])
        #expect(drawn.plotting.empty == ["aocs_roll_error"])
        #expect(drawn.series.count == 1)
    }
}
