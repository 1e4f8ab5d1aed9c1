import Bytes
import Records

/// What follows from the values that were given, and from what type the packet is to be.
extension PacketEncoder {
    /// Fills in sizes of given data and origins of given times, and finds what conditions demand.
    func complete() throws(PacketRefusal) {
        deriveSizes()
        deriveLeastSizes()
        deriveOrigins()
        var known: [Int: CriteriaSolver.Known] = [:]
        for index in given.indices where given[index] != nil { known[index] = try self.known(index) }
        var solver = CriteriaSolver(plan.fields, known: known, demands: demands)
        for criterion in criteria {
            guard solver.satisfy(criterion) else { throw contradiction(criterion, solver) }
        }
        // What decides that a given parameter stands in the packet.
        for index in given.indices where given[index] != nil {
            for condition in conditions[index] {
                guard solver.satisfy(condition) else {
                    throw refusal(index, "stands in the packet only where \(words(condition)): that is not so here")
                }
            }
        }
        demands = solver.demands
        for index in demands.keys { sources[index] = .criteria }
    }

    /// What is known of a given field before the packet is written.
    private func known(_ index: Int) throws(PacketRefusal) -> CriteriaSolver.Known {
        let field = plan.fields[index]
        guard let mine = given[index] else { return .open }
        switch field.encoding {
        case .number:
            if mine.raw == nil {
                if field.hasContexts { return .open }
                if case .time = field.conversion { return .open }
            }
            return .cell(try cell(index))
        case .string:
            guard mine.raw == nil, case .text(let text) = mine.value else { return .open }
            return .octets(Array(text.utf8))
        case .binary:
            guard field.info.kind == .binary, let octets = try octets(of: index) else { return .open }
            return .octets(octets)
        }
    }

    // MARK: What follows from others

    /// Sizes of given data, where the parameter that tells them was not given.
    private func deriveSizes() {
        for index in given.indices where given[index] != nil && given[index]?.isDerived == false {
            let size: SizePlan
            let bits: Int
            switch plan.fields[index].encoding {
            case .number: continue
            case .binary(let plan):
                guard let octets = try? octets(of: index) else { continue }
                (size, bits) = (plan, octets.count * 8)
            case .string(let string):
                guard let buffer = string.buffer, let octets = try? stringOctets(index, string) else { continue }
                (size, bits) = (buffer, string.tagBits + (octets.count + string.terminator.count) * 8)
            }
            switch size {
            case .fixed: continue
            case .dynamic(let field, let isCalibrated, let slope, let intercept):
                guard given[field] == nil, slope != 0 else { continue }
                let value = (Double(bits) - intercept) / slope
                guard slope * value + intercept == Double(bits) else { continue }
                var mine = Given(name: plan.fields[field].info.shortName, isDerived: true)
                if isCalibrated {
                    mine.value = .number(value)
                } else {
                    mine.raw = .number(value)
                }
                given[field] = mine
                sources[field] = .derived
            case .lookup(let lookups):
                guard let lookup = lookups.first(where: { $0.bits == bits }) else { continue }
                var solver = CriteriaSolver(plan.fields, known: (try? knownFields()) ?? [:], demands: demands)
                if solver.satisfy(lookup.criteria) { demands = solver.demands }
            }
        }
    }

    /// Where neither data nor its size was given the size is 0, or the least that is not negative and has room for tag and
    /// terminator.
    private func deriveLeastSizes() {
        for index in given.indices where given[index] == nil {
            var needed = 0
            let size: SizePlan
            switch plan.fields[index].encoding {
            case .number: continue
            case .binary(let plan): size = plan
            case .string(let string):
                guard let buffer = string.buffer else { continue }
                size = buffer
                needed = string.tagBits + string.terminator.count * 8
            }
            if case .lookup(let lookups) = size {
                // The first size that nothing given is against.
                for lookup in lookups {
                    var solver = CriteriaSolver(plan.fields, known: (try? knownFields()) ?? [:], demands: demands)
                    guard solver.satisfy(lookup.criteria) else { continue }
                    demands = solver.demands
                    break
                }
                continue
            }
            guard case .dynamic(let field, let isCalibrated, let slope, let intercept) = size, given[field] == nil,
                slope > 0, field != header?.length, plan.fields[field].initialValue == nil
            else { continue }
            let value = ((Double(needed) - intercept) / slope).rounded(.up)
            guard value > 0 else { continue }
            var mine = Given(name: plan.fields[field].info.shortName, isDerived: true)
            if isCalibrated { mine.value = .number(value) } else { mine.raw = .number(value) }
            given[field] = mine
            sources[field] = .derived
        }
    }

