/// A condition as a flat list of tests: each says which test comes next, so AND, OR and their nesting need no tree.
struct CriteriaPlan: Sendable {
    struct Step: Sendable {
        var test: TestPlan
        /// The next step, or an end.
        var onTrue: Int32
        var onFalse: Int32
    }
    static let holds: Int32 = -1
    static let fails: Int32 = -2
    var steps: [Step]
    /// The first step, or an end.
    var start: Int32

    /// True when a test looks at a field that is found only by walking, or at text: the value has to be decoded first.
    func needsProbe(_ fields: [FieldPlan]) -> Bool {
        steps.contains { step in
            if case .octets = step.test.kind { return true }
            return step.test.fields.contains { fields[$0].place == .walked }
        }
    }
}

/// One test on the value of a field.
struct TestPlan: Sendable {
    typealias Operator = ComparisonModel.Operator
    enum Kind: Sendable {
        /// The raw integer, in the order of ``LabelTable/biased(_:isSigned:)``, lies in a range (or outside).
        case range(low: UInt64, high: UInt64, isInside: Bool)
        /// The same with several ranges: the labels of an enumeration.
        case ranges([ClosedRange<UInt64>], isInside: Bool)
        /// A number against a number.
        case number(Operator, Double, isCalibrated: Bool)
        /// Text or octets against octets.
        case octets([UInt8], isEqual: Bool, isText: Bool)
        /// A number against that of another field.
        case pair(Operator, field: Int, isCalibrated: Bool, otherIsCalibrated: Bool)
        /// Decided by the definition alone.
        case always(Bool)
    }
    var field: Int
    var isSigned = false
    var kind: Kind

    /// The fields that it looks at.
    var fields: [Int] {
        switch kind {
        case .always: []
        case .pair(_, let other, _, _): [field, other]
        default: [field]
        }
    }
}

extension ComparisonModel.Operator {
    @inline(__always)
    func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
        switch self {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }
}
