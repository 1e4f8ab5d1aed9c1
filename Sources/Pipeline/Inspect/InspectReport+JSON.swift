internal import BeiDou
public import Bytes
internal import CCSDS
internal import Capture
internal import Transport
internal import Records

extension InspectReport {
    /// Adds the report as one JSON object on one line, line feed included. Keys are described in the manual.
    public func write(json out: inout TextBuffer) {
        out.append("{")
        out.member("file", file)
        writeCapture(&out)
        out.member("flows", flows) { write($0, &$1) }
        out.member("channels", channels) { write($0, &$1) }
        let carrying = apids.filter { !$0.isIdle }
        out.member("apids", carrying.filter { $0.count.kind != .encapsulation }) { write($0, &$1) }
        out.member("encapsulation", carrying.filter { $0.count.kind == .encapsulation }) { write($0, &$1) }
        out.member("dropped", dropped) { write($0, &$1) }
        out.member("messages", messages) { write($0, &$1) }
        if let choice {
            out.member("choice")
            out.append("{")
            out.member("filter", choice.filter)
            out.member("chosen", choice.chosen)
            out.member("packets", choice.packets)
            out.append("}")
        }
        if let slice {
            out.member("members")
            out.append("{")
            out.member("read", slice.wanted.count { $0 })
            out.member("all", slice.wanted.count)
            out.append("}")
        }
        out.member("ledger")
        ledger.write(json: &out)
        out.member("problems", problems) { $1.appendJSON($0.description) }
        if !isComplete { out.member("complete", false) }
        out.append("}\n")
    }

