internal import Bytes
internal import Records
internal import Capture

/// What comes of captures: what a table with a column for everything has columns for.
public struct Contents: Sendable {
    /// Whether there are packets.
    private var hasPackets = false
    /// Which kinds of messages there are.
    private var messageTypes: Set<UInt16> = []

    /// Reads files to their ends and decodes no value.
    ///
    /// - Parameter progress: called now and then; false ends the reading.
    /// - Returns: nil when one of them cannot be read twice, or not at all: it may hold anything.
    public static func look(
        into paths: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) -> Contents? {
        var contents = Contents()
        for path in paths {
            guard Prescan.isFile(path), let reader = try? CaptureReader.open(path) else { return nil }
            // Packets may come in any order here: what a flow carries need not be known before.
            let engine = Engine(reader, told: told)
            var units = Batch<Unit>()
            while engine.next(into: &units) {
                if !progress(ReadProgress(reader)) { return nil }
                contents.add(units)
            }
        }
        return contents
    }

    private mutating func add(_ units: borrowing Batch<Unit>) {
        var last: UInt16?
        for index in 0..<units.count {
            let unit = units[index]
            if !unit.marks.contains(.message) {
                if !unit.marks.contains(.idle) { hasPackets = true }
            } else if unit.apid != last {
                last = unit.apid
                messageTypes.insert(unit.apid)
            }
        }
    }

    /// Whether a type is among them.
    ///
    /// - Parameters:
    ///   - index: the type's place in a decoder's `types`.
    ///   - packetTypes: how many of these, the first ones, are packets and no messages.
    func contains(_ index: Int, packetTypes: Int) -> Bool {
        index < packetTypes ? hasPackets : messageTypes.contains(UInt16(truncatingIfNeeded: index - packetTypes))
    }
}