    private func knownFields() throws(PacketRefusal) -> [Int: CriteriaSolver.Known] {
        var known: [Int: CriteriaSolver.Known] = [:]
        for index in given.indices where given[index] != nil { known[index] = try self.known(index) }
        return known
    }

    /// Coarse parts of times: what a given time counts from, where that was not given, is the same time cut down.
    private func deriveOrigins() {
        for index in given.indices.reversed() {
            guard case .time(let time) = plan.fields[index].conversion, case .field(let origin) = time.origin,
                given[origin] == nil, let mine = given[index], mine.raw == nil
            else { continue }
            given[origin] = Given(name: plan.fields[origin].info.shortName, value: mine.value, isDerived: true)
            sources[origin] = .derived
        }
    }

    // MARK: What contradicts

    /// Why the criteria of the type cannot hold: a given value without which they could.
    private func contradiction(_ criterion: CriteriaPlan, _ solver: CriteriaSolver) -> PacketRefusal {
        for index in Set(criterion.steps.flatMap(\.test.fields)).sorted() where given[index] != nil {
            var freed = solver
            freed.known[index] = nil
            guard freed.satisfy(criterion) else { continue }
            let found = given[index]?.raw ?? given[index]?.value
            return refusal(
                index,
                "\(found.map { "\($0)" } ?? "") is given, packets of this type have "
                    + "\(words(freed.demands[index], index)): leave it out, or name another type")
        }
        return refusal(nil, "no packet of this type has these values: it is one where \(words(criterion))")
    }

    /// A condition in words, as far as that is short.
    func words(_ criteria: CriteriaPlan) -> String {
        var solver = CriteriaSolver(plan.fields, known: [:])
        guard solver.satisfy(criteria), !solver.demands.isEmpty else {
            let names = Set(criteria.steps.flatMap(\.test.fields)).sorted().map { plan.fields[$0].info.shortName }
            return names.isEmpty ? "nothing allows it" : "\(names.joined(separator: ", ")) allow it"
        }
        return solver.demands.sorted { $0.key < $1.key }
            .map { "\(plan.fields[$0.key].info.shortName) is \(words($0.value, $0.key))" }.joined(separator: " and ")
    }

    /// What a field has to hold, in words: labels where there are any.
    private func words(_ demand: CriteriaSolver.Demand?, _ index: Int) -> String {
        switch demand {
        case .octets(let octets, let isText):
            return isText ? "\"\(String(decoding: octets, as: UTF8.self))\"" : octets.hexadecimal
        case .cells(let ranges):
            return ranges.prefix(3).map { range in
                let (low, high) = (words(range.lowerBound, index), words(range.upperBound, index))
                return range.count == 1 ? low : "\(low) to \(high)"
            }.joined(separator: " or ") + (ranges.count > 3 ? " …" : "")
        case nil: return "others"
        }
    }

    private func words(_ biased: UInt64, _ index: Int) -> String {
        let field = plan.fields[index]
        let isSigned = field.info.rawKind == .signed
        let cell = LabelTable.biased(biased, isSigned: isSigned)
        switch field.conversion {
        case .labels(let labels):
            if let label = labels.label(cell) { return field.info.labels[Int(label)] }
        case .truth: return field.info.labels[cell == 0 ? 0 : 1]
        default: break
        }
        if field.info.rawKind == .float { return "\(Double(bitPattern: cell))" }
        return isSigned ? "\(Int64(bitPattern: cell))" : "\(cell)"
    }

    // MARK: What nobody gave

