import Bytes
import Records

/// How a number stands in a packet: what an integer or float encoding says.
struct NumberFormat: Sendable, Equatable {
    enum Coding: UInt8, Sendable {
        case unsigned, twosComplement, signMagnitude, onesComplement
        case ieee16, ieee32, ieee64
        case mil1750A32, mil1750A48
    }
    /// The order of the octets.
    enum Order: Sendable, Equatable {
        case bigEndian
        case littleEndian
        /// The significance of each octet in the order of the packet, 0 the least.
        case list([UInt8])
    }
    var coding = Coding.unsigned
    /// 1 to 64.
    var bits = 8
    var order = Order.bigEndian
    /// The first bit of the field is its least significant one.
    var isReversed = false

    /// The kind of raw value that comes out.
    var rawKind: RawKind {
        switch coding {
        case .unsigned: .unsigned
        case .twosComplement, .signMagnitude, .onesComplement: .signed
        case .ieee16, .ieee32, .ieee64, .mil1750A32, .mil1750A48: .float
        }
    }

    /// True when the bits as taken are the value.
    var isPlain: Bool { coding == .unsigned && order == .bigEndian && !isReversed }

    /// The raw value at a bit offset, as a cell: integers as they are, floats as the bits of a Double. The field lies
    /// inside the span.
    @inline(__always)
    func read(_ bytes: RawSpan, at offset: Int) -> UInt64 { convert(bytes.bits(at: offset, count: bits)) }

    /// The raw value from the bits of the field.
    func convert(_ field: UInt64) -> UInt64 {
        var value = field
        if isReversed { value = Self.reverse(value) >> UInt64(64 - bits) }
        switch order {
        case .bigEndian: break
        case .littleEndian:
            // A field that is no whole number of octets is padded in front first, as space_packet_parser does; what the
            // standard means by it is not said.
            value = value.byteSwapped >> UInt64(64 - (bits + 7) / 8 * 8)
        case .list(let significance): value = Self.permute(value, significance)
        }
        return Self.number(value, coding, bits)
    }

    @inline(__always)
    static func number(_ value: UInt64, _ coding: Coding, _ bits: Int) -> UInt64 {
        switch coding {
        case .unsigned: return value
        case .twosComplement: return signExtend(value, bits)
        case .signMagnitude:
            let magnitude = value & (1 << UInt64(bits - 1) &- 1)
            return value >> UInt64(bits - 1) == 0 ? magnitude : 0 &- magnitude
        case .onesComplement:
            return value >> UInt64(bits - 1) == 0 ? value : signExtend(value, bits) &+ 1
        case .ieee16: return half(UInt16(truncatingIfNeeded: value)).bitPattern
        case .ieee32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: value))).bitPattern
        case .ieee64: return value
        case .mil1750A32:
            let mantissa = Int64(bitPattern: signExtend(value >> 8 & 0xFF_FFFF, 24))
            return scaled(mantissa, Int(Int8(truncatingIfNeeded: value)) - 23).bitPattern
        case .mil1750A48:
            // Mantissa high 24 bits, exponent 8, mantissa low 16.
            let mantissa = Int64(bitPattern: signExtend((value >> 24) << 16 | value & 0xFFFF, 40))
            return scaled(mantissa, Int(Int8(truncatingIfNeeded: value >> 16)) - 39).bitPattern
        }
    }

    @inline(__always)
    static func signExtend(_ value: UInt64, _ bits: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: 64 &- bits)
        return UInt64(bitPattern: Int64(bitPattern: value &<< shift) &>> Int64(bitPattern: shift))
    }

    private static func scaled(_ mantissa: Int64, _ exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: Double(mantissa))
    }

    /// IEEE 754 binary16, written out: Float16 is not there on every machine.
    static func half(_ bits: UInt16) -> Double {
        let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude: Double
        switch exponent {
        case 0: magnitude = Double(sign: .plus, exponent: -24, significand: fraction)
        case 31: magnitude = fraction == 0 ? .infinity : .nan
        default: magnitude = Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1024)
        }
        return sign == .plus ? magnitude : -magnitude
    }

    static func reverse(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value & 0x5555_5555_5555_5555) << 1 | value >> 1 & 0x5555_5555_5555_5555
        value = (value & 0x3333_3333_3333_3333) << 2 | value >> 2 & 0x3333_3333_3333_3333
        value = (value & 0x0F0F_0F0F_0F0F_0F0F) << 4 | value >> 4 & 0x0F0F_0F0F_0F0F_0F0F
        return value.byteSwapped
    }

    private static func permute(_ value: UInt64, _ significance: [UInt8]) -> UInt64 {
        var out: UInt64 = 0
        for (index, weight) in significance.enumerated() {
            let octet = value >> UInt64((significance.count - 1 - index) * 8) & 0xFF
            out |= octet << UInt64(Int(weight) * 8)
        }
        return out
    }
}
