import Records

extension Compiler {
    /// What to do about a condition that looks at a parameter which is not in the packet before it.
    enum Missing {
        case error
        /// It is as if the condition were not there.
        case warning
    }

    /// Compiles a condition against what is decoded so far. Nil after something was reported. `own` is the field that a
    /// calibrator or limit belongs to.
    func compile(
        _ condition: ConditionModel, _ state: PathState, own: Int?, ownIsRaw: Bool = false, missing: Missing = .error
    ) -> CriteriaPlan? {
        var steps: [CriteriaPlan.Step] = []
        let context = Context(own: own, ownIsRaw: ownIsRaw, missing: missing)
        guard
            let start = emit(
                condition, state, context, onTrue: CriteriaPlan.holds, onFalse: CriteriaPlan.fails, &steps)
        else { return nil }
        return CriteriaPlan(steps: steps, start: start)
    }

    private struct Context {
        var own: Int?
        var ownIsRaw: Bool
        var missing: Missing
    }

    /// Writes the steps of a condition, the last first, since each has to know where to go on. The depth is bounded by
    /// the reader.
    private func emit(
        _ condition: ConditionModel, _ state: PathState, _ context: Context, onTrue: Int32, onFalse: Int32,
        _ steps: inout [CriteriaPlan.Step]
    ) -> Int32? {
        switch condition {
        case .comparison(let comparison):
            guard let test = test(comparison, state, context) else { return nil }
            steps.append(CriteriaPlan.Step(test: test, onTrue: onTrue, onFalse: onFalse))
            return Int32(steps.count - 1)
        case .all(let parts):
            var next = onTrue
            for part in parts.reversed() {
                guard let entry = emit(part, state, context, onTrue: next, onFalse: onFalse, &steps) else { return nil }
                next = entry
            }
            return next
        case .any(let parts):
            var next = onFalse
            for part in parts.reversed() {
                guard let entry = emit(part, state, context, onTrue: onTrue, onFalse: next, &steps) else { return nil }
                next = entry
            }
            return next
        }
    }

    /// The field that a reference means: the latest of its parameter.
    func field(_ reference: ReferenceModel, _ state: PathState, _ missing: Missing = .error) -> Int? {
        if let field = state.latest[reference.parameter] { return field }
        let name = model.parameters[reference.parameter].name
        if let type = model.parameters[reference.parameter].type, !model.types[type].defects.isEmpty { return nil }
        let message = "parameter \"\(name)\" does not stand in the packet before this place"
        switch missing {
        case .error: reporter.error(reference.position, message + ": refer to one that does")
        case .warning: reporter.warning(reference.position, message + ": the context never applies")
        }
        return nil
    }

    private func test(_ comparison: ComparisonModel, _ state: PathState, _ context: Context) -> TestPlan? {
        guard let index = field(comparison.left, state, context.missing) else { return nil }
        let plan = state.fields[index]
        // A calibrator's context can look at the value that is to be calibrated: there is only the raw one then.
        let isCalibrated = comparison.left.usesCalibratedValue && !(context.ownIsRaw && index == context.own)
        switch comparison.right {
        case .parameter(let reference):
            guard let other = field(reference, state, context.missing) else { return nil }
            let otherIsCalibrated = reference.usesCalibratedValue && !(context.ownIsRaw && other == context.own)
            guard isNumeric(plan, isCalibrated), isNumeric(state.fields[other], otherIsCalibrated) else {
                reporter.error(
                    comparison.position, "two parameters are compared that are not both numbers: compare raw values")
                return nil
            }
            return TestPlan(
                field: index,
                kind: .pair(
                    comparison.comparison, field: other, isCalibrated: isCalibrated,
                    otherIsCalibrated: otherIsCalibrated))
        case .text(let text):
            var test = TestPlan(field: index, kind: .always(false))
            if case .number(let format) = plan.encoding { test.isSigned = format.rawKind == .signed }
            guard let kind = kind(comparison, text, plan, isCalibrated, isSigned: test.isSigned) else { return nil }
            test.kind = kind
            return test
        }
    }

    /// Whether the value is a plain number on that side.
    func isNumeric(_ plan: FieldPlan, _ isCalibrated: Bool) -> Bool {
        guard case .number = plan.encoding else { return false }
        guard isCalibrated else { return true }
        switch plan.conversion {
        case .none, .number, .calibrated, .truth: return true
        default: return false
        }
    }

    private func kind(
        _ comparison: ComparisonModel, _ text: String, _ plan: FieldPlan, _ isCalibrated: Bool, isSigned: Bool
    ) -> TestPlan.Kind? {
        let sign = comparison.comparison
        if isCalibrated {
            switch plan.conversion {
            case .labels: return labels(comparison, text, plan, isSigned: isSigned)
            case .truth: return truth(comparison, text, plan, isSigned: isSigned)
            case .text: return octets(comparison, Array(text.utf8), isText: true)
            case .textTruth, .textLabels, .binaryTruth, .time:
                reporter.error(
                    comparison.position,
                    "a value of the type of \"\(plan.info.shortName)\" cannot be compared yet: "
                        + "set useCalibratedValue=\"false\""
                )
                return nil
            case .number, .calibrated:
                return number(comparison, text, plan, isCalibrated: true)
            case .none: break
            }
        }
        switch plan.encoding {
        case .number(let format) where format.rawKind != .float:
            if let value = Loader.integer(text) ?? Double(Element.trim(text)).flatMap({ Int128(exactly: $0) }) {
                return Self.range(sign, value, isSigned: isSigned)
            }
            return number(comparison, text, plan, isCalibrated: false)
        case .number: return number(comparison, text, plan, isCalibrated: false)
        case .string: return octets(comparison, Array(text.utf8), isText: true)
        case .binary:
            let digits = text.compactMap(\.hexDigitValue)
            guard digits.count == text.count, digits.count % 2 == 0 else {
                reporter.error(
                    comparison.position,
                    "a binary is compared with \"\(text)\", hexadecimal octets are allowed: correct it")
                return nil
            }
            let octets = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
            return self.octets(comparison, octets, isText: false)
        }
    }

