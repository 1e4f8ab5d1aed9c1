import Records

/// From raw values to the bits of a field: ``NumberFormat/convert(_:)`` backwards.
extension NumberFormat {
    /// The whole numbers that it holds; nil for floats.
    var integers: ClosedRange<Int128>? {
        // A field of the other octet order that does not fill its octets is padded in front before they are swapped, so
        // its low octet comes to stand on top.
        let unsignedBits = order == .littleEndian ? (bits + 7) / 8 * 8 : bits
        return switch coding {
        case .unsigned: 0...(Int128(1) << Int128(unsignedBits) - 1)
        case .twosComplement: -(Int128(1) << Int128(bits - 1))...(Int128(1) << Int128(bits - 1) - 1)
        case .signMagnitude, .onesComplement:
            -(Int128(1) << Int128(bits - 1) - 1)...(Int128(1) << Int128(bits - 1) - 1)
        case .ieee16, .ieee32, .ieee64, .mil1750A32, .mil1750A48: nil
        }
    }

    /// The finite numbers that a float holds; those of a Double for everything else.
    var floats: ClosedRange<Double> {
        switch coding {
        case .ieee16: -65_504...65_504
        case .ieee32: -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude)
        case .mil1750A32: -0x1p127...0x1.FFFFFCp126
        case .mil1750A48: -0x1p127...0x1.FFFFFFFFFCp126
        default: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        }
    }

    /// The cell of a whole number that it holds.
    static func cell(_ value: Int128) -> UInt64 { UInt64(truncatingIfNeeded: value) }

    /// The whole number of a cell.
    func integer(_ cell: UInt64) -> Int128 {
        rawKind == .signed ? Int128(Int64(bitPattern: cell)) : Int128(cell)
    }

    /// The cell of the number that it holds nearest to a number; nil where it does not reach. Not for integers.
    func nearest(_ value: Double) -> UInt64? {
        let held: Double
        switch coding {
        case .ieee16: held = Self.half(Self.halfBits(value))
        case .ieee32: held = Double(Float(value))
        case .mil1750A32, .mil1750A48:
            guard let parts = Self.mil1750A(value, fraction: coding == .mil1750A32 ? 23 : 39) else { return nil }
            held = Double(sign: .plus, exponent: parts.exponent, significand: Double(parts.mantissa))
        default: held = value
        }
        guard held.isFinite == value.isFinite else { return nil }
        return held.bitPattern
    }

    /// The bits of the field for a raw value as a cell; nil when the field cannot hold it.
    func field(_ cell: UInt64) -> UInt64? {
        guard var value = coded(cell) else { return nil }
        switch order {
        case .bigEndian: break
        case .littleEndian: value = value.byteSwapped >> UInt64(64 - (bits + 7) / 8 * 8)
        case .list(let significance):
            var field: UInt64 = 0
            for weight in significance { field = field << 8 | value >> UInt64(Int(weight) * 8) & 0xFF }
            value = field
        }
        guard bits == 64 || value >> UInt64(bits) == 0 else { return nil }
        if isReversed { value = Self.reverse(value) >> UInt64(64 - bits) }
        let back = convert(value)
        // What is not a number is one whatever its bits.
        let isSame = back == cell || rawKind == .float && Double(bitPattern: back) == Double(bitPattern: cell)
        return isSame || rawKind == .float && Double(bitPattern: cell).isNaN ? value : nil
    }

    /// The number in its coding, before octets and bits are put in order.
    private func coded(_ cell: UInt64) -> UInt64? {
        let mask = bits == 64 ? UInt64.max : 1 << UInt64(bits) - 1
        switch coding {
        case .unsigned, .ieee64: return cell
        case .twosComplement: return cell & mask
        case .signMagnitude:
            let value = Int64(bitPattern: cell)
            return value >= 0 ? cell : value.magnitude | 1 << UInt64(bits - 1)
        case .onesComplement: return Int64(bitPattern: cell) >= 0 ? cell : (cell &- 1) & mask
        case .ieee16: return UInt64(Self.halfBits(Double(bitPattern: cell)))
        case .ieee32: return UInt64(Float(Double(bitPattern: cell)).bitPattern)
        case .mil1750A32:
            guard let parts = Self.mil1750A(Double(bitPattern: cell), fraction: 23) else { return nil }
            let exponent = UInt64(UInt8(truncatingIfNeeded: parts.exponent + 23))
            return UInt64(truncatingIfNeeded: parts.mantissa & 0xFF_FFFF) << 8 | exponent
        case .mil1750A48:
            guard let parts = Self.mil1750A(Double(bitPattern: cell), fraction: 39) else { return nil }
            let mantissa = UInt64(truncatingIfNeeded: parts.mantissa) & 0xFF_FFFF_FFFF
            let exponent = UInt64(UInt8(truncatingIfNeeded: parts.exponent + 39))
            return (mantissa >> 16) << 24 | exponent << 16 | mantissa & 0xFFFF
        }
    }

    /// IEEE 754 binary16, rounded to nearest, ties to even.
    private static func halfBits(_ value: Double) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        guard !value.isNaN else { return 0x7E00 }
        let magnitude = value.magnitude
        guard magnitude < 65_520 else { return sign | 0x7C00 }
        // Below 2^-14 numbers lie 2^-24 apart, above it 2^-10 of the power of two below them.
        let exponent = magnitude == 0 ? -14 : max(-14, Int(magnitude.exponent))
        let steps = Int(
            (magnitude * Double(sign: .plus, exponent: 10 - exponent, significand: 1)).rounded(.toNearestOrEven))
        // 1,024 steps and more have the hidden bit, which counts the exponent on.
        return sign | UInt16((exponent + 14) << 10 + steps)
    }

    /// MIL-STD-1750A: the mantissa as a whole number and the power of two that it is taken by. Normalised: the bit behind
    /// the sign differs from it. Nil where the exponent of 8 bits does not reach.
    private static func mil1750A(_ value: Double, fraction: Int) -> (mantissa: Int64, exponent: Int)? {
        guard value.isFinite else { return nil }
        guard value != 0 else { return (0, -fraction) }
        // 0.5 up to 1 for positive numbers, -1 up to -0.5 (excluded) for negative ones.
        var exponent = Int(value.exponent) + 1
        if value < 0, value.significand == 1 { exponent -= 1 }
        exponent = max(exponent, -128)
        var mantissa = Int64(
            (value * Double(sign: .plus, exponent: -exponent, significand: 1)
                * Double(sign: .plus, exponent: fraction, significand: 1)).rounded(.toNearestOrEven))
        if mantissa == 1 << Int64(fraction) {
            mantissa >>= 1
            exponent += 1
        }
        guard exponent <= 127 else { return nil }
        if mantissa == 0 { return (0, -fraction) }
        return (mantissa, exponent - fraction)
    }
}
