internal import CCSDS
internal import Settings

/// What a vehicle sends, and in which frames: the parts `frames` and `telemetry` of its file.
public struct TelemetryPlan: Sendable {
    /// How often packets of one type are made.
    struct Stream: Sendable {
        let channel: Int
        let type: String
        /// Packets a second.
        let rate: Double
        /// Where the type stands in the file, for errors.
        let mark: SettingsMark
    }

    /// How its frames are laid out; all of them carry packets.
    let layout: FrameLayout
    let spacecraft: Int
    /// Bits a second on the link, frames with their markers.
    let bitRate: Double
    let streams: [Stream]
    /// Nanoseconds that packets wait for their frame to be full.
    let hold: Int64
    /// The state of its behaviour that counts telecommand frames, which control words report.
    let clcw: (state: String, mark: SettingsMark)?
    /// Where packets are kept while nobody hears, and the channel in which they are sent then.
    let recorder: (channel: Int, capacity: Int)?

    /// Octets of a frame at the most: pointers to the first header in one reach no further (132.0-B-3, 4.1.2.7.6; 732.0-B-4, 4.1.4.2.3).
    private static let longest = 2048

    private static let frameKeys = [
        "kind", "spacecraft", "length", "fecf", "ocf", "insert", "header-error-control", "bit-rate", "clcw",
        "hold",
    ]

    private enum Kind: String, CaseIterable { case tm, aos }

    init(frames: SettingsPlace, telemetry: SettingsPlace, recorder: SettingsPlace?) throws(SettingsError) {
        var layout = FrameLayout(kind: .tm, length: 1115, hasFECF: true, ocf: true)
        var (spacecraft, bitRate): (Int?, Double) = (nil, 64_000)
        var clcw: (state: String, mark: SettingsMark)?
        var ofAOS: SettingsPlace?
        var hold: Int64 = 0
        for (key, place) in try frames.members(Self.frameKeys) {
            switch key {
            case "kind": layout.kind = try place.word(Kind.self) == .tm ? .tm : .aos
            case "spacecraft": spacecraft = try place.number(0...1023, "spacecraft ids")
            case "length": layout.length = try place.number(16...Self.longest, "octets")
            case "fecf": layout.hasFECF = try place.boolean()
            case "ocf": layout.ocf = try place.boolean()
            case "insert":
                layout.insertZone = try place.number(0...64, "octets")
                if layout.insertZone > 0 { ofAOS = place }
            case "header-error-control":
                layout.headerErrorControl = try place.boolean()
                if layout.headerErrorControl { ofAOS = place }
            case "clcw": clcw = (try place.text(), place.mark)
            case "hold": hold = try place.duration()
            default: bitRate = try place.number(100.0...1e10, "bits a second")
            }
        }
        (self.clcw, self.hold) = (clcw, hold)
        guard let spacecraft else { throw frames.failed("needs spacecraft, its id") }
        if layout.kind == .aos, spacecraft > 255 { throw frames.failed("AOS frames have spacecraft ids of 0 to 255") }
        if let ofAOS, layout.kind == .tm { throw ofAOS.failed("is of AOS frames alone; these are TM frames") }
        if let problem = layout.problem { throw frames.failed(problem) }
        (self.layout, self.spacecraft, self.bitRate) = (layout, spacecraft, bitRate)
        let most = layout.kind == .tm ? 6 : 62
        var streams: [Stream] = []
        for (name, place) in try telemetry.members() {
            guard let channel = Int(name), (0...most).contains(channel) else {
                throw place.failed("virtual channels of packets are 0 to \(most)")
            }
            for (type, rate) in try place.members() {
                let packets = try rate.number(0.0001...1e6, "packets a second")
                streams.append(Stream(channel: channel, type: type, rate: packets, mark: rate.mark))
            }
        }
        self.streams = streams
        self.recorder = try recorder.map { (place) throws(SettingsError) in try Self.recorder(place, most) }
    }

    private static func recorder(
        _ settings: SettingsPlace, _ most: Int
    ) throws(SettingsError) -> (channel: Int, capacity: Int) {
        var (channel, capacity): (Int?, Int) = (nil, 1 << 20)
        for (key, place) in try settings.members(["channel", "capacity"]) {
            switch key {
            case "channel": channel = try place.number(0...most, "virtual channels")
            default: capacity = try place.number(65_542...1 << 32, "octets")
            }
        }
        guard let channel else { throw settings.failed("needs channel, in which it is sent on a pass") }
        return (channel, capacity)
    }
}
