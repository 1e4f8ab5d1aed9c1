internal import Records

/// Texts of people turned into numbers of frames.
enum RDSS4Writing {

    /// `08:49` as two octets; `08:49:36` or `08:49:36.50` as four. Nil when it is no such time of day.
    static func clock(_ text: String, octets: Int) -> UInt64? {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        var parts = halves[0].split(separator: ":", omittingEmptySubsequences: false).map(digits(2))
        guard parts.count == (octets == 2 ? 2 : 3), halves.count <= (octets == 2 ? 1 : 2) else { return nil }
        if octets == 4 { parts.append(halves.count == 2 ? digits(2)(halves[1]) : 0) }
        let limits: [UInt64] = [23, 59, 59, 99]
        var number: UInt64 = 0
        for (part, limit) in zip(parts, limits) {
            guard let part, part <= limit else { return nil }
            number = number << 8 | part
        }
        return number
    }

    /// `2026-11-24T08:18:03Z` as year, month, day, hour, minute, second; the year as two octets, or as one that counts
    /// from 2000 when there are six. Nil when it is no such time.
    static func date(_ text: String, octets: Int) -> UInt64? {
        guard text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let clock = clock(String(halves[1]) + ".00", octets: 4) else { return nil }
        let parts = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = digits(4)(parts[0]), let month = digits(2)(parts[1]),
            let day = digits(2)(parts[2]), year >= 1, (1...12).contains(month), day >= 1,
            day <= RDSS4Decoder.daysInMonth(month, year: year)
        else { return nil }
        var first = year
        if octets == 6 {
            guard (2_000...2_255).contains(year) else { return nil }
            first = year - 2_000
        }
        return first << 40 | month << 32 | day << 24 | clock >> 8
    }

    /// Degrees as degree, minute, second and tenth of a second, with the letter in front where there is one. Nil when
    /// they are outside what is allowed.
    static func coordinate(_ degrees: Double, _ kind: RDSS4Coordinate) -> UInt64? {
        guard degrees.magnitude <= Double(kind.most) else { return nil }
        var front: UInt64 = 0
        if let letters = kind.letters {
            front = UInt64(degrees < 0 ? letters.minus : letters.plus)
        } else if degrees < 0 {
            return nil
        }
        let parts = UInt64((degrees.magnitude * RDSS4Coordinate.partsOfDegree).rounded())
        return front << 32 | (parts / 36_000) << 24 | (parts / 600 % 60) << 16 | (parts / 10 % 60) << 8 | parts % 10
    }

    private static func digits(_ count: Int) -> (Substring) -> UInt64? {
        { text in
            guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return UInt64(text)
        }
    }
}
