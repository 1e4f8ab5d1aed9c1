import ArgumentParser
import Links
import Pipeline
import Transport

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

    @Option(
        help: ArgumentHelp(
            "How streams are cut into packets or frames: length:N, and behind commas offset=N, adjust=N, strip=N; fixed:N; "
                + "marker:HEX or marker:HEX,N; none. An address has it as ?framing=.",
            valueName: "framing"))
    var framing: String?

    func validate() throws {
        if frames != nil && skip != nil {
            throw ValidationError("--frames and --skip say two different things: give one of them.")
        }
        if let skip, !(0...65535).contains(skip) { throw ValidationError("--skip takes 0 to 65535, not \(skip).") }
        do { _ = try parsed() } catch { throw ValidationError("--frames: \(error)") }
        do { _ = try framing.map { try StreamFraming.read($0) } } catch { throw ValidationError("--framing: \(error)") }
    }

    /// What was told of an input, which may tell its framing itself.
    func told(of input: String) -> ToldLayout? {
        let own = SourceAddress.isMeant(by: input) ? (try? SourceAddress(input))?.framing : nil
        guard let text = own ?? framing, let framing = (try? StreamFraming.read(text)) ?? nil else { return told }
        var layout = told ?? ToldLayout(framing: framing)
        layout.framing = framing
        return layout
    }

    /// What was told of contents; nil when nothing was.
    var told: ToldLayout? { try? parsed() }

    private func parsed() throws(ToldLayout.Mistake) -> ToldLayout? {
        if let frames { return try ToldLayout(frames: frames) }
        return skip.map(ToldLayout.init(skip:))
    }
}
