import Bytes
import Records

/// Strings and binaries.
extension PacketEncoder {
    /// The octets that were given for a binary; nil when none were.
    func octets(of index: Int) throws(PacketRefusal) -> [UInt8]? {
        guard let mine = given[index], let value = mine.raw ?? mine.value else { return nil }
        switch value {
        case .octets(let octets): return octets
        case .text(let text):
            guard let octets = [UInt8](hexadecimal: text) else {
                throw refusal(index, "\(value) is no even number of hexadecimal digits")
            }
            return octets
        default: throw refusal(index, "\(value) is given, octets are wanted: give hexadecimal digits")
        }
    }

    /// Writes a binary; the bits that do not fill its octets are missing at the front, as those of a number.
    func writeBinary(_ index: Int, at start: Int, bits: Int) throws(PacketRefusal) {
        var octets: [UInt8]
        let size = (bits + 7) / 8
        if case .binaryTruth = plan.fields[index].conversion, given[index]?.raw == nil {
            octets = Array(repeating: 0, count: size)
            if let value = given[index]?.value {
                if try truth(index, value) {
                    guard size > 0 else {
                        throw refusal(index, "has no bits: it is always \(plan.fields[index].info.labels[0])")
                    }
                    octets[size - 1] = 1
                }
            } else if isTaken(start, bits) {
                return
            }
        } else if let mine = try self.octets(of: index) {
            octets = mine
        } else if case .octets(let wanted, isText: false) = demands[index] {
            octets = wanted
        } else if let text = plan.fields[index].initialValue {
            guard let initial = [UInt8](hexadecimal: text) else {
                throw refusal(
                    index, "its initial value \"\(text)\" in the database is no even number of hexadecimal digits")
            }
            octets = initial
            sources[index] = .initial
        } else {
            if options.isStrict && bits > 0 {
                throw refusal(index, "is not given and has no initial value: give it, or do not ask for all")
            }
            if isTaken(start, bits) { return }
            octets = Array(repeating: 0, count: size)
        }
        guard octets.count == size else {
            throw refusal(index, "\(octets.count) octets are given, it has \(size)\(sized(index))")
        }
        let odd = bits % 8
        if odd != 0, let first = octets.first, first >> UInt8(odd) != 0 {
            throw refusal(index, "its first octet has \(odd) bits: \([first].hexadecimal) does not fit")
        }
        var at = start
        for (number, octet) in octets.enumerated() {
            let count = number == 0 && odd != 0 ? odd : 8
            packet.replace(bitsAt: at, count: count, with: UInt64(octet))
            at += count
        }
    }

    /// What tells the size of a field, in words.
    private func sized(_ index: Int) -> String {
        let names = plan.fields[index].sizeReferences.map { plan.fields[$0].info.shortName }
        return names.isEmpty ? "" : " by \(names.joined(separator: ", "))"
    }

    // MARK: Strings

    /// The octets of a string's text, without size tag and terminator. `room` is how many there may be, where that is known:
    /// of texts that serve as well one that fits is taken.
    func stringOctets(_ index: Int, _ string: StringPlan, room: Int? = nil) throws(PacketRefusal) -> [UInt8] {
        let text: String
        let info = plan.fields[index].info
        var wanted = given[index]?.value
        if wanted == nil, let initial = plan.fields[index].initialValue {
            wanted = .text(initial)
            sources[index] = .initial
        }
        if case .octets(let octets, isText: true) = demands[index] {
            text = String(decoding: octets, as: UTF8.self)
        } else if let value = wanted {
            switch plan.fields[index].conversion {
            case .textTruth: text = truthText(info.labels, try truth(index, value), string.charset, room)
            case .textLabels(let labels):
                let label = try self.label(index, value)
                guard let entry = labels.texts.first(where: { info.labels[Int($0.label)] == label }) else {
                    throw refusal(index, "\(label) has no text in the database")
                }
                text = String(decoding: entry.text, as: UTF8.self)
            default:
                guard case .text(let words) = value else {
                    throw refusal(index, "\(value) is given, a text is wanted")
                }
                text = words
            }
        } else {
            if options.isStrict {
                throw refusal(index, "is not given and has no initial value: give it, or do not ask for all")
            }
            text = firstLabel(index, string.charset, room) ?? ""
        }
        let (octets, stranger) = Transcoder.octets(of: text, string.charset)
        if let stranger {
            throw refusal(
                index, "\(string.charset.rawValue) has no \"\(Character(stranger))\": write it in other letters")
        }
        return octets
    }

