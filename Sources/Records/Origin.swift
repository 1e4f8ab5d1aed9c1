package import Bytes

/// Where packets come from, by one channel of one flow: what sinks say of it and filters ask for.
package struct Origin: Sendable {
    /// The flow's name.
    package var flow = ""
    /// The number of its capture among those of a run.
    package fileprivate(set) var capture = 0
    /// The layers around its payloads by Wireshark's names, outermost first.
    package var layers: [String] = []
    /// The sender's address: 4 octets, 16, or none.
    package var source: [UInt8] = []
    /// The receiver's address.
    package var destination: [UInt8] = []
    /// The sender's port; nil where there are none.
    package var sourcePort: UInt16?
    /// The receiver's port.
    package var destinationPort: UInt16?
    /// The interface, as the capture numbers them.
    package var interface = 0
    /// The interface's name; nil where the capture does not tell.
    package var interfaceName: String?
    /// The spacecraft that frames name.
    package var spacecraft: Int?
    /// The virtual channel of the frames.
    package var vcid: Int?
    /// Decimals of a second that its times carry.
    package var timeDigits = 6

    /// An origin with nothing but a name.
    package init(flow: String = "") { self.flow = flow }
}

extension Unit {
    /// What tells the origins of one capture apart: flow and channel.
    @inlinable public var originKey: UInt64 { UInt64(flow) &<< 32 | UInt64(channel) }
}

/// The origins that were met, of all captures.
package final class OriginList {
    fileprivate(set) var origins: [Origin] = []

    /// No origins.
    package init() {}
}

/// The origins of the capture at hand among those that were met, of all captures one behind the other: those of a batch
/// are entered before the batch is filtered and written.
package final class RecordContext {
    private let list: OriginList
    /// The number of the capture at hand.
    package let capture: Int
    private var indexes: [UInt64: Int] = [:]

    /// All origins, by index.
    package var origins: [Origin] { list.origins }

    /// A context that enters what it meets in a list, which several captures may share.
    ///
    /// - Parameter capture: the number of the capture, which its origins get.
    package init(_ list: OriginList = OriginList(), capture: Int = 0) {
        self.list = list
        self.capture = capture
    }

    /// Begins a capture: its flows are others, whatever their numbers.
    package func beginCapture() { indexes.removeAll() }

    /// Enters the origins that a batch brings with it.
    package func add(_ found: [(key: UInt64, origin: Origin)]) {
        for (key, origin) in found {
            indexes[key] = list.origins.count
            var origin = origin
            origin.capture = capture
            list.origins.append(origin)
        }
    }

    /// Finds the origins of a whole batch: for each packet an index into ``origins``.
    package func find(_ units: borrowing Batch<Unit>, into found: Lane<Int32>) {
        found.resize(to: units.count, filler: 0)
        let records = units.records
        var cells = found.writable
        var (key, index): (UInt64?, Int32) = (nil, 0)
        for place in records.indices {
            // A flow's packets mostly come together.
            if records[place].originKey != key {
                key = records[place].originKey
                index = Int32(truncatingIfNeeded: indexes[records[place].originKey] ?? 0)
            }
            cells[place] = index
        }
    }

    /// Finds origins in a loop, or on another thread; true until the next batch.
    package var cursor: OriginCursor { OriginCursor(indexes) }
}

/// Finds the origins of packets one behind the other: a flow's packets mostly come together.
package struct OriginCursor {
    @usableFromInline let indexes: [UInt64: Int]
    @usableFromInline var lastKey: UInt64?
    @usableFromInline var lastIndex = 0

    init(_ indexes: [UInt64: Int]) { self.indexes = indexes }

    /// The index of a packet's origin in the context.
    @inlinable
    package mutating func index(of unit: Unit) -> Int {
        let key = unit.originKey
        if key != lastKey { (lastKey, lastIndex) = (key, indexes[key] ?? 0) }
        return lastIndex
    }
}
