import Records

extension Compiler {
    func compile(_ encoding: EncodingModel, _ state: PathState) -> FieldPlan.Encoding? {
        switch encoding.kind {
        case .number(let format): return .number(format)
        case .binary(let size): return compile(size, state, encoding.position).map { .binary($0) }
        case .string(let string):
            var buffer: SizePlan?
            if let size = string.buffer {
                guard let compiled = compile(size, state, encoding.position) else { return nil }
                buffer = compiled
            }
            return .string(
                StringPlan(
                    charset: string.charset, buffer: buffer, maximumBits: string.maximumBits,
                    terminator: string.terminator, tagBits: string.tagBits,
                    tagUnit: options.sizeTagsCountBits ? 1 : 8))
        }
    }

    private func compile(_ size: SizeModel, _ state: PathState, _ position: Position) -> SizePlan? {
        switch size {
        case .fixed(let bits): return .fixed(bits)
        case .dynamic(let reference, let slope, let intercept):
            guard let index = field(reference, state) else { return nil }
            guard isNumeric(state.fields[index], reference.usesCalibratedValue) else {
                reporter.error(
                    reference.position,
                    "a size is taken from \"\(state.fields[index].info.shortName)\", whose value is no number: set "
                        + "useCalibratedValue=\"false\", or refer to a number")
                return nil
            }
            return .dynamic(
                field: index, calibrated: reference.usesCalibratedValue, slope: slope, intercept: intercept)
        case .lookup(let lookups):
            var compiled: [(criteria: CriteriaPlan, bits: Int)] = []
            for lookup in lookups {
                guard let criteria = compile(lookup.condition, state, own: nil) else { return nil }
                compiled.append((criteria, lookup.bits))
            }
            return .lookup(compiled)
        }
    }

    func conversion(_ type: TypeModel, _ state: PathState, _ own: Int) -> FieldPlan.Conversion {
        let field = state.fields[own]
        switch (type.category, field.encoding) {
        case (.enumerated, .string): return .textLabels(labels(type, field.info.rawKind))
        case (.enumerated, _): return .labels(labels(type, field.info.rawKind))
        case (.boolean, .number): return .truth
        case (.boolean, .string): return .textTruth(zero: Array(type.zeroLabel.utf8))
        case (.boolean, .binary): return .binaryTruth
        case (.string, _): return .text
        case (.absoluteTime, _) where type.time.origin != .none: return time(type, state)
        case (.absoluteTime, _), (.relativeTime, _):
            guard type.time.isScaled else { return .none }
            return .calibrated(.linear(slope: type.time.scaleNumber, intercept: type.time.offsetNumber), contexts: [])
        case (.float, .number) where type.calibration.isEmpty:
            return field.info.rawKind == .float ? .none : .number
        case (.integer, .number) where type.calibration.isEmpty: return .none
        case (.integer, .number), (.float, .number):
            var contexts: [ContextPlan] = []
            for context in type.calibration.contexts {
                guard let criteria = compile(context.condition, state, own: own, ownIsRaw: true) else { continue }
                contexts.append(ContextPlan(criteria: criteria, calibrator: context.calibrator))
            }
            return .calibrated(type.calibration.standard, contexts: contexts)
        default: return .none
        }
    }

    private func time(_ type: TypeModel, _ state: PathState) -> FieldPlan.Conversion {
        switch type.time.origin {
        case .none: return .none
        case .epoch(let epoch, let isTAI):
            return .time(
                TimePlan(scale: type.time.scale, offset: type.time.offset, origin: .epoch(epoch, isTAI: isTAI)))
        case .parameter(let parameter):
            let reference = ReferenceModel(
                parameter: parameter, usesCalibratedValue: true, position: type.time.position)
            guard let origin = field(reference, state) else { return .none }
            guard case .time = state.fields[origin].conversion else {
                reporter.error(
                    type.time.position,
                    "the time counts from \"\(state.fields[origin].info.shortName)\", which is no absolute time with "
                        + "an epoch: refer to one")
                return .none
            }
            return .time(TimePlan(scale: type.time.scale, offset: type.time.offset, origin: .field(origin)))
        }
    }