    /// A text that is true or false: every text that is not empty and not the name of false is true.
    private func truthText(_ labels: [String], _ isTrue: Bool, _ charset: StringModel.Charset, _ room: Int?) -> String {
        func fits(_ text: String) -> Bool {
            room.map { Transcoder.octets(of: text, charset).octets.count <= $0 } ?? true
        }
        guard isTrue else { return fits(labels[0]) ? labels[0] : "" }
        return [labels[1], "1", "T"].first { fits($0) && $0 != labels[0] } ?? labels[1]
    }

    /// The first text that has a label and fits, for an enumeration that was not given.
    private func firstLabel(_ index: Int, _ charset: StringModel.Charset, _ room: Int?) -> String? {
        guard case .textLabels(let labels) = plan.fields[index].conversion else { return nil }
        let texts = labels.texts.map { String(decoding: $0.text, as: UTF8.self) }
        return texts.first { text in
            room.map { Transcoder.octets(of: text, charset).octets.count <= $0 } ?? true
        }
    }

    /// Writes a string with its size tag, its terminator and zeros behind it; says how many bits it takes.
    func writeString(_ index: Int, _ string: StringPlan, at start: Int) throws(PacketRefusal) -> Int {
        let room = try string.buffer.map { (size) throws(PacketRefusal) in try sizeInBits(index, size) }
        if let raw = given[index]?.raw { return try writeBuffer(index, raw, string, at: start, room: room) }
        if given[index] == nil, demands[index] == nil, let room, isTaken(start, room) {
            try makeRoom(index, start, room)
            return room
        }
        let most = room.map { max(0, $0 - string.tagBits - string.terminator.count * 8) / 8 }
        let octets = try stringOctets(index, string, room: most)
        if !string.terminator.isEmpty,
            hasRun(string.terminator, in: octets, unit: string.charset.unit)
        {
            throw refusal(
                index, "the text holds its own terminator \(string.terminator.hexadecimal): it would end there")
        }
        let needed = string.tagBits + octets.count * 8 + string.terminator.count * 8
        let bits = room ?? needed
        if needed > bits {
            let most = max(0, bits - string.tagBits - string.terminator.count * 8) / 8
            throw refusal(index, "the text has \(octets.count) octets, \(most) are allowed\(sized(index))")
        }
        if room == nil, needed > string.maximumBits {
            let most = max(0, string.maximumBits - string.tagBits - string.terminator.count * 8) / 8
            throw refusal(index, "the text has \(octets.count) octets, \(most) are allowed")
        }
        try makeRoom(index, start, bits)
        forEachRun(start, bits) { at, count in packet.replace(bitsAt: at, count: count, with: 0) }
        var at = start
        if string.tagBits > 0 {
            let tag = UInt64(octets.count * 8 / string.tagUnit)
            guard string.tagBits == 64 || tag >> UInt64(string.tagBits) == 0 else {
                let most = ((1 << string.tagBits) - 1) * string.tagUnit / 8
                throw refusal(
                    index,
                    "the text has \(octets.count) octets, its size tag of \(string.tagBits) bits tells \(most) at most")
            }
            packet.replace(bitsAt: at, count: string.tagBits, with: tag)
            at += string.tagBits
        }
        for octet in octets + string.terminator {
            packet.replace(bitsAt: at, count: 8, with: UInt64(octet))
            at += 8
        }
        return bits
    }

    /// Writes a whole buffer as it was given.
    private func writeBuffer(
        _ index: Int, _ raw: PacketValue, _ string: StringPlan, at start: Int, room: Int?
    ) throws(PacketRefusal) -> Int {
        guard let octets = try octets(of: index) else { throw refusal(index, "\(raw) is given, octets are wanted") }
        // A buffer that is no whole number of octets is filled up behind.
        var bits = room ?? octets.count * 8
        if room == nil, string.tagBits % 8 != 0 {
            bits = string.tagBits + (octets.count * 8 - string.tagBits) / 8 * 8
        }
        guard octets.count == (bits + 7) / 8 else {
            throw refusal(index, "\(octets.count) octets are given, its buffer has \((bits + 7) / 8)\(sized(index))")
        }
        try makeRoom(index, start, bits)
        var left = bits
        for octet in octets {
            let count = min(8, left)
            packet.replace(bitsAt: start + bits - left, count: count, with: UInt64(octet >> UInt8(8 - count)))
            left -= count
        }
        return bits
    }

    /// Whether a terminator stands in a text where it would be found.
    private func hasRun(_ run: [UInt8], in octets: [UInt8], unit: Int) -> Bool {
        guard octets.count >= run.count else { return false }
        return stride(from: 0, through: octets.count - run.count, by: unit).contains {
            octets[$0..<$0 + run.count].elementsEqual(run)
        }
    }
}
