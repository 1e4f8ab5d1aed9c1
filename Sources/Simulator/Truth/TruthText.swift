internal import Bytes
internal import Capture
internal import Faults
internal import Records

/// Writes what is true of a simulation as JSON lines (`Specs/truth.md`): into memory, which is emptied when there is enough.
final class TruthText {
    private var text = TextBuffer()
    private let flush: (inout TextBuffer) -> Void
    /// How many records of each kind there were.
    private(set) var packets: UInt64 = 0
    private(set) var counts = FaultCounts()
    /// What became of the messages that were written down.
    private(set) var messages = TerminalCounts()

    private static let pieceSize = 1 << 18

    /// - Parameter flush: takes what is there, and empties it.
    init(_ flush: @escaping (inout TextBuffer) -> Void) { self.flush = flush }

    /// The record of the run.
    func begin(_ scenario: Scenario, _ name: String, program: String, sources: [String], outputs: [String]) {
        text.append("{")
        text.member("record", "run")
        text.member("truth", 1)
        text.member("program", program)
        text.member("command", "simulate")
        text.member("scenario", name)
        text.member("seed", scenario.seed)
        text.member("start", CaptureTime(nanoseconds: scenario.start), digits: 9)
        text.member("sources", sources) { $1.appendJSON($0) }
        text.member("outputs", outputs) { $1.appendJSON($0) }
        text.append("}\n")
    }

    /// The record of a packet.
    ///
    /// - Parameters:
    ///   - sent: when the last frame that carries it left; nil: never.
    ///   - modulus: frames of a channel are counted modulo this.
    ///   - links: the names of the links, in the order of the bits of `heard`.
    func packet(_ mark: PacketMark, sent: Int64?, modulus: Int, links: [String]) {
        packets += 1
        let members = mark.text
        text.append(members.octets)
        text.member("channel", mark.channel)
        text.member("sent")
        if let sent { text.appendJSON(CaptureTime(nanoseconds: sent), digits: 9) } else { text.append("null") }
        if sent == nil { text.member("unsent", mark.reason?.description ?? "at the end") }
        text.member("frames")
        if let frames = mark.frames {
            text.append("[")
            text.append(frames.lowerBound % modulus)
            text.append(",")
            text.append(frames.upperBound % modulus)
            text.append("]")
            text.member("numbers", [frames.lowerBound, frames.upperBound]) { $1.append($0) }
        } else {
            text.append("null")
        }
        text.member("heard", links.indices.filter { mark.heard?.links.contains($0) ?? false }) {
            $1.appendJSON(links[$0])
        }
        text.append("}\n")
        settle()
    }

    /// The records of a frame's faults.
    ///
    /// - Parameters:
    ///   - tap: where it arrived.
    ///   - output: the number among all packets that the first copy has, or its first segment; nil where it did not go out.
    ///   - isLate: a later frame of its channel arrived whole in front of it.
    func faults(_ note: FrameNote, _ tap: Tap, spacecraft: String, output: UInt64?, isLate: Bool) {
        // What did not go out has no broken bits to be found.
        let isLost = note.faults.contains { $0.kind == .loss }
        for fault in note.faults where !isLost || fault.kind == .loss {
            text.append("{")
            text.member("record", "fault")
            text.member("kind", fault.kind.name)
            text.member("interface", tap.name)
            text.member("spacecraft", spacecraft)
            text.member("channel", note.channel)
            text.member("frame", note.frame)
            text.member("number", note.number)
            text.member("time", CaptureTime(nanoseconds: note.time), digits: 9)
            text.member("output")
            if let output, fault.kind != .loss { text.append(output) } else { text.append("null") }
            if isLate { text.member("late", true) }
            if let reason = fault.reason { text.member("reason", reason) }
            if let leg = fault.leg { text.member("leg", leg) }
            switch fault.kind {
            case .bitError:
                text.member("offset", tap.frameOffset)
                text.member("octets", note.octets)
                let segments = tap.segmentCount(ofFrame: note.octets)
                if segments > 1 { text.member("segments", segments) }
                text.member("bits", note.bits) { $1.append(UInt64($0)) }
                if note.isOverlooked { text.member("undetected", true) }
            case .jitter: text.member("delay_ns", Int(fault.value))
            case .duplicate where tap.segments != nil: text.member("of", "segments")
            case .reorder: text.member("places", Int(fault.value))
            default: break
            }
            text.append("}\n")
            counts.add(fault.kind, bits: fault.kind == .bitError ? note.bits.count : 0)
        }
        settle()
    }

