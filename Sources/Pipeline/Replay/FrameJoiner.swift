internal import Bytes
internal import Transport

/// Holds together what belongs to one frame: between the segments of a connection those of others come, and a stream has no border
/// between them.
struct FrameJoiner {
    private let carried: [ReplayOptions.Source.Carried]
    /// The octets of a frame with what stands in front of it, of each flow met so far; 0 of those that are not joined.
    private var sizes: [Int] = []
    /// What waits for its rest, by flows.
    private var parts: [UInt32: ByteBuffer] = [:]

    /// - Parameter carried: what each interface carries.
    init(_ carried: [ReplayOptions.Source.Carried]) { self.carried = carried }

    /// The octets of the frames of a flow; nil where they are no parts of a stream. `key` is asked for once a flow.
    private mutating func size(ofFlow flow: UInt32, _ key: (Int) -> FlowKey) -> Int? {
        while sizes.count <= Int(flow) {
            let key = key(sizes.count)
            guard key.kind == .tcp, Int(key.interface) < carried.count,
                case .frames(_, _, let octets) = carried[Int(key.interface)]
            else {
                sizes.append(0)
                continue
            }
            sizes.append(octets)
        }
        return sizes[Int(flow)] > 0 ? sizes[Int(flow)] : nil
    }

    /// Takes what came of a flow, and gives the frames that are whole now; false where it is to go on as it is.
    mutating func take(
        _ octets: RawSpan, of flow: UInt32, _ key: (Int) -> FlowKey, _ give: (RawSpan) -> Void
    ) -> Bool {
        guard let size = size(ofFlow: flow, key), octets.byteCount != size || parts[flow] != nil else { return false }
        let part = parts[flow] ?? ByteBuffer(capacity: size)
        part.append(octets)
        while part.count >= size {
            give(part.bytes.extracting(0..<size))
            part.removeFirst(size)
        }
        parts[flow] = part.count > 0 ? part : nil
        return true
    }
}
