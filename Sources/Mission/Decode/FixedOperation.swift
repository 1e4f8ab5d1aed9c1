import Records

/// One field with a fixed place, as the loop over a column wants it: small, without references to count.
struct FixedOperation: BitwiseCopyable {
    /// How the raw value is read.
    enum Load: UInt8 {
        /// One load of eight octets that holds the whole big-endian field, and two shifts.
        case unsigned, signed, float32, float64
        /// Everything else about numbers.
        case number
        case string, binary
    }
    /// What becomes of it in the same loop.
    enum Finish: UInt8 {
        /// Raw and engineering value are one.
        case none
        case widen
        case linear
        case truth
        case polynomial
        /// A row at a time, as those that can fail.
        case each
        /// After the walk: it looks at other fields.
        case later
    }
    var field: Int32
    var offset: Int
    var bits: Int
    var load: Load
    var finish: Finish
    var slope = 0.0
    var intercept = 0.0

    init(_ plan: FieldPlan, field: Int, offset: Int) {
        self.field = Int32(truncatingIfNeeded: field)
        self.offset = offset
        bits = plan.fixedBits ?? 0
        finish = .each
        switch plan.encoding {
        case .string:
            load = .string
            return
        case .binary:
            load = .binary
            return
        case .number(let format):
            let fits = !format.isReversed && format.order == .bigEndian && offset % 8 + format.bits <= 64
            load =
                switch format.coding {
                case .unsigned where fits: .unsigned
                case .twosComplement where fits: .signed
                case .ieee32 where fits: .float32
                case .ieee64 where fits: .float64
                default: .number
                }
            finish(plan, format)
        }
    }

    private mutating func finish(_ plan: FieldPlan, _ format: NumberFormat) {
        switch plan.conversion {
        case .none: finish = .none
        // Without a calibrator a float is its own value, in a cell of its own.
        case .number: finish = .widen
        case .calibrated(_, let contexts) where !contexts.isEmpty: finish = .later
        case .calibrated(nil, _): finish = .widen
        case .calibrated(.linear(let slope, let intercept), _):
            finish = .linear
            self.slope = slope
            self.intercept = intercept
        case .calibrated(.polynomial, _): finish = .polynomial
        case .truth where format.rawKind != .float: finish = .truth
        default: finish = .each
        }
    }
}
