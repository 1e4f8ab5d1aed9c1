import Bytes
import Foundation
import Plot
import Records
import Support
import Testing

/// Points from values a second apart.
func points(_ values: [Double]) -> PlotPoints {
    var points = PlotPoints()
    for (index, value) in values.enumerated() { points.add(PlotPoint(x: Int64(index) * 1_000_000_000, value: value)) }
    return points
}

/// 2026-03-01T04:00:00Z.
let morning: Int64 = 1_772_337_600_000_000_000

/// Two voltages that share a panel, one with limits that it leaves; a mode; a counter with a gap.
func sample(_ change: (inout PlotOptions) -> Void = { _ in }) -> Figure {
    var voltage = PlotPoints()
    var bus = PlotPoints()
    var mode = PlotPoints()
    var count = PlotPoints()
    for second in 0..<600 {
        let x = morning + Int64(second) * 1_000_000_000
        let wave = sin(Double(second) / 60)
        let value = 28 + wave * 3
        let state: LimitState = value < 25.5 ? .critical : value < 26 ? .warning : .nominal
        voltage.add(PlotPoint(x: x, value: value, state: state))
        bus.add(PlotPoint(x: x, value: 27.5 + wave))
        mode.add(PlotPoint(x: x, value: second < 200 ? 0 : second < 400 ? 2 : 1, state: .nominal))
        if (300..<360).contains(second) { continue }
        count.add(PlotPoint(x: x, value: Double(second * second)), gapBefore: second == 450)
    }
    var options = PlotOptions()
    options.title = "pass.pcapng"
    change(&options)
    return Figure(
        [
            PlotSeries(
                name: "eps.battery_voltage", unit: "V",
                limits: [
                    LimitRange(level: .warning, minimum: 26, maximum: .infinity),
                    LimitRange(level: .critical, minimum: 25.5, maximum: 33),
                ], points: voltage),
            PlotSeries(name: "eps.bus_voltage", unit: "V", points: bus),
            PlotSeries(name: "obc.mode", labels: ["IDLE", "NEVER", "DOWNLINK"], points: mode),
            PlotSeries(name: "obc.count", points: count),
        ], axis: .time, options)
}

/// The text that a closure writes.
func text(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return String(decoding: buffer.bytes.copied(), as: UTF8.self)
}

/// Compares text with the one that is kept in `Tests/Goldens/plot`; `UPDATE_GOLDENS=1` writes it anew.
func expectGolden(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = projectFolder.appendingPathComponent("Tests/Goldens/plot/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        return try Data(text.utf8).write(to: file)
    }
    let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(kept == text, "\(name) is another than is kept", sourceLocation: sourceLocation)
}