    private func labels(_ type: TypeModel, _ rawKind: RawKind) -> LabelTable {
        var table = LabelTable()
        table.isSigned = rawKind == .signed
        let shift: Int128 = table.isSigned ? 1 << 63 : 0
        for (index, label) in type.labels.enumerated() {
            let label32 = UInt32(index)
            switch label.key {
            case .integers(let low, let high) where rawKind == .float:
                if low == high { table.numbers.append((Double(low), label32)) }
            case .integers(let low, let high):
                // What lies outside the 64 bits of a cell never comes.
                guard high + shift >= 0, low + shift <= Int128(UInt64.max) else { continue }
                table.ranges.append((UInt64(clamping: low + shift), UInt64(clamping: high + shift), label32))
            case .number(let number): table.numbers.append((number, label32))
            case .bytes(let octets): table.texts.append((octets, label32))
            }
        }
        if let low = table.ranges.map(\.low).min(), let high = table.ranges.map(\.high).max(), high - low < 4_096 {
            table.base = low
            table.dense = Array(repeating: 0, count: Int(high - low) + 1)
            for range in table.ranges.reversed() {
                for value in range.low...range.high { table.dense[Int(value - low)] = range.label + 1 }
            }
        }
        return table
    }

    func limits(_ type: TypeModel, _ state: PathState, _ own: Int) -> LimitsPlan? {
        guard !type.alarms.isEmpty else { return nil }
        let names = state.fields[own].info.labels
        func plan(_ alarm: AlarmModel) -> LimitsPlan.Alarm {
            LimitsPlan.Alarm(
                ranges: alarm.ranges, isInside: alarm.isInside,
                labels: names.map { alarm.labels[$0] ?? alarm.otherLabels })
        }
        var limits = LimitsPlan(standard: type.alarms.standard.map(plan), contexts: [])
        for context in type.alarms.contexts {
            guard let criteria = compile(context.condition, state, own: own, missing: .warning) else { continue }
            limits.contexts.append((criteria, plan(context.alarm)))
        }
        return limits
    }

    /// What there is to know about a field before anything else.
    func describe(_ parameter: ParameterModel, _ type: TypeModel, _ encoding: EncodingModel) -> ParameterInfo {
        let rawKind: RawKind
        if case .number(let format) = encoding.kind { rawKind = format.rawKind } else { rawKind = .bytes }
        let number: ValueKind =
            switch rawKind {
            case .unsigned: .unsigned
            case .signed: .signed
            default: .float
            }
        var kind: ValueKind
        var digits = 0
        switch type.category {
        case .enumerated: kind = .enumeration
        case .boolean: kind = .boolean
        case .string: kind = .string
        case .binary: kind = .binary
        case .absoluteTime where type.time.origin != .none:
            kind = .time
            digits = type.time.digits
            if rawKind == .float { digits = max(digits, 6) }
        case .absoluteTime, .relativeTime: kind = type.time.isScaled ? .float : number
        case .float: kind = .float
        // A calibrated integer stays what the calibrator makes of it: rounding would lose a part of the value.
        case .integer: kind = type.calibration.isEmpty ? number : .float
        case .array, .aggregate: kind = .binary
        }
        var labels: [String] = []
        if kind == .enumeration { labels = type.labels.map(\.label) }
        if kind == .boolean { labels = [type.zeroLabel, type.oneLabel] }
        return ParameterInfo(
            name: parameter.qualifiedName, shortName: parameter.name, aliases: parameter.aliases,
            description: parameter.description,
            unit: type.unit,
            kind: kind, rawKind: rawKind, labels: labels, timeDigits: digits, hasLimits: false)
    }
}
