public import CCSDS
public import Transport

extension Simulation {
    /// How the frames of each interface are laid out, with what stands in front of them, what cuts datagrams and streams that
    /// a layout alone does not, and how many octets each has with what stands in front; nil where there are none, but messages of
    /// terminals.
    public var layouts: [(frames: FrameLayout, framing: StreamFraming?, octets: Int)?] {
        var layouts: [(frames: FrameLayout, framing: StreamFraming?, octets: Int)?] = []
        for tap in network.taps where tap.interface != nil {
            guard var layout = craft[tap.spacecraft].vehicle.telemetry?.layout else { continue }
            let octets = tap.front.count + layout.length
            switch scenario.transport.framing {
            case .marker(let marker, _):
                layout.marker = marker
                layouts.append((layout, nil, octets))
            case .length(let field): layouts.append((layout, .length(field), octets))
            case .fixed, nil: layouts.append((layout, nil, octets))
            }
        }
        return layouts + interfaces.dropFirst(layouts.count).map { _ in nil }
    }
}
