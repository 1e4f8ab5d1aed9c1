/// Turns a model into plans: a tree of containers, each a flat list of fields.
final class Compiler {
    /// A database that unfolds to more entries than that is refused: containers that include each other over and over
    /// can be written down in a few lines.
    static let mostEntries = 400_000
    /// Inheritance and inclusion deeper than that are refused.
    static let deepest = 64

    let model: Model
    let reporter: Reporter
    let options: Database.Options
    private(set) var nodes: [NodePlan] = []
    private(set) var roots: [Int] = []
    /// The types and containers whose defects have become errors.
    var usedTypes: Set<Int> = []
    var usedContainers: Set<Int> = []
    private var entries = 0
    private var isTooLarge = false
    private var children: [[Int]]

    init(model: Model, reporter: Reporter, options: Database.Options) {
        self.model = model
        self.reporter = reporter
        self.options = options
        children = Array(repeating: [], count: model.containers.count)
        for (index, container) in model.containers.enumerated() {
            if let base = container.base { children[base].append(index) }
        }
    }

    func compile() {
        for root in findRoots() {
            roots.append(nodes.count)
            node(root, parent: nil, state: PathState(), depth: 0)
        }
        remarkOnDefects()
    }

    /// Counts an entry; false when there are too many.
    func count(_ position: Position, entries more: Int = 1) -> Bool {
        entries += more
        if entries > Self.mostEntries, !isTooLarge {
            isTooLarge = true
            reporter.error(
                position,
                "the containers unfold to over \(Self.mostEntries) entries: check which containers include others")
        }
        return !isTooLarge
    }

    // MARK: Roots

    /// XTCE does not say with which container a packet begins. It is one that extends no other; if there are some that
    /// others extend, it is one of those, the one with a CCSDS primary header and most descendants first.
    private func findRoots() -> [Int] {
        let tops = model.containers.indices.filter { model.containers[$0].base == nil }
        var descendants = [Int](repeating: 0, count: model.containers.count)
        for start in model.containers.indices {
            var here = model.containers[start].base
            var steps = 0
            while let base = here, steps < Self.deepest {
                descendants[base] += 1
                here = model.containers[base].base
                steps += 1
            }
        }
        let included = Set(
            model.containers.flatMap(\.entries).compactMap { entry in
                if case .container(let index) = entry.content { index } else { nil }
            })
        let parents = tops.filter { !children[$0].isEmpty }
        let chosen = parents.isEmpty ? tops.filter { !included.contains($0) } : parents
        let isChosen = Set(chosen)
        for index in tops where !isChosen.contains(index) && !included.contains(index) {
            reporter.warning(
                model.containers[index].position,
                "container \"\(model.containers[index].name)\" extends none and none extends it, while others form a "
                    + "tree: packets cannot be found to be of it")
        }
        if chosen.isEmpty {
            let position = model.systems.first?.position ?? Position(line: 1, column: 1)
            reporter.warning(position, "no container is declared: nothing can be decoded with this database")
        }
        return chosen.sorted { a, b in
            let first = (beginsWithPrimaryHeader(a) ? 0 : 1, -descendants[a], a)
            return first < (beginsWithPrimaryHeader(b) ? 0 : 1, -descendants[b], b)
        }
    }

    /// Whether the first entries are 3, 1, 1, 11, 2, 14 and 16 bits wide (CCSDS 133.0-B-2, 4.1.3).
    private func beginsWithPrimaryHeader(_ index: Int) -> Bool {
        var widths: [Int] = []
        for entry in model.containers[index].entries.prefix(7) {
            guard case .parameter(let parameter) = entry.content, let type = model.parameters[parameter].type,
                case .number(let format) = model.types[type].encoding?.kind
            else { return false }
            widths.append(format.bits)
        }
        return widths == [3, 1, 1, 11, 2, 14, 16]
    }

    // MARK: The tree

    private func node(_ index: Int, parent: Int?, state: PathState, depth: Int) {
        let container = model.containers[index]
        guard depth < Self.deepest else {
            reporter.error(
                container.position,
                "containers extend each other deeper than \(Self.deepest): this is no packet structure")
            return
        }
        var criteria = CriteriaPlan(steps: [], start: CriteriaPlan.holds)
        if let parent, let condition = container.criteria {
            criteria = compile(condition, state, own: nil) ?? CriteriaPlan(steps: [], start: CriteriaPlan.fails)
            if criteria.needsProbe(state.fields) { nodes[parent].needsProbe = true }
        }
        // What is inherited is written out again.
        guard count(container.position, entries: state.fields.count) else { return }
        var state = state
        append(index, to: &state, start: .root, depth: 0)
        let here = nodes.count
        nodes.append(
            NodePlan(
                container: index, name: container.qualifiedName, isAbstract: container.isAbstract, criteria: criteria,
                plan: finish(state)))
        if let parent { nodes[parent].children.append(here) }
        for child in children[index] {
            if isTooLarge { return }
            node(child, parent: here, state: state, depth: depth + 1)
        }
        nodes[here].dispatch = dispatch(for: here)
    }

    /// A table for the children of a node, if each of them demands a value of one and the same narrow field.
    private func dispatch(for index: Int) -> Dispatch? {
        let node = nodes[index]
        guard node.children.count > 2 else { return nil }
        let demands = node.children.map { demanded(nodes[$0].criteria) }
        guard let first = demands.first else { return nil }
        for field in first.keys.sorted() {
            guard case .number(let format) = node.plan.fields[field].encoding, format.isPlain,
                format.bits <= Dispatch.widest, case .fixed(let offset) = node.plan.fields[field].place
            else { continue }
            var lists = [[Int32]](repeating: [], count: 1 << format.bits)
            let isComplete = zip(node.children, demands).allSatisfy { child, demand in
                guard let value = demand[field] else { return false }
                if value < UInt64(lists.count) { lists[Int(value)].append(Int32(child)) }
                return true
            }
            guard isComplete else { continue }
            var starts: [Int32] = [0]
            for list in lists { starts.append(starts[starts.count - 1] + Int32(list.count)) }
            return Dispatch(offset: offset, bits: format.bits, starts: starts, children: lists.flatMap { $0 })
        }
        return nil
    }

    /// The values that criteria demand of fields: those of tests without which the whole fails.
    private func demanded(_ criteria: CriteriaPlan) -> [Int: UInt64] {
        guard criteria.steps.allSatisfy({ $0.onFalse == CriteriaPlan.fails }) else { return [:] }
        var found: [Int: UInt64] = [:]
        for step in criteria.steps {
            if case .range(let low, let high, true) = step.test.kind, low == high, !step.test.isSigned {
                found[step.test.field] = low
            }
        }
        return found
    }

    /// Defects of what can be reached were told as errors; the others are warnings.
    private func remarkOnDefects() {
        for (index, type) in model.types.enumerated() where !usedTypes.contains(index) { soften(type.defects) }
        for (index, container) in model.containers.enumerated() where !usedContainers.contains(index) {
            soften(container.defects)
        }
    }

    private func soften(_ defects: [Diagnostic]) {
        for defect in defects {
            reporter.warning(
                Position(line: defect.line, column: defect.column),
                defect.message + " (nothing that can be decoded uses it)")
        }
    }
}