    /// The raw integer of a number that was not given, in the order of preference: what conditions demand, of that the
    /// initial value, what headers mostly have, 0, the least.
    func defaultCell(_ index: Int, _ format: NumberFormat) throws(PacketRefusal) -> UInt64 {
        var wanted: UInt64?
        var source = EncodedField.Source.zero
        if plan.fields[index].initialValue != nil {
            wanted = try initialCell(index)
            source = .initial
        } else if let cell = headerCell(index) {
            wanted = cell.cell
            source = cell.source
        }
        if case .cells(let ranges) = demands[index] {
            let isSigned = plan.fields[index].info.rawKind == .signed
            for cell in [wanted, 0].compactMap({ $0 }) {
                let place = LabelTable.biased(cell, isSigned: isSigned)
                if ranges.contains(where: { $0.contains(place) }) { return cell }
            }
            return LabelTable.biased(ranges[0].lowerBound, isSigned: isSigned)
        }
        if source == .zero, options.isStrict, header?.length != index, !excused.contains(index) {
            throw refusal(index, "is not given and has no initial value: give it, or do not ask for all")
        }
        sources[index] = source
        if let wanted { return wanted }
        // An enumeration that has no label for 0 begins with its first one.
        if case .labels(let labels) = plan.fields[index].conversion, let integers = format.integers,
            labels.label(0) == nil
        {
            for range in labels.ranges {
                let raw = format.integer(LabelTable.biased(range.low, isSigned: labels.isSigned))
                if integers.contains(raw) { return NumberFormat.cell(raw) }
            }
        }
        // A raw value of 0 need not be one that the field can hold.
        return format.integers.map { NumberFormat.cell(min(max(0, $0.lowerBound), $0.upperBound)) } ?? 0
    }

    private func headerCell(_ index: Int) -> (cell: UInt64, source: EncodedField.Source)? {
        guard let header else { return nil }
        if index == header.sequenceFlags { return (3, .header) }
        if index == header.version { return (0, .header) }
        if index == header.secondaryHeaderFlag, header.isFollowedByTime { return (1, .header) }
        if index == header.length { return (leastLength(index), .length) }
        if index == header.sequenceCount { return (counts[apid(header), default: 0], .count) }
        return nil
    }

    /// The least length with which no size that it tells is negative.
    private func leastLength(_ index: Int) -> UInt64 {
        var least = 0.0
        for field in plan.fields {
            let size: SizePlan? =
                switch field.encoding {
                case .number: nil
                case .string(let string): string.buffer
                case .binary(let size): size
                }
            if case .dynamic(index, _, let slope, let intercept) = size, slope > 0 {
                least = max(least, (-intercept / slope).rounded(.up))
            }
        }
        return UInt64(min(least, 65_535))
    }

    private func apid(_ header: PrimaryHeaderPlan) -> UInt64 { bits(at: 5, count: 11) }

    /// Counts a packet that was made: the next one of its APID has the next count, unless it is given.
    func count(_ header: PrimaryHeaderPlan) {
        counts[apid(header)] = (bits(at: 18, count: 14) + 1) & 0x3FFF
    }
}

extension PacketEncoder {
    /// For each field the conditions of the branches that enclose it, where it stands at one place only.
    static func conditions(of plan: TypePlan) -> [[CriteriaPlan]] {
        var found = [[CriteriaPlan]](repeating: [], count: plan.fields.count)
        var places = [Int](repeating: 0, count: plan.fields.count)
        var open: [(criteria: CriteriaPlan, end: Int)] = []
        for (step, kind) in plan.walk.enumerated() {
            open.removeAll { $0.end <= step }
            switch kind {
            case .branch(let criteria, let otherwise): open.append((criteria, otherwise))
            case .field(let index):
                places[index] += 1
                found[index] = places[index] == 1 ? open.map(\.criteria) : []
            default: break
            }
        }
        return found
    }

    /// Whether fields may lie over each other.
    static func overlaps(_ plan: TypePlan) -> Bool {
        for step in plan.walk {
            switch step {
            case .skip(let bits): if bits < 0 { return true }
            case .seek: return true
            default: break
            }
        }
        var ranges: [Range<Int>] = []
        for field in plan.fields {
            guard case .fixed(let start) = field.place, let bits = field.fixedBits else { continue }
            ranges.append(start..<start + bits)
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(ranges, ranges.dropFirst()) where next.lowerBound < one.upperBound { return true }
        // A walk that begins in front of the last field with a fixed place may run into it.
        for step in plan.walk {
            if case .set(let bit) = step, bit < plan.fixedEnd { return true }
        }
        return false
    }
}
