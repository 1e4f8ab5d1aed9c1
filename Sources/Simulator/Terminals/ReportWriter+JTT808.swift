internal import BeiDou
internal import Bytes

/// Messages of vehicles and of their platform. Source: jtt808.md.
extension ReportWriter {
    /// Begins a message: header of the edition, the length is told at the end.
    private mutating func begin(_ id: UInt16, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16) {
        octets.removeAll(keepingCapacity: true)
        octets.append(big: id)
        octets.append(big: UInt16(0))
        if edition == .of2019 { append(1) }
        // 12 or 20 digits, two in an octet; numbers have 17 at the most.
        let pairs = edition == .of2019 ? 10 : 6
        var divisor: UInt64 = 1
        for _ in 1..<pairs { divisor *= 100 }
        for _ in 0..<pairs {
            let pair = phone / divisor % 100
            append(UInt8((pair / 10) << 4 | pair % 10))
            divisor /= 100
        }
        octets.append(big: flow)
    }

    /// Ends a message: length, check, escapes and delimiters.
    private mutating func end(_ edition: TerminalFleet.Edition) {
        let body = octets.count - (edition == .of2019 ? 17 : 12)
        (octets[2], octets[3]) = (
            UInt8(body >> 8) | (edition == .of2019 ? 0x40 : 0), UInt8(truncatingIfNeeded: body)
        )
        var check: UInt8 = 0
        for octet in octets { check ^= octet }
        octets.append(check)
        var framed: [UInt8] = [0x7E]
        framed.reserveCapacity(octets.count + 8)
        for octet in octets {
            switch octet {
            case 0x7E: framed += [0x7D, 0x02]
            case 0x7D: framed += [0x7D, 0x01]
            default: framed.append(octet)
            }
        }
        framed.append(0x7E)
        octets = framed
    }

    /// 0x0200: where a vehicle is; its clock is eight hours ahead of UTC.
    mutating func vehicleFix(
        _ report: TerminalReport, of phone: UInt64, _ edition: TerminalFleet.Edition, at time: Int64
    ) {
        begin(0x0200, of: phone, edition, flow: report.flow)
        octets.append(big: UInt32(report.isEmergency ? 1 : 0))
        let place = report.place
        // Ignition, a position, by BeiDou; south and west are bits.
        let status: UInt32 = 1 << 19 | 3 | (place.latitude < 0 ? 4 : 0) | (place.longitude < 0 ? 8 : 0)
        octets.append(big: status)
        octets.append(big: UInt32((place.latitude.magnitude * 1e6).rounded()))
        octets.append(big: UInt32((place.longitude.magnitude * 1e6).rounded()))
        append(u16: Int(max(0, place.height).rounded()))
        append(u16: Int((place.speed * 10).rounded()))
        append(u16: Int(place.course.rounded()) % 360)
        let clock = Clock(time + 8 * 3600 * 1_000_000_000)
        for part in [clock.year % 100, clock.month, clock.day, clock.hour, clock.minute, clock.second] {
            append(UInt8((part / 10) << 4 | part % 10))
        }
        append(0x31)
        append(1)
        append(report.satellites)
        end(edition)
    }

    /// 0x0900: a short message, as a user's own kind.
    mutating func vehicleMessage(
        _ content: borrowing MessageContent, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16
    ) {
        begin(0x0900, of: phone, edition, flow: flow)
        append(0xF0)
        octets.append(contentsOf: content.octets)
        end(edition)
    }

    /// 0x0100: a vehicle makes itself known.
    mutating func vehicleRegistration(_ index: Int, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16) {
        begin(0x0100, of: phone, edition, flow: flow)
        // Songjiang in Shanghai.
        append(u16: 31)
        append(u16: 117)
        let (maker, model, terminal) = edition == .of2019 ? (11, 30, 30) : (5, 20, 7)
        padded("SLANE", to: maker)
        padded("G60", to: model)
        let start = octets.count
        append(decimal: index % 10_000_000, width: 7)
        octets.append(contentsOf: repeatElement(0, count: terminal - (octets.count - start)))
        // Not licensed: a VIN in place of the plate.
        append(0)
        append("SLG60SIM0")
        append(decimal: index % 100_000_000, width: 8)
        end(edition)
    }

    private mutating func padded(_ text: StaticString, to width: Int) {
        append(text)
        octets.append(contentsOf: repeatElement(0, count: width - text.utf8CodeUnitCount))
    }

    /// 0x0102: a vehicle shows the code that it was given.
    mutating func vehicleAuthentication(_ index: Int, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16)
    {
        begin(0x0102, of: phone, edition, flow: flow)
        if edition == .of2019 { append(10) }
        code(index)
        if edition == .of2019 {
            append(decimal: 86, width: 2)
            append(decimal: index, width: 13)
            padded("1.0", to: 20)
        }
        end(edition)
    }

    private mutating func code(_ index: Int) {
        append("SL")
        append(decimal: index % 100_000_000, width: 8)
    }

    /// 0x8100: the platform takes a vehicle in.
    mutating func platformRegistration(
        _ index: Int, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16, answers: UInt16
    ) {
        begin(0x8100, of: phone, edition, flow: flow)
        octets.append(big: answers)
        append(0)
        code(index)
        end(edition)
    }

    /// 0x8001: the platform has a message; a call for help is confirmed.
    mutating func platformAnswer(
        _ id: UInt16, of phone: UInt64, _ edition: TerminalFleet.Edition, flow: UInt16, answers: UInt16, confirms: Bool
    ) {
        begin(0x8001, of: phone, edition, flow: flow)
        octets.append(big: answers)
        octets.append(big: id)
        append(confirms ? 4 : 0)
        end(edition)
    }
}
