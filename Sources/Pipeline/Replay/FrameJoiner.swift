internal import Bytes
internal import CCSDS
internal import Transport

/// Knows the frames that are made while they are sent: holds together what belongs to one, since between the segments of a connection
/// those of others come, and a stream has no border between them; and takes off what stands in front of it.
struct FrameJoiner {
    private let carried: [ReplayOptions.Source.Carried]
    private var shapes: [Shape?] = []
    /// What waits for its rest, by flows.
    private var parts: [UInt32: ByteBuffer] = [:]

    /// The frames of a flow.
    struct Shape {
        /// Octets with what stands in front, and of that.
        let octets: Int, front: Int
        /// What stands in front of it over streams where its framing is not wanted: the marker that it has, or the usual one.
        let marker: [UInt8]
        /// Whether they come in segments.
        let isStream: Bool
    }

    /// - Parameter carried: what each interface carries.
    init(_ carried: [ReplayOptions.Source.Carried]) { self.carried = carried }

    /// The frames of a flow; nil where it has none. `key` is asked for once a flow.
    mutating func shape(ofFlow flow: UInt32, _ key: (Int) -> FlowKey) -> Shape? {
        while shapes.count <= Int(flow) { shapes.append(shape(key(shapes.count))) }
        return shapes[Int(flow)]
    }

    private func shape(_ key: FlowKey) -> Shape? {
        guard Int(key.interface) < carried.count, case .frames(let layout, _, let octets) = carried[Int(key.interface)]
        else { return nil }
        return Shape(
            octets: octets, front: octets - layout.length,
            marker: layout.marker.isEmpty ? FrameLayout.syncMarker : layout.marker, isStream: key.kind == .tcp)
    }

    /// Takes what came of a flow, and gives the frames that are whole now, with what stands in front of them.
    mutating func take(_ octets: RawSpan, of flow: UInt32, _ shape: Shape, _ give: (RawSpan) -> Void) {
        guard shape.isStream, octets.byteCount != shape.octets || parts[flow] != nil else { return give(octets) }
        let part = parts[flow] ?? ByteBuffer(capacity: shape.octets)
        part.append(octets)
        while part.count >= shape.octets {
            give(part.bytes.extracting(0..<shape.octets))
            part.removeFirst(shape.octets)
        }
        parts[flow] = part.count > 0 ? part : nil
    }
}