    private func number(
        _ comparison: ComparisonModel, _ text: String, _ plan: FieldPlan, isCalibrated: Bool
    ) -> TestPlan.Kind? {
        guard let value = Loader.number(text) else {
            reporter.error(
                comparison.position,
                "\"\(plan.info.shortName)\" is a number and is compared with \"\(text)\": give a number")
            return nil
        }
        return .number(comparison.comparison, value, isCalibrated: isCalibrated)
    }

    private func octets(_ comparison: ComparisonModel, _ value: [UInt8], isText: Bool) -> TestPlan.Kind? {
        guard comparison.comparison == .equal || comparison.comparison == .notEqual else {
            reporter.error(
                comparison.position, "texts and binaries can be compared with == and != only: use one of them")
            return nil
        }
        return .octets(value, isEqual: comparison.comparison == .equal, isText: isText)
    }

    /// A comparison of a whole number is a range of cells.
    private static func range(_ sign: TestPlan.Operator, _ value: Int128, isSigned: Bool) -> TestPlan.Kind {
        // In the order of biased cells both kinds begin at 0 and end at the largest UInt64.
        let shifted = isSigned ? value + (1 << 63) : value
        let top = Int128(UInt64.max)
        func within(_ low: Int128, _ high: Int128, isInside: Bool = true) -> TestPlan.Kind {
            guard low <= high, high >= 0, low <= top else { return .always(!isInside) }
            return .range(low: UInt64(max(0, low)), high: UInt64(min(top, high)), isInside: isInside)
        }
        switch sign {
        case .equal: return within(shifted, shifted)
        case .notEqual: return within(shifted, shifted, isInside: false)
        case .less: return within(0, shifted - 1)
        case .lessOrEqual: return within(0, shifted)
        case .greater: return within(shifted + 1, top)
        case .greaterOrEqual: return within(shifted, top)
        }
    }

    private func labels(
        _ comparison: ComparisonModel, _ text: String, _ plan: FieldPlan, isSigned: Bool
    ) -> TestPlan.Kind? {
        guard let type = model.parameters[plan.parameter].type else { return nil }
        let matching = model.types[type].labels.filter { $0.label == text }
        guard !matching.isEmpty else {
            let all = reporter.wantsHints ? model.types[type].labels.map(\.label) : []
            let near = Names.nearest(to: text, in: all)
            let hint = near.isEmpty ? "" : "did you mean \(near.joined(separator: ", "))? "
            reporter.error(
                comparison.position,
                "\"\(text)\" is no label of \"\(plan.info.shortName)\": \(hint)use a label, or set "
                    + "useCalibratedValue=\"false\" to compare the number")
            return nil
        }
        guard comparison.comparison == .equal || comparison.comparison == .notEqual else {
            reporter.error(
                comparison.position, "labels can be compared with == and != only: set useCalibratedValue=\"false\"")
            return nil
        }
        let shift: Int128 = isSigned ? 1 << 63 : 0
        let ranges = matching.compactMap { label -> ClosedRange<UInt64>? in
            guard case .integers(let low, let high) = label.key else { return nil }
            return UInt64(clamping: low + shift)...UInt64(clamping: high + shift)
        }
        guard ranges.count == matching.count else {
            reporter.error(
                comparison.position,
                "labels of floats cannot be compared yet: "
                    + "set useCalibratedValue=\"false\"")
            return nil
        }
        let isInside = comparison.comparison == .equal
        if ranges.count == 1 {
            return .range(low: ranges[0].lowerBound, high: ranges[0].upperBound, isInside: isInside)
        }
        return .ranges(ranges, isInside: isInside)
    }

    private func truth(
        _ comparison: ComparisonModel, _ text: String, _ plan: FieldPlan, isSigned: Bool
    ) -> TestPlan.Kind? {
        let value: Bool
        if text == plan.info.labels[1] || text == "1" || text.lowercased() == "true" {
            value = true
        } else if text == plan.info.labels[0] || text == "0" || text.lowercased() == "false" {
            value = false
        } else {
            reporter.error(
                comparison.position,
                "\"\(plan.info.shortName)\" is compared with \"\(text)\", "
                    + "\(plan.info.labels.joined(separator: " or ")) are allowed: use one")
            return nil
        }
        guard comparison.comparison == .equal || comparison.comparison == .notEqual else {
            reporter.error(comparison.position, "truth values can be compared with == and != only: use one of them")
            return nil
        }
        let isZero = value == (comparison.comparison == .notEqual)
        if plan.info.rawKind == .float { return .number(isZero ? .equal : .notEqual, 0, isCalibrated: false) }
        let zero = LabelTable.biased(0, isSigned: isSigned)
        return .range(low: zero, high: zero, isInside: isZero)
    }
}
