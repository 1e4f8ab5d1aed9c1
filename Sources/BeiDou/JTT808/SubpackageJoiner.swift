internal import Bytes

/// Joins the parts of long messages (jtt808.md, Sub-packages): one message id and phone, flow numbers that count up
/// with the index, 1 to the total. Parts may come in any order and more than once.
///
/// A set of parts is known by its sender and by the flow number that its first part has, so that sets of several
/// senders, and several of one sender, are told apart. It is given up when nothing was added to it for so many
/// messages, and the one that waited longest when too many sets or octets wait; ``takeLost()`` then says which parts it
/// lacks. There is no clock.
///
/// A joined message has the header of the first part with the bit for parts cleared and without total and index; its
/// properties say the length of the body, or 1023 where it is longer.
package final class SubpackageJoiner {
    /// What became of a message.
    package enum Outcome: Equatable, Sendable {
        /// It is no part: it is whole as it stands.
        case notPart
        /// It completed a set: ``SubpackageJoiner/joined`` is the whole message.
        case joined
        /// It is kept until the others are there.
        case kept
        /// The same part was there before, or its set is joined already.
        case repeated
        /// Its index is not 1 to its total, or it is longer than all that may wait.
        case refused
    }

    /// A set that was given up.
    package struct Lost: Equatable, Sendable {
        /// The flow of the parts, as the caller numbers it.
        package let flow: UInt32
        /// The id of the message.
        package let messageID: UInt16
        /// The digits of the sender's phone, as they stand in the header.
        package let phone: [UInt8]
        /// Whether the header is that of 2019.
        package let is2019: Bool
        /// The flow number of the first part, by which 0x8003 asks for the missing ones.
        package let firstFlow: UInt16
        /// How many parts there should be.
        package let total: UInt16
        /// How many are missing.
        package let missingCount: Int
        /// The numbers of those missing, in order; the first 1,024 when there are more.
        package let missing: [UInt16]
        /// Octets of the bodies that were there.
        package let octets: Int
    }

    private struct Key: Hashable {
        let flow: UInt32
        let phoneHigh: UInt64
        let phoneLow: UInt64
        let messageID: UInt16
        let firstFlow: UInt16
        let total: UInt16
        let is2019: Bool
    }

    /// Parts that wait for others.
    private final class Parts {
        /// The header of the first part that came.
        let header: [UInt8]
        let octets = ByteBuffer()
        var places: [UInt16: (start: Int, count: Int)] = [:]
        /// The number of the message that was added last.
        var touched: UInt64

        init(header: [UInt8], touched: UInt64) {
            self.header = header
            self.touched = touched
        }

        /// Octets that it counts for, what keeps a part included: empty parts are not for nothing.
        var cost: Int { octets.count + places.count * 64 }
    }

    private let mostOpen: Int
    private let mostOctets: Int
    private let mostAge: UInt64
    private let result = ByteBuffer()
    private var open: [Key: Parts] = [:]
    private var cost = 0
    private var messages: UInt64 = 0
    /// No set is too old before this message.
    private var nextCheck: UInt64 = 0
    private var done: [Key] = []
    private var nextDone = 0
    private var lost: [Lost] = []
    private var forgottenCount = 0

    /// How many joined sets are remembered, so that a repeated part does not begin a new one.
    private static let mostDone = 64
    /// How many lost sets wait to be taken.
    private static let mostLost = 256

    /// A joiner.
    ///
    /// - Parameters:
    ///   - mostOpen: sets that may wait at a time.
    ///   - mostOctets: octets that may wait, 64 for each part included.
    ///   - mostAge: messages, of whoever, after which a set is given up when nothing was added to it.
    package init(mostOpen: Int = 64, mostOctets: Int = 1 << 22, mostAge: Int = 4096) {
        self.mostOpen = max(1, mostOpen)
        self.mostOctets = max(1, mostOctets)
        self.mostAge = UInt64(max(1, mostAge))
    }

    /// The message that was joined last; true until the next call of ``take(_:flow:)``.
    package var joined: RawSpan {
        @_lifetime(borrow self)
        // The buffer is this joiner's own, and is not changed while it is borrowed.
        get { unsafe result.extent.bytes(keptBy: self) }
    }
    /// How many sets wait.
    package var waiting: Int { open.count }
    /// Whether any part came yet.
    package var hasParts: Bool { !open.isEmpty || !done.isEmpty || forgottenCount > 0 }
    /// How many lost sets were dropped before somebody took them.
    package var forgotten: Int { forgottenCount }

    /// Takes a message: header and body, unescaped, whose framing was right.
    ///
    /// - Parameter flow: what tells links apart whose senders have nothing to do with each other.
    package func take(_ message: RawSpan, flow: UInt32 = 0) -> Outcome {
        messages += 1
        if !open.isEmpty, messages > nextCheck { giveUpOld() }
        guard let header = JTT808Header(message), header.isPart else { return .notPart }
        let (index, total) = (header.index, header.total)
        let count = message.byteCount - header.length
        guard index >= 1, index <= total, count + 64 <= mostOctets else { return .refused }
        let key = Self.key(header, flow: flow)
        if done.contains(key) { return .repeated }
        let parts: Parts
        if let found = open[key] {
            if found.places[index] != nil { return .repeated }
            parts = found
        } else {
            if open.count >= mostOpen { giveUpOldest(but: nil) }
            parts = Parts(header: message.slice(at: 0, count: header.length - 4).copied(), touched: messages)
            open[key] = parts
            if open.count == 1 { nextCheck = messages + mostAge }
        }
        parts.touched = messages
        parts.places[index] = (parts.octets.count, count)
        parts.octets.append(message.slice(at: header.length, count: count))
        cost += count + 64
        if parts.places.count == Int(total) {
            join(parts, key)
            return .joined
        }
        while cost > mostOctets, giveUpOldest(but: open.count > 1 ? key : nil) {}
        return .kept
    }

    /// The sets that were given up since the last call, in that order.
    package func takeLost() -> [Lost] {
        defer { lost.removeAll() }
        return lost
    }

    /// Gives up everything that waits: no more messages will come.
    package func finish() {
        while giveUpOldest(but: nil) {}
    }

    private static func key(_ header: borrowing JTT808Header, flow: UInt32) -> Key {
        let phone = header.phone
        let low = phone.byteCount - 6
        return Key(
            flow: flow, phoneHigh: low > 0 ? UInt64(phone.u32(at: 0)) : 0,
            phoneLow: UInt64(phone.u16(at: low)) << 32 | UInt64(phone.u32(at: low + 2)), messageID: header.messageID,
            firstFlow: header.flowNumber &- (header.index &- 1), total: header.total, is2019: header.is2019)
    }

    private func join(_ parts: Parts, _ key: Key) {
        var header = parts.header
        let properties = UInt16(header[2]) << 8 | UInt16(header[3])
        let length = min(parts.octets.count, JTT808Header.longestBody)
        let whole = properties & 0xDC00 | UInt16(length)
        header[2] = UInt8(whole >> 8)
        header[3] = UInt8(whole & 255)
        header[header.count - 2] = UInt8(key.firstFlow >> 8)
        header[header.count - 1] = UInt8(key.firstFlow & 255)
        result.removeAll()
        result.append(header.octets)
        let octets = parts.octets
        for index in 1...key.total {
            guard let place = parts.places[index] else { continue }
            result.append(octets.bytes.slice(at: place.start, count: place.count))
        }
        open[key] = nil
        cost -= parts.cost
        if done.count < Self.mostDone {
            done.append(key)
        } else {
            done[nextDone] = key
            nextDone = (nextDone + 1) % Self.mostDone
        }
    }

    private func giveUpOld() {
        for (key, parts) in open where messages - parts.touched > mostAge { giveUp(key, parts) }
        nextCheck = (open.values.map(\.touched).min() ?? messages) + mostAge
    }

    /// Gives up the set that waited longest, if there is one besides `spared`.
    @discardableResult
    private func giveUpOldest(but spared: Key?) -> Bool {
        let oldest = open.filter { $0.key != spared }.min { $0.value.touched < $1.value.touched }
        guard let oldest else { return false }
        giveUp(oldest.key, oldest.value)
        return true
    }

    private func giveUp(_ key: Key, _ parts: Parts) {
        open[key] = nil
        cost -= parts.cost
        if lost.count >= Self.mostLost {
            lost.removeFirst()
            forgottenCount += 1
        }
        var missing: [UInt16] = []
        for index in 1...key.total where parts.places[index] == nil && missing.count < 1024 { missing.append(index) }
        let phone = parts.header[(key.is2019 ? 5 : 4)..<(parts.header.count - 2)]
        lost.append(
            Lost(
                flow: key.flow, messageID: key.messageID, phone: Array(phone), is2019: key.is2019,
                firstFlow: key.firstFlow, total: key.total, missingCount: Int(key.total) - parts.places.count,
                missing: missing, octets: parts.octets.count))
    }
}
