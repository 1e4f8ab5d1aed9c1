internal import BeiDou
internal import Bytes

/// Frames of RDSS 4.0 that a command unit sends to its host. Source: beidou-rdss-4.0.md.
extension ReportWriter {
    /// Begins a frame: name, room for its length, the unit's address.
    private mutating func begin(_ name: StaticString, _ unit: UInt32) {
        octets.removeAll(keepingCapacity: true)
        append("$")
        append(name)
        append(u16: 0)
        append(u24: unit)
    }

    /// Ends a frame: length and check.
    private mutating func end() {
        let length = octets.count + 1
        (octets[5], octets[6]) = (UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length))
        var check: UInt8 = 0
        for octet in octets { check ^= octet }
        octets.append(check)
    }

    /// DWXX: where a terminal was, as an answer to what its host asked.
    mutating func rdss4Fix(_ report: TerminalReport, of terminal: UInt32, at time: Int64, unit: UInt32) {
        begin("DWXX", unit)
        append(report.isEmergency ? 0x24 : 0x20)
        append(u24: terminal)
        let clock = Clock(time)
        for part in [clock.hour, clock.minute, clock.second, clock.hundredths] { append(UInt8(part)) }
        for angle in [report.place.longitude, report.place.latitude] {
            let tenths = Int((angle * 36_000).rounded())
            append(UInt8(tenths / 36_000))
            append(UInt8(tenths / 600 % 60))
            append(UInt8(tenths / 10 % 60))
            append(UInt8(tenths % 10))
        }
        let height = Int(report.place.height.rounded())
        append(u16: min(height.magnitude, 0x3FFF).asInt | (height < 0 ? 0x4000 : 0))
        append(u16: 0)
        end()
    }

    /// TXXX: a message of a terminal.
    mutating func rdss4Message(_ content: borrowing MessageContent, of terminal: UInt32, unit: UInt32) {
        begin("TXXX", unit)
        append(content.form == .chinese ? 0x40 : 0x60)
        append(u24: terminal)
        // The time is that of stored messages.
        append(u16: 0)
        append(u16: content.bits)
        octets.append(contentsOf: content.octets)
        append(0)
        end()
    }

    /// ICXX: the unit's card.
    mutating func rdss4Card(_ unit: CommandUnit, subordinates: Int) {
        begin("ICXX", unit.card)
        append(0)
        append(u24: unit.card)
        append(0)
        append(u16: unit.frequency)
        append(4)
        append(0)
        append(u16: min(subordinates, 0xFFFF))
        end()
    }

    /// GLZK: the power of its beams.
    mutating func rdss4Beams(unit: UInt32) {
        begin("GLZK", unit)
        for power in Self.beams { append(power) }
        end()
    }

    /// FKXX: what its host asked for was sent.
    mutating func rdss4Feedback(unit: UInt32) {
        begin("FKXX", unit)
        append(0)
        append("TXSQ")
        end()
    }

    /// Powers of six beams: a unit under an open sky.
    static let beams: [UInt8] = [4, 4, 3, 2, 0, 0]
}

extension UInt {
    /// As a number with a sign; it is small.
    fileprivate var asInt: Int { Int(self) }
}