    private func writeCapture(_ out: inout TextBuffer) {
        out.member("capture")
        out.append("{")
        out.member("format", format.description)
        out.member("packets", packets)
        out.member("bytes", packetBytes)
        out.member("first", first, digits: timeDigits)
        out.member("last", last, digits: timeDigits)
        out.member("interfaces", interfaces) { row, out in
            out.append("{")
            out.member("link", row.interface.linkType.name)
            out.member("linktype", UInt64(row.interface.linkType.rawValue))
            out.member("name", row.interface.name)
            out.member("description", row.interface.description)
            out.member("snaplen", UInt64(row.interface.snapLength))
            out.member("digits", row.interface.timeDigits)
            out.member("section", row.interface.section)
            // The pieces in which a bare file was read are no packets of anybody's.
            out.member("packets", format.kind == .bareStream ? 0 : row.packets)
            out.member("bytes", row.bytes)
            out.append("}")
        }
        out.member("blocks")
        out.append("{")
        for (index, block) in blocks.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(block.name)
            out.append(":")
            out.append(block.count)
        }
        out.append("}}")
    }

    private func write(_ row: FlowRow, _ out: inout TextBuffer) {
        let carrying = row.verdict.flatMap { $0.isSure ? $0.carrying : nil }
        out.append("{")
        out.member("flow", row.flow.name)
        out.member("stack", row.carriedStack) { $1.appendJSON($0) }
        out.member("confidence", thousandths: row.verdict?.confidence ?? 0)
        out.member("evidence", row.verdict?.evidence ?? "")
        out.member("frame")
        if case .frames(let layout)? = carrying { write(layout, &out) } else { out.append("null") }
        if case .packets(let skip)? = carrying { out.member("skip", skip) }
        out.member("packets", row.flow.key.kind == .bareStream ? 0 : row.flow.packets)
        out.member("bytes", row.flow.bytes)
        writeChecksums(row.flow, &out)
        out.append("}")
    }

    /// What the checksums of a flow's payloads said, and how its TCP stream went.
    private func writeChecksums(_ flow: Flow, _ out: inout TextBuffer) {
        guard flow.key.kind == .udp || flow.key.kind == .tcp else { return }
        out.member("checksums")
        out.append("{")
        out.member("good", flow.checksums.good)
        out.member("wrong", flow.checksums.wrong + flow.checksums.wrongHeader)
        out.member("offloaded", flow.checksums.leftEmpty)
        out.member("absent", flow.checksums.absent)
        out.member("unverified", flow.checksums.unverified)
        out.append("}")
        guard let tcp = flow.tcp else { return }
        out.member("tcp")
        out.append("{")
        out.member("retransmitted", tcp.retransmitted)
        out.member("outOfOrder", tcp.outOfOrder)
        out.member("missing", tcp.missing)
        out.member("beginsInTheMiddle", tcp.beginsInTheMiddle)
        out.append("}")
    }

    private func write(_ layout: FrameLayout, _ out: inout TextBuffer) {
        out.append("{")
        out.member("kind", layout.kind.rawValue)
        out.member("length", layout.length)
        out.member("marker", layout.marker.count)
        out.member("fecf", layout.hasFECF)
        out.member("ocf", layout.ocf)
        out.member("insert", layout.insertZone)
        out.member("fhec", layout.headerErrorControl)
        out.member("zone", layout.zone.word)
        if let header = layout.secondaryHeader { out.member("secondary", header) }
        out.append("}")
    }

    private func write(_ row: ChannelRow, _ out: inout TextBuffer) {
        let channel = row.channel
        out.append("{")
        out.member("spacecraft", channel.spacecraft)
        out.member("vcid", channel.vcid)
        out.member("flow", row.flow)
        out.member("frames", channel.frames)
        out.member("gaps", channel.gaps)
        out.member("missing", channel.missing)
        out.member("late", channel.late)
        out.member("repeated", channel.repeated)
        out.member("idle")
        out.append("{")
        out.member("frames", channel.idleFrames)
        out.member("packets", channel.idlePackets)
        out.member("bytes", channel.idleOctets)
        out.append("}")
        out.member("dropped")
        out.append("{")
        out.member("packets", channel.droppedAtGaps + channel.droppedByPointer)
        out.member("bytes", channel.droppedOctets)
        out.append("}}")
    }

    private func write(_ row: DroppedRow, _ out: inout TextBuffer) {
        out.append("{")
        out.member("spacecraft", row.spacecraft)
        out.member("vcid", row.vcid)
        out.member("flow", row.flow)
        out.member("octets", row.packet.octets)
        out.member("expected", row.packet.expected > 0 ? row.packet.expected : nil)
        out.member("packet", row.packet.packet > 0 ? Int(row.packet.packet) : nil)
        out.member("offset", row.packet.offset)
        out.append("}")
    }

    private func write(_ row: MessageRow, _ out: inout TextBuffer) {
        out.append("{")
        out.member("flow", row.flow)
        out.member("dialect", row.type.dialect.rawValue)
        out.member("type", row.type.name)
        out.member("title", row.type.title)
        out.member("messages", row.count.messages)
        if let chosen = row.chosen { out.member("chosen", chosen) }
        out.member("bytes", row.count.bytes)
        out.member("first", row.count.first, digits: timeDigits)
        out.member("last", row.count.last, digits: timeDigits)
        out.append("}")
    }

    private func write(_ row: APIDRow, _ out: inout TextBuffer) {
        out.append("{")
        out.member("spacecraft", row.spacecraft)
        out.member("vcid", row.vcid)
        out.member("flow", UInt64(row.count.flow))
        out.member(row.count.kind == .encapsulation ? "protocol" : "apid", UInt64(row.count.apid))
        if row.count.kind == .telecommand { out.member("telecommand", true) }
        out.member("packets", row.count.packets)
        if let chosen = row.chosen { out.member("chosen", chosen) }
        out.member("bytes", row.count.bytes)
        out.member("gaps", row.count.gaps)
        out.member("missing", row.count.missing)
        out.member("late", row.count.late)
        out.member("repeated", row.count.repeated)
        out.member("counter", row.count.counter.rawValue)
        out.member("rate", thousandths: row.rate)
        out.member("type", row.types.first)
        out.member("types", row.types) { $1.appendJSON($0) }
        out.append("}")
    }
}

extension FrameLayout.Zone {
    /// What the data fields hold, in a word for programs.
    fileprivate var word: String {
        switch self {
        case .packets: "packets"
        case .onePacket: "one packet"
        case .opaque: "opaque"
        case .bitstream: "bitstream"
        }
    }
}

extension InspectReport.FlowRow {
    /// The layers, with what the recogniser found on top of them.
    public var carriedStack: [String] {
        guard let verdict, verdict.isSure else { return flow.stack }
        switch verdict.carrying {
        case .frames(let layout):
            let frames = layout.kind == .tm ? "tm" : "aos"
            let inside: [String]
            switch layout.zone {
            case .packets, .onePacket: inside = ["ccsds"]
            case .opaque, .bitstream: inside = []
            }
            return flow.stack + (layout.marker.isEmpty ? [] : ["cadu"]) + [frames] + inside
        case .packets: return flow.stack + ["ccsds"]
        case .messages(let dialects): return flow.stack + dialects.map(\.rawValue)
        case .unknown: return flow.stack
        }
    }
}
