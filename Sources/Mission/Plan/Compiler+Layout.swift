import Records

/// What is known on the way from a root container to one that extends it.
struct PathState {
    var fields: [FieldPlan] = []
    /// The latest field of each parameter.
    var latest: [Int: Int] = [:]
    /// The fields that stand under a condition, which later entries of the same parameter share.
    var conditional: [Int: Int] = [:]
    var walk: [TypePlan.Step] = []
    /// The bit position, while it is the same in every packet.
    var known: Int? = 0
    var fixedEnd = 0
    var registers = 0
    /// How many conditions enclose the present entry.
    var conditions = 0
}

/// Where a container begins, to count locations from.
struct ContainerStart {
    var known: Int?
    var register: Int?

    /// The packet's first bit.
    static let root = ContainerStart(known: 0, register: nil)
}

extension Compiler {
    /// Appends the entries of a container, the first behind what is there.
    func append(_ index: Int, to state: inout PathState, start: ContainerStart, depth: Int) {
        let container = model.containers[index]
        guard depth < Self.deepest else {
            reporter.error(
                container.position,
                "containers include each other deeper than \(Self.deepest): this is no packet structure")
            return
        }
        if usedContainers.insert(index).inserted { for defect in container.defects { reporter.report(defect) } }
        for entry in container.entries {
            guard count(entry.position) else { return }
            var branch: Int?
            if let condition = entry.condition {
                guard let criteria = compile(condition, state, own: nil) else { continue }
                leaveKnown(&state)
                branch = state.walk.count
                state.walk.append(.branch(criteria, otherwise: 0))
                state.conditions += 1
            }
            locate(entry, &state, start)
            switch entry.content {
            case .parameter(let parameter): append(parameter: parameter, to: &state, entry.position)
            case .container(let included): include(included, in: &state, depth: depth + 1)
            }
            if let branch, case .branch(let criteria, _) = state.walk[branch] {
                state.walk[branch] = .branch(criteria, otherwise: state.walk.count)
                state.conditions -= 1
                // What comes next stands here or there.
                leaveKnown(&state)
            }
        }
    }

    /// Hands the position over to the walk.
    private func leaveKnown(_ state: inout PathState) {
        if let known = state.known { state.walk.append(.set(known)) }
        state.known = nil
    }

    private func locate(_ entry: EntryModel, _ state: inout PathState, _ start: ContainerStart) {
        switch entry.reference {
        case .previousEntry:
            guard entry.offset != 0 else { return }
            if let known = state.known {
                state.known = known + entry.offset
                if known + entry.offset < 0 {
                    reporter.error(
                        entry.position,
                        "the location lies \(-(known + entry.offset)) bits before the packet: correct it")
                    state.known = 0
                }
            } else {
                state.walk.append(.skip(entry.offset))
            }
        case .containerStart:
            guard entry.offset >= 0 else {
                reporter.error(
                    entry.position, "the location lies \(-entry.offset) bits before the container's start: correct it")
                return
            }
            if let known = start.known {
                // Under a condition the walk has to go there, but only when the condition holds.
                if state.conditions > 0 {
                    state.walk.append(.set(known + entry.offset))
                } else {
                    state.known = known + entry.offset
                }
            } else if let register = start.register {
                state.walk.append(.seek(register: register, offset: entry.offset))
                state.known = nil
            }
        }
    }

    private func include(_ index: Int, in state: inout PathState, depth: Int) {
        let container = model.containers[index]
        var start = ContainerStart(known: state.known, register: nil)
        if state.known == nil {
            start.register = state.registers
            state.walk.append(.mark(register: state.registers))
            state.registers += 1
        }
        appendBases(of: index, to: &state, start: start, depth: depth)
        guard let size = container.fixedSize else { return }
        if let known = start.known, state.conditions == 0 {
            state.known = known + size
        } else if let register = start.register {
            state.walk.append(.seek(register: register, offset: size))
            state.known = nil
        }
    }

