internal import BeiDou

/// Sentences of command units and receivers. Sources: beidou-rdss-2.1.md, beidou-3-regional.md, beidou-nmea.md.
extension ReportWriter {
    /// Begins one in front of all, or behind another.
    private mutating func begin(_ name: StaticString, isFirst: Bool = true) -> Int {
        if isFirst { octets.removeAll(keepingCapacity: true) }
        append("$")
        append(name)
        return octets.count - name.utf8CodeUnitCount
    }

    /// Ends one that began at an octet: star, check, line end.
    private mutating func end(from start: Int) {
        var check: UInt8 = 0
        for octet in octets[start...] { check ^= octet }
        append("*")
        append(Self.digit(check >> 4))
        append(Self.digit(check & 15))
        append("\r\n")
    }

    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    // MARK: Fields

    /// hhmmss, or hhmmss.ss.
    private mutating func append(_ clock: Clock, hundredths: Bool) {
        append(decimal: clock.hour * 10_000 + clock.minute * 100 + clock.second, width: 6)
        guard hundredths else { return }
        append(".")
        append(decimal: clock.hundredths, width: 2)
    }

    /// ddmm.mmmm and the letter of the hemisphere.
    private mutating func append(angle: Double, degrees width: Int, decimals: Int, _ letters: (UInt8, UInt8)) {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        // In the last place of the minutes, so that 59.99999 is not written as 60.
        let units = Int((angle.magnitude * 60 * Double(scale)).rounded())
        let minutes = units / scale
        append(decimal: minutes / 60 * 100 + minutes % 60, width: width + 2)
        append(".")
        append(decimal: units % scale, width: decimals)
        append(",")
        append(angle < 0 ? letters.1 : letters.0)
        append(",")
    }

    private mutating func append(_ place: Route.Place, decimals: Int) {
        append(angle: place.latitude, degrees: 2, decimals: decimals, (0x4E, 0x53))
        append(angle: place.longitude, degrees: 3, decimals: decimals, (0x45, 0x57))
    }

    /// A content as sentences have it: characters of Chinese as they are, else hexadecimal digits.
    private mutating func append(line content: borrowing MessageContent) {
        guard content.form != .chinese else { return octets.append(contentsOf: content.octets) }
        let digits = content.form == .code ? content.bits / 4 : content.octets.count * 2
        for index in 0..<digits {
            let octet = content.octets[index / 2]
            append(Self.digit(index & 1 == 0 ? octet >> 4 : octet & 15))
        }
    }

    // MARK: RDSS 2.1

    /// DWR: a position that a terminal reports.
    mutating func rdss2Fix(_ report: TerminalReport, of terminal: UInt32, at time: Int64) {
        let start = begin("BDDWR,3,")
        append(decimal: Int(terminal), width: 7)
        append(",")
        append(Clock(time), hundredths: true)
        append(",")
        append(report.place, decimals: 4)
        append(report.place.height, decimals: 1)
        append(",M,0,M,1,")
        append(report.isEmergency ? 0x41 : 0x56)
        append(",V,L")
        end(from: start)
    }

    /// TXR: a message; the time is that of stored messages and stays empty.
    mutating func rdss2Message(_ content: borrowing MessageContent, of terminal: UInt32, isExpress: Bool) {
        let start = begin("BDTXR,")
        append(isExpress ? 0x32 : 0x31)
        append(",")
        append(decimal: Int(terminal), width: 7)
        append(",")
        append(0x30 + content.form.rawValue)
        append(",,")
        append(line: content)
        end(from: start)
    }

    /// ICI: the unit's card.
    mutating func rdss2Card(_ unit: CommandUnit, subordinates: Int) {
        let start = begin("BDICI,")
        append(decimal: Int(unit.card), width: 7)
        append(",")
        append(decimal: Int(unit.card), width: 8)
        append(",")
        append(decimal: Int(unit.card), width: 7)
        append(",0,")
        append(decimal: unit.frequency)
        append(",4,N,")
        append(decimal: min(subordinates, 999))
        end(from: start)
    }

    /// BSI: the power of its beams.
    mutating func rdss2Beams() {
        let start = begin("BDBSI,01,02")
        for power in Self.beams + [0, 0, 0, 0] {
            append(",")
            append(0x30 + power)
        }
        end(from: start)
    }

    mutating func rdss2Feedback() {
        let start = begin("BDFKI,TXA,Y,Y,0,0000")
        end(from: start)
    }

    // MARK: BeiDou-3, regional

    /// TCI: a message.
    mutating func regionalMessage(
        _ content: borrowing MessageContent, of terminal: UInt32, sent: Int64, unit: UInt32
    ) {
        let start = begin("BDTCI,")
        append(decimal: Int(terminal), width: 8)
        append(",")
        append(decimal: Int(unit), width: 8)
        append(",2,")
        append(Clock(sent), hundredths: false)
        append(",")
        append(0x31 + content.form.rawValue)
        append(",0,")
        append(line: content)
        end(from: start)
    }

    /// ICP: the unit's card.
    mutating func regionalCard(_ unit: CommandUnit, subordinates: Int) {
        let start = begin("BDICP,")
        append(decimal: Int(unit.card), width: 8)
        append(",")
        append(decimal: Int(unit.card), width: 8)
        append(",1,3,0,N,1,N,0,0,0,3,1,")
        append(decimal: unit.frequency)
        append(",0,0,0,0,0,")
        append(decimal: subordinates)
        append(",0,0,0")
        end(from: start)
    }

    /// PWI: the signals of its beams.
    mutating func regionalBeams(at time: Int64) {
        let start = begin("BDPWI,")
        append(Clock(time), hundredths: true)
        append(",00,03,2,51,44,0,4,50,43,0,11,43,36,0")
        end(from: start)
    }

    mutating func regionalFeedback(at time: Int64) {
        let start = begin("BDFKI,")
        append(Clock(time), hundredths: false)
        append(",TCQ,Y,0,0")
        end(from: start)
    }

    // MARK: NMEA 0183

    /// GGA and RMC of a receiver.
    mutating func receiverFix(_ report: TerminalReport, at time: Int64) {
        let clock = Clock(time)
        var start = begin("GNGGA,")
        append(clock, hundredths: true)
        append(",")
        append(report.place, decimals: 5)
        append("1,")
        append(decimal: Int(report.satellites), width: 2)
        append(",0.9,")
        append(report.place.height, decimals: 1)
        append(",M,0.0,M,,")
        end(from: start)
        start = begin("GNRMC,", isFirst: false)
        append(clock, hundredths: true)
        append(",A,")
        append(report.place, decimals: 5)
        append(report.place.speed / 1.852, decimals: 3)
        append(",")
        append(report.place.course, decimals: 1)
        append(",")
        append(decimal: clock.day * 10_000 + clock.month * 100 + clock.year % 100, width: 6)
        append(",,,A")
        end(from: start)
    }
}
