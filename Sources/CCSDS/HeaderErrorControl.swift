/// Frame header error control of AOS frames (732.0-B, 4.1.2.6): a Reed-Solomon code (10,6) over GF(16) whose symbols
/// are the nibbles of octets 0, 1 and 5 and of the field itself.
///
/// The field is made by x^4 + x + 1; the generator has the roots α^6 to α^9. Two wrong nibbles can be put right.
public enum HeaderErrorControl {
    /// What six nibbles are protected by: `identifiers` is octets 0 and 1 of the frame, `signalling` octet 5.
    public static func field(identifiers: UInt16, signalling: UInt8) -> UInt16 {
        var register: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
        for index in 0..<6 {
            let symbol = nibble(index, UInt64(identifiers) << 24 | UInt64(signalling) << 16)
            let feedback = symbol ^ register.0
            register.0 = register.1 ^ multiply(feedback, generator[0])
            register.1 = register.2 ^ multiply(feedback, generator[1])
            register.2 = register.3 ^ multiply(feedback, generator[2])
            register.3 = multiply(feedback, generator[3])
        }
        return UInt16(register.0) << 12 | UInt16(register.1) << 8 | UInt16(register.2) << 4 | UInt16(register.3)
    }

    /// A header as its error control has it.
    public struct Corrected: Sendable, Equatable {
        /// Octets 0 and 1 of the frame.
        public let identifiers: UInt16
        /// Octet 5 of the frame.
        public let signalling: UInt8
        /// The field itself.
        public let field: UInt16
        /// How many nibbles were wrong: 0, 1 or 2.
        public let errors: Int
    }

    /// Puts up to two wrong nibbles right; nil when more are wrong.
    public static func correct(identifiers: UInt16, signalling: UInt8, field: UInt16) -> Corrected? {
        let word = UInt64(identifiers) << 24 | UInt64(signalling) << 16 | UInt64(field)
        var (s0, s1, s2, s3): (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
        for index in 0..<10 {
            let symbol = nibble(index, word)
            s0 = multiply(s0, power[6]) ^ symbol
            s1 = multiply(s1, power[7]) ^ symbol
            s2 = multiply(s2, power[8]) ^ symbol
            s3 = multiply(s3, power[9]) ^ symbol
        }
        if s0 | s1 | s2 | s3 == 0 { return corrected(word, errors: 0) }
        // One error of value e at place p (counted from the end): syndrome j is e·α^((6+j)p). Try the ten places.
        for place in 0..<10 where s0 != 0 {
            let step = power[place]
            guard multiply(s0, step) == s1, multiply(s1, step) == s2, multiply(s2, step) == s3 else { continue }
            return corrected(word ^ UInt64(divide(s0, power[6 * place % 15])) << UInt64(4 * place), errors: 1)
        }
        // Two errors: the locator x² + ax + b has S2 = a·S1 + b·S0 and S3 = a·S2 + b·S1.
        let determinant = multiply(s1, s1) ^ multiply(s0, s2)
        guard determinant != 0 else { return nil }
        let a = divide(multiply(s1, s2) ^ multiply(s0, s3), determinant)
        let b = divide(multiply(s2, s2) ^ multiply(s1, s3), determinant)
        var places: [Int] = []
        for place in 0..<10 {
            let x = power[place]
            if multiply(x, x) ^ multiply(a, x) ^ b == 0 { places.append(place) }
        }
        guard places.count == 2 else { return nil }
        // With X = α^p: S0 = Y1 + Y2 and S1 = Y1·X1 + Y2·X2, where Y = e·X^6.
        let (x1, x2) = (power[places[0]], power[places[1]])
        let y1 = divide(s1 ^ multiply(s0, x2), x1 ^ x2)
        let y2 = s0 ^ y1
        var fixed = word
        fixed ^= UInt64(divide(y1, power[6 * places[0] % 15])) << UInt64(4 * places[0])
        fixed ^= UInt64(divide(y2, power[6 * places[1] % 15])) << UInt64(4 * places[1])
        return corrected(fixed, errors: 2)
    }

    private static func corrected(_ word: UInt64, errors: Int) -> Corrected {
        Corrected(
            identifiers: UInt16(truncatingIfNeeded: word >> 24), signalling: UInt8(truncatingIfNeeded: word >> 16),
            field: UInt16(truncatingIfNeeded: word), errors: errors)
    }

    /// The nibble at `index` of ten, the first the most significant.
    private static func nibble(_ index: Int, _ word: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: word >> UInt64(4 * (9 - index))) & 15
    }

    /// α^i for i = 0 … 14.
    private static let power: [UInt8] = {
        var powers: [UInt8] = []
        var value: UInt8 = 1
        for _ in 0..<15 {
            powers.append(value)
            value = value & 8 == 0 ? value << 1 : (value << 1 ^ 0x13) & 15
        }
        return powers
    }()

    /// The exponent of each value but 0.
    private static let logarithm: [Int] = {
        var logarithms = [Int](repeating: 0, count: 16)
        for (exponent, value) in power.enumerated() { logarithms[Int(value)] = exponent }
        return logarithms
    }()

    /// The coefficients of (x + α^6)(x + α^7)(x + α^8)(x + α^9) below x^4, highest first.
    private static let generator: [UInt8] = {
        var polynomial: [UInt8] = [1]
        for root in 6...9 {
            var product = polynomial + [0]
            for index in polynomial.indices { product[index + 1] ^= multiply(polynomial[index], power[root]) }
            polynomial = product
        }
        return Array(polynomial.dropFirst())
    }()

    private static func multiply(_ a: UInt8, _ b: UInt8) -> UInt8 {
        a == 0 || b == 0 ? 0 : power[(logarithm[Int(a)] + logarithm[Int(b)]) % 15]
    }

    /// `b` is not 0.
    private static func divide(_ a: UInt8, _ b: UInt8) -> UInt8 {
        a == 0 ? 0 : power[(logarithm[Int(a)] + 15 - logarithm[Int(b)]) % 15]
    }
}