    /// The record of the frames of a channel that arrived whole, over TCP of those of one connection.
    func channel(
        _ key: ChannelArrivals.Key, _ frames: ChannelArrivals.Frames, modulus: Int, interface: String,
        spacecraft: String
    ) {
        text.append("{")
        text.member("record", "channel")
        text.member("interface", interface)
        text.member("spacecraft", spacecraft)
        text.member("channel", key.channel)
        if key.connection > 0 { text.member("connection", key.connection) }
        text.member("modulus", modulus)
        text.member("first", frames.first)
        text.member("last", frames.last)
        text.member("frames", frames.count)
        text.append("}\n")
        settle()
    }

    /// The last record.
    func end(sent: UInt64, messages: TerminalCounts?, isInterrupted: Bool) {
        text.append("{")
        text.member("record", "end")
        text.member("packets_made", packets)
        text.member("packets_out", sent)
        text.member("lost", counts.lost)
        text.member("duplicated", counts.doubled)
        text.member("changed", counts.changed)
        text.member("bits", counts.bits)
        text.member("reordered", counts.putBack)
        text.member("delayed", counts.delayed)
        if let messages {
            text.member("messages_sent", messages.sent)
            text.member("messages_received", messages.received)
            text.member("messages_without_coverage", messages.coverage)
            text.member("messages_lost", messages.loss)
            text.member("messages_dropped", messages.dropped)
        }
        text.member("interrupted", isInterrupted)
        text.append("}\n")
    }

    /// Hands on what is left.
    func close() { flush(&text) }

    /// The record of a message of a terminal.
    ///
    /// - Parameter dropped: how many had been dropped up to then.
    func message(_ message: TerminalMessage, dropped: UInt64) {
        messages.sent += 1
        messages.dropped = dropped
        switch message.reason {
        case nil: messages.received += 1
        case .coverage: messages.coverage += 1
        case .loss: messages.loss += 1
        }
        text.append("{")
        text.member("record", "message")
        text.member("terminal", message.terminal)
        text.member("fleet", message.fleet)
        text.member("protocol", message.dialect)
        text.member("type", message.type)
        text.member("sent", CaptureTime(nanoseconds: message.sent), digits: 9)
        text.member("received")
        if let received = message.received {
            text.appendJSON(CaptureTime(nanoseconds: received), digits: 9)
        } else {
            text.append("null")
        }
        text.member("reason", message.reason?.rawValue)
        text.member("emergency", message.isEmergency)
        switch message.content {
        case .position(let latitude, let longitude, let height):
            text.member("latitude")
            text.append(latitude)
            text.member("longitude")
            text.append(longitude)
            text.member("height")
            text.append(height)
        case .text(let words, let part, let parts):
            text.member("text", words)
            if parts > 1 {
                text.member("part", part)
                text.member("parts", parts)
            }
        case .nothing: break
        }
        text.append("}\n")
        settle()
    }

    private func settle() {
        if text.count >= Self.pieceSize { flush(&text) }
    }
}

/// What befell one frame on its way to one place.
struct FrameNote {
    /// One fault.
    struct Event {
        let kind: Fault.Kind
        /// Nanoseconds of a delay, places of one that was put back.
        var value: Int64 = 0
        /// Why it was lost.
        var reason: String?
        /// The fibre where it happened; nil: between spacecraft and station.
        var leg: String?
    }

    let channel: Int
    /// Its number in the channel, from 0 on, and its count there, as its header has it.
    let number: Int
    let frame: Int
    /// When it was sent.
    let time: Int64
    /// Octets that could be hit.
    let octets: Int
    /// When the last of it arrived, where it came in several segments.
    var whole: Int64?
    /// Bits that were turned over, from the frame's first on.
    var bits: [UInt32] = []
    var faults: [Event] = []

    /// The connection that it came over, from 1 on; 0 over UDP.
    var connection = 0
    /// Whether its error control field is right although bits of it are wrong.
    var isOverlooked = false

    /// Whether what arrives is what was sent.
    var isWhole: Bool { bits.isEmpty }
    /// Whether who receives it takes it for whole.
    var looksWhole: Bool { isWhole || isOverlooked }
}
