import ArgumentParser
import Pipeline

/// What the user says of a capture that is not recognised.
struct LayoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Transfer frames: tm:LENGTH or aos:LENGTH, and behind commas insert=N, secondary=N, fecf, ocf, fhec, "
                + "marker[=HEX], spacecraft=N, packet=N, opaque.",
            valueName: "layout"))
    var frames: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Space packets, each behind so many foreign octets; 0 for none.", valueName: "octets"))
    var skip: Int?

    func validate() throws {
        if frames != nil && skip != nil {
            throw ValidationError("--frames and --skip say two different things: give one of them.")
        }
        if let skip, !(0...65535).contains(skip) { throw ValidationError("--skip takes 0 to 65535, not \(skip).") }
        do { _ = try parsed() } catch { throw ValidationError("--frames: \(error)") }
    }

    /// What was told; nil when nothing was.
    var told: ToldLayout? { try? parsed() }

    private func parsed() throws(ToldLayout.Mistake) -> ToldLayout? {
        if let frames { return try ToldLayout(frames: frames) }
        return skip.map(ToldLayout.init(skip:))
    }
}
