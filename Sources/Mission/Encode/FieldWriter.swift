import Records

/// How one column of numbers becomes bits of packets, compiled: small, without references to count.
struct FieldWriter: BitwiseCopyable {
    enum Kind: UInt8 {
        /// Counts from packet to packet.
        case counter
        /// Whole numbers as they are.
        case integer
        /// Numbers by a first degree, to the nearest whole one.
        case linear
        /// Numbers by a first degree, as floats.
        case float32, float64
        /// Nanoseconds since 1970.
        case time
        /// Whole numbers through a table: the labels of an enumeration.
        case table
        /// Numbers by a spline that only rises or only falls.
        case spline
        /// Numbers by a polynomial that only rises or only falls.
        case polynomial
        /// Everything else, one by one.
        case each
    }
    var kind: Kind
    var field: Int
    /// Which column of the caller's it reads; -1: none.
    var column: Int
    /// The octet that the word of eight begins at, how far its value is moved up in it, and its bits.
    var first: Int
    /// Bits of that octet in front of the field.
    var skip: Int
    var shift: UInt64
    var mask: UInt64
    /// Whether the octets of the value are turned round, and how far it is moved down then.
    var isSwapped = false
    var swapShift: UInt64 = 0
    /// The field does not fit one word of eight octets, or has a coding that is not just its low bits.
    var isWide = false
    /// raw = (value - intercept) x scale.
    var intercept = 0.0
    var scale = 1.0
    /// Raw values that it holds.
    var low = 0.0
    var high = 0.0
    var lowInteger = Int64.min
    var highInteger = Int64.max
    /// Of a time: nanoseconds to take off, whether leap seconds count, 2^-n seconds or so many nanoseconds a unit.
    var origin: Int64 = 0
    var isTAI = false
    var binary: Int64 = -1
    /// Seconds of an Int64 of nanoseconds have 34 bits, so that with so many of their fractions they fit one.
    static let mostBinary: Int64 = 29
    var unit: Int64 = 1
    /// Of a part of a time: how many of the finest units one of its own is, and how many of its own one of the next part is;
    /// 0 where there is none.
    var divisor: Int64 = 1
    var modulus: Int64 = 0
    /// Which of the tables, splines or formats it uses.
    var other = 0

    /// A writer of a field at a fixed place; its kind and what belongs to it are set by the caller.
    init(_ kind: Kind, field: Int, column: Int, format: NumberFormat, at offset: Int) {
        self.kind = kind
        self.field = field
        self.column = column
        first = offset / 8
        skip = offset % 8
        mask = format.bits == 64 ? .max : 1 << UInt64(format.bits) - 1
        let end = offset % 8 + format.bits
        shift = end <= 64 ? UInt64(64 - end) : 0
        isWide = end > 64 || format.isReversed
        switch format.order {
        case .bigEndian: break
        case .littleEndian where format.bits % 8 == 0:
            isSwapped = true
            swapShift = UInt64(64 - format.bits)
        default: isWide = true
        }
        switch format.coding {
        case .unsigned, .twosComplement, .ieee32, .ieee64: break
        case .signMagnitude, .onesComplement, .ieee16, .mil1750A32, .mil1750A48: isWide = true
        }
        if let integers = format.integers {
            lowInteger = Int64(clamping: integers.lowerBound)
            highInteger = Int64(clamping: integers.upperBound)
            // Of 64 bits without a sign all patterns are values.
            if integers.upperBound > Int128(Int64.max) { (lowInteger, highInteger) = (.min, .max) }
            low = Double(integers.lowerBound)
            high = Double(integers.upperBound)
        } else {
            low = format.floats.lowerBound
            high = format.floats.upperBound
        }
    }

    /// Whether the bits of a raw value stand in the packet as they are, so that loops of their own can write them.
    func isSimple(_ format: NumberFormat) -> Bool {
        let isPlain =
            switch format.coding {
            case .unsigned, .twosComplement, .ieee32, .ieee64: !format.isReversed
            default: false
            }
        switch format.order {
        case .bigEndian: return isPlain
        case .littleEndian: return isPlain && format.bits % 8 == 0 && !isWide
        case .list: return false
        }
    }

    /// The word that is merged into the packet, from the raw value's bits.
    @inline(__always)
    func word(_ raw: UInt64) -> UInt64 {
        var value = raw & mask
        if isSwapped { value = value.byteSwapped &>> swapShift }
        return value &<< shift
    }
}

/// A spline backwards that only rises or only falls: straight pieces, ascending by calibrated value.
struct SplineInverse: Sendable {
    private var calibrated: [Double] = []
    private var raw: [Double] = []

    /// Nil when it has flat pieces or turns, or fewer than two points.
    init?(_ spline: Calibrator.Spline) {
        guard spline.raw.count > 1, spline.orders.dropLast().allSatisfy({ $0 == 1 }),
            !spline.extrapolates || spline.orders[0] == 1
        else { return nil }
        calibrated = spline.calibrated
        raw = spline.raw
        if calibrated[0] > calibrated[1] {
            calibrated.reverse()
            raw.reverse()
        }
        for (one, next) in zip(calibrated, calibrated.dropFirst()) where !(one < next) { return nil }
    }

    /// The raw value, with the end pieces carried on.
    @inline(__always)
    func value(_ wanted: Double) -> Double {
        var low = 0
        var high = calibrated.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if calibrated[middle] <= wanted { low = middle } else { high = middle }
        }
        let slope = (raw[high] - raw[low]) / (calibrated[high] - calibrated[low])
        return raw[low] + (wanted - calibrated[low]) * slope
    }

    /// The raw values between the points, for one that is not carried on.
    var ends: ClosedRange<Double> { min(raw[0], raw[raw.count - 1])...max(raw[0], raw[raw.count - 1]) }
}
