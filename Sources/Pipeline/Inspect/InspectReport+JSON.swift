public import Bytes
internal import CCSDS
internal import Capture
internal import Transport

extension InspectReport {
    /// Adds the report as one JSON object on one line, line feed included. Keys are described in the manual.
    public func write(json out: inout TextBuffer) {
        out.append("{\"file\":")
        out.appendJSON(file)
        writeCapture(&out)
        out.append(",\"flows\":[")
        for (index, row) in flows.enumerated() {
            if index > 0 { out.append(",") }
            write(row, &out)
        }
        out.append("],\"channels\":[")
        for (index, row) in channels.enumerated() {
            if index > 0 { out.append(",") }
            write(row, &out)
        }
        out.append("],\"apids\":[")
        var isFirst = true
        for row in apids where !row.isIdle && row.count.kind != .encapsulation {
            if !isFirst { out.append(",") }
            isFirst = false
            write(row, &out)
        }
        out.append("],\"encapsulation\":[")
        isFirst = true
        for row in apids where !row.isIdle && row.count.kind == .encapsulation {
            if !isFirst { out.append(",") }
            isFirst = false
            write(row, &out)
        }
        out.append("],\"dropped\":[")
        for (index, row) in dropped.enumerated() {
            if index > 0 { out.append(",") }
            write(row, &out)
        }
        out.append("],\"ledger\":")
        ledger.write(json: &out)
        out.append(",\"problems\":[")
        for (index, problem) in problems.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(problem.description)
        }
        out.append(isComplete ? "]}\n" : "],\"complete\":false}\n")
    }

    private func writeCapture(_ out: inout TextBuffer) {
        out.append(",\"capture\":{\"format\":")
        out.appendJSON(format.description)
        out.append(",\"packets\":")
        out.append(UInt64(packets))
        out.append(",\"bytes\":")
        out.append(packetBytes)
        out.append(",\"first\":")
        out.appendJSON(first, digits: timeDigits)
        out.append(",\"last\":")
        out.appendJSON(last, digits: timeDigits)
        out.append(",\"interfaces\":[")
        for (index, row) in interfaces.enumerated() {
            if index > 0 { out.append(",") }
            out.append("{\"link\":")
            out.appendJSON(row.interface.linkType.name)
            out.append(",\"linktype\":")
            out.append(UInt64(row.interface.linkType.rawValue))
            out.append(",\"name\":")
            out.appendJSON(row.interface.name)
            out.append(",\"description\":")
            out.appendJSON(row.interface.description)
            out.append(",\"snaplen\":")
            out.append(UInt64(row.interface.snapLength))
            out.append(",\"digits\":")
            out.append(row.interface.timeDigits)
            out.append(",\"section\":")
            out.append(row.interface.section)
            out.append(",\"packets\":")
            out.append(format.kind == .bareStream ? 0 : row.packets)
            out.append(",\"bytes\":")
            out.append(row.bytes)
            out.append("}")
        }
        out.append("],\"blocks\":{")
        for (index, block) in blocks.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(block.name)
            out.append(":")
            out.append(block.count)
        }
        out.append("}}")
    }

    private func write(_ row: FlowRow, _ out: inout TextBuffer) {
        out.append("{\"flow\":")
        out.appendJSON(row.flow.name)
        out.append(",\"stack\":[")
        for (index, layer) in row.carriedStack.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(layer)
        }
        out.append("],\"confidence\":")
        out.append(((row.verdict?.confidence ?? 0) * 1000).rounded() / 1000)
        out.append(",\"evidence\":")
        out.appendJSON(row.verdict?.evidence ?? "")
        out.append(",\"frame\":")
        if case .frames(let layout)? = row.verdict?.carrying, row.verdict?.isSure == true {
            out.append("{\"kind\":")
            out.appendJSON(layout.kind.rawValue)
            out.append(",\"length\":")
            out.append(layout.length)
            out.append(",\"marker\":")
            out.append(layout.marker.count)
            out.append(layout.hasFECF ? ",\"fecf\":true" : ",\"fecf\":false")
            out.append(layout.ocf ? ",\"ocf\":true" : ",\"ocf\":false")
            out.append(",\"insert\":")
            out.append(layout.insertZone)
            out.append(layout.headerErrorControl ? ",\"fhec\":true" : ",\"fhec\":false")
            out.append(",\"zone\":")
            out.appendJSON(layout.zone.word)
            if let header = layout.secondaryHeader {
                out.append(",\"secondary\":")
                out.append(header)
            }
            out.append("}")
        } else {
            out.append("null")
        }
        if case .packets(let skip)? = row.verdict?.carrying, row.verdict?.isSure == true {
            out.append(",\"skip\":")
            out.append(skip)
        }
        out.append(",\"packets\":")
        // The pieces in which a bare file was read are no packets of anybody's.
        out.append(row.flow.key.kind == .bareStream ? 0 : row.flow.packets)
        out.append(",\"bytes\":")
        out.append(row.flow.bytes)
        out.append("}")
    }

    private func write(_ row: ChannelRow, _ out: inout TextBuffer) {
        let channel = row.channel
        out.append("{\"spacecraft\":")
        out.append(channel.spacecraft)
        out.append(",\"vcid\":")
        out.append(channel.vcid)
        out.append(",\"flow\":")
        out.append(row.flow)
        out.append(",\"frames\":")
        out.append(channel.frames)
        out.append(",\"gaps\":")
        out.append(channel.gaps)
        out.append(",\"missing\":")
        out.append(channel.missing)
        out.append(",\"late\":")
        out.append(channel.late)
        out.append(",\"repeated\":")
        out.append(channel.repeated)
        out.append(",\"idle\":{\"frames\":")
        out.append(channel.idleFrames)
        out.append(",\"packets\":")
        out.append(channel.idlePackets)
        out.append(",\"bytes\":")
        out.append(channel.idleOctets)
        out.append("},\"dropped\":{\"packets\":")
        out.append(channel.droppedAtGaps + channel.droppedByPointer)
        out.append(",\"bytes\":")
        out.append(channel.droppedOctets)
        out.append("}}")
    }

    private func write(_ row: DroppedRow, _ out: inout TextBuffer) {
        out.append("{\"spacecraft\":")
        out.append(row.spacecraft)
        out.append(",\"vcid\":")
        out.append(row.vcid)
        out.append(",\"flow\":")
        out.append(row.flow)
        out.append(",\"octets\":")
        out.append(row.packet.octets)
        out.append(",\"expected\":")
        if row.packet.expected > 0 { out.append(row.packet.expected) } else { out.append("null") }
        out.append(",\"packet\":")
        if row.packet.packet > 0 { out.append(row.packet.packet) } else { out.append("null") }
        out.append(",\"offset\":")
        out.append(row.packet.offset)
        out.append("}")
    }

    private func write(_ row: APIDRow, _ out: inout TextBuffer) {
        out.append("{\"spacecraft\":")
        out.appendJSON(row.spacecraft)
        out.append(",\"vcid\":")
        out.appendJSON(row.vcid)
        out.append(",\"flow\":")
        out.append(UInt64(row.count.flow))
        out.append(row.count.kind == .encapsulation ? ",\"protocol\":" : ",\"apid\":")
        out.append(UInt64(row.count.apid))
        if row.count.kind == .telecommand { out.append(",\"telecommand\":true") }
        out.append(",\"packets\":")
        out.append(row.count.packets)
        out.append(",\"bytes\":")
        out.append(row.count.bytes)
        out.append(",\"gaps\":")
        out.append(row.count.gaps)
        out.append(",\"missing\":")
        out.append(row.count.missing)
        out.append(",\"late\":")
        out.append(row.count.late)
        out.append(",\"repeated\":")
        out.append(row.count.repeated)
        out.append(",\"counter\":")
        out.appendJSON(row.count.counter.rawValue)
        out.append(",\"rate\":")
        if let rate = row.rate { out.append((rate * 1000).rounded() / 1000) } else { out.append("null") }
        out.append(",\"type\":")
        out.appendJSON(row.types.first)
        out.append(",\"types\":[")
        for (index, type) in row.types.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(type)
        }
        out.append("]}")
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
        case .unknown: return flow.stack
        }
    }
}