    /// What an included container inherits stands in front of its own entries, and those are there when its criteria
    /// hold (the schema; space_packet_parser puts in the container's own entries alone).
    private func appendBases(of index: Int, to state: inout PathState, start: ContainerStart, depth: Int) {
        let container = model.containers[index]
        guard depth < Self.deepest, count(container.position) else { return }
        guard let base = container.base else { return append(index, to: &state, start: start, depth: depth) }
        appendBases(of: base, to: &state, start: start, depth: depth + 1)
        guard let condition = container.criteria else { return append(index, to: &state, start: start, depth: depth) }
        guard let criteria = compile(condition, state, own: nil) else { return }
        leaveKnown(&state)
        let branch = state.walk.count
        state.walk.append(.branch(criteria, otherwise: 0))
        state.conditions += 1
        append(index, to: &state, start: start, depth: depth)
        leaveKnown(&state)
        state.walk[branch] = .branch(criteria, otherwise: state.walk.count)
        state.conditions -= 1
    }

    private func append(parameter index: Int, to state: inout PathState, _ position: Position) {
        let parameter = model.parameters[index]
        guard let typeIndex = parameter.type else { return }
        let type = model.types[typeIndex]
        if usedTypes.insert(typeIndex).inserted { for defect in type.defects { reporter.report(defect) } }
        guard type.defects.isEmpty else { return }
        guard let encoding = type.encoding else {
            reporter.error(
                position,
                "parameter \"\(parameter.name)\" stands in a container, and its type \"\(type.name)\" has no encoding: "
                    + "add one, or remove the entry")
            return
        }
        if state.conditions > 0, let shared = state.conditional[index] {
            state.walk.append(.field(shared))
            state.latest[index] = shared
            return
        }
        guard let compiled = compile(encoding, state) else { return }
        var field = FieldPlan(
            parameter: index, place: .walked, encoding: compiled, conversion: .none,
            info: describe(parameter, type, encoding))
        if let known = state.known, state.conditions == 0, let bits = field.fixedBits {
            field.place = .fixed(known)
            state.known = known + bits
            state.fixedEnd = max(state.fixedEnd, known + bits)
        } else {
            leaveKnown(&state)
            state.walk.append(.field(state.fields.count))
        }
        if state.conditions > 0 { state.conditional[index] = state.fields.count }
        state.latest[index] = state.fields.count
        state.fields.append(field)
        finish(&state, parameter, type)
    }

    /// What looks at the field itself and at those before it.
    private func finish(_ state: inout PathState, _ parameter: ParameterModel, _ type: TypeModel) {
        let index = state.fields.count - 1
        state.fields[index].conversion = conversion(type, state, index)
        state.fields[index].limits = limits(type, state, index)
        state.fields[index].validRange = type.validRange
        state.fields[index].validRangeIsCalibrated = type.validRangeIsCalibrated
        state.fields[index].initialValue = parameter.initialValue ?? type.initialValue
        let info = state.fields[index].info
        var digits = info.timeDigits
        if case .time(let time) = state.fields[index].conversion, case .field(let origin) = time.origin {
            digits = max(digits, state.fields[origin].info.timeDigits)
        }
        state.fields[index].info = ParameterInfo(
            name: info.name, shortName: info.shortName, aliases: info.aliases, description: info.description,
            unit: info.unit, kind: info.kind,
            rawKind: info.rawKind, labels: info.labels, timeDigits: digits,
            hasLimits: state.fields[index].limits != nil, limitRanges: state.fields[index].limits?.constant ?? [])
    }

    /// The plan of a container: earlier fields of a parameter that stands several times get a number.
    func finish(_ state: PathState) -> TypePlan {
        var plan = TypePlan(
            fields: state.fields, walk: state.walk, registers: state.registers, fixedEnd: state.fixedEnd,
            end: state.known)
        var seen: [Int: Int] = [:]
        for index in plan.fields.indices {
            let field = plan.fields[index]
            guard state.latest[field.parameter] != index else { continue }
            let number = seen[field.parameter, default: 0] + 1
            seen[field.parameter] = number
            plan.fields[index].info = field.info.numbered(number)
        }
        return plan
    }
}

extension ParameterInfo {
    func numbered(_ number: Int) -> ParameterInfo {
        ParameterInfo(
            name: "\(name)#\(number)", shortName: "\(shortName)#\(number)", aliases: [], description: description,
            unit: unit,
            kind: kind, rawKind: rawKind, labels: labels, timeDigits: timeDigits, hasLimits: hasLimits,
            limitRanges: limitRanges)
    }
}
