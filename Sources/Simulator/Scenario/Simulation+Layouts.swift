public import CCSDS
public import Transport

extension Simulation {
    /// How the frames of each interface are laid out, with what stands in front of them, and what cuts datagrams and streams that
    /// a layout alone does not; nil where there are none, but messages of terminals.
    public var layouts: [(frames: FrameLayout, framing: StreamFraming?)?] {
        var layouts: [(frames: FrameLayout, framing: StreamFraming?)?] = []
        for tap in network.taps where tap.interface != nil {
            guard var layout = craft[tap.spacecraft].vehicle.telemetry?.layout else { continue }
            switch scenario.transport.framing {
            case .marker(let marker, _):
                layout.marker = marker
                layouts.append((layout, nil))
            case .length(let field): layouts.append((layout, .length(field)))
            case .fixed, nil: layouts.append((layout, nil))
            }
        }
        return layouts + interfaces.dropFirst(layouts.count).map { _ in nil }
    }
}