extension Ledger {
    /// Adds the ledger as a JSON object.
    public func write(json out: inout TextBuffer) {
        out.append("{\"bytes\":")
        out.append(bytes)
        out.append(",\"decoded\":")
        out.append(decoded)
        out.append(",\"overhead\":")
        out.append(overhead)
        out.append(",\"idle\":")
        out.append(idle)
        out.append(",\"unclaimed\":")
        out.append(unclaimedBytes)
        out.append(",\"rejected\":[")
        for (index, row) in rejections.enumerated() {
            if index > 0 { out.append(",") }
            out.append("{\"stage\":")
            out.appendJSON(row.stage.rawValue)
            out.append(",\"reason\":")
            out.appendJSON(row.reason)
            out.append(",\"count\":")
            out.append(row.count)
            out.append(",\"bytes\":")
            out.append(row.bytes)
            out.append(",\"first\":{\"packet\":")
            out.append(row.firstPacket)
            out.append(",\"offset\":")
            out.append(row.firstOffset)
            out.append("}}")
        }
        out.append("],\"pending\":")
        out.append(pending)
        out.append(isBalanced ? ",\"balanced\":true" : ",\"balanced\":false")
        out.append(",\"protocols\":[")
        for (index, row) in unclaimed.enumerated() {
            if index > 0 { out.append(",") }
            out.append("{\"name\":")
            out.appendJSON(row.name)
            out.append(",\"count\":")
            out.append(row.count)
            out.append(",\"bytes\":")
            out.append(row.bytes)
            out.append("}")
        }
        out.append("]}")
    }
}

extension TextBuffer {
    /// Adds a JSON string, or null.
    mutating func appendJSON(_ text: String?) {
        if let text { appendJSON(text) } else { append("null") }
    }

    /// Adds a JSON number, or null.
    mutating func appendJSON(_ number: Int?) {
        if let number { append(number) } else { append("null") }
    }

    /// Adds a time as a JSON string, or null where it is not known.
    mutating func appendJSON(_ time: CaptureTime, digits: Int) {
        guard time.isKnown else { return append("null") }
        append("\"")
        append(time, digits: digits)
        append("\"")
    }
}
