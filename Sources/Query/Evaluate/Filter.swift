package import Bytes
public import Records

/// A filter that is compiled for the packet types of a decoder: it says of each packet of a batch whether it is chosen.
///
///     let catalogue = FieldCatalogue(types: all)
///     let filter = Filter(try catalogue.check("apid == 100"), types: decoder.types)
///     filter.choose(units, decoded, context, into: chosen)
///
/// One filter serves one thread, and packets in their order.
public final class Filter {
    /// What was typed.
    public let text: String
    /// What is known before packets are decoded; nil where there is nothing of it.
    private let early: TruthNode?
    private let earlyNeedsOrigins: Bool
    /// For each type, and behind them for packets without one, the rest; nil where it can never hold.
    private let plans: [TruthNode?]
    private let needsOrigins: Bool
    private let scope = Scope()
    private let marks = Lane<UInt8>()
    private let untyped = Lane<Int32>()

    /// Compiles a filter for the types of a decoder, whose columns are its parameters.
    public convenience init(_ checked: CheckedFilter, types: [PacketType]) {
        self.init(checked.text, checked.condition, hasMemory: checked.hasMemory, types)
        scope.events = checked.events.map { _ in EventTimes() }
    }

    init(_ text: String, _ condition: Condition, hasMemory: Bool, _ types: [PacketType]) {
        self.text = text
        let (first, rest) = hasMemory ? (nil, condition) : condition.split
        var binder = Binder(type: nil)
        early = first.map { binder.bind($0).node }
        earlyNeedsOrigins = binder.needsOrigins
        var plans: [TruthNode?] = []
        var needsOrigins = false
        for type in types.map(Optional.init) + [nil] {
            guard let rest else {
                plans.append(ConstantNode(Truth.holds))
                continue
            }
            var binder = Binder(type: type)
            let bound = binder.bind(rest)
            plans.append(bound.canHold || bound.node.hasMemory ? bound.node : nil)
            needsOrigins = needsOrigins || binder.needsOrigins
        }
        self.plans = plans
        self.needsOrigins = needsOrigins
    }

    /// Whether packets can be left out before they are decoded.
    package var isEarly: Bool { early != nil }

    /// Marks with 1 what may still be chosen, before anything is decoded; other marks stay as they are.
    package func mark(_ units: borrowing Batch<Unit>, _ context: RecordContext, _ marks: Lane<UInt8>) {
        guard let early else { return marks.fill(1) }
        prepare(units, context, needsOrigins: earlyNeedsOrigins)
        scope.look(at: nil, nil, count: units.count)
        early.run(units, scope)
        let out = early.out
        let truths = out.span
        var cells = marks.writable
        for index in 0..<cells.count { cells[index] |= truths[index] & Truth.holds }
    }

    /// Gives the indexes of the packets of a batch that are chosen, in order, idle ones left out.
    package func choose(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext, into chosen: Lane<Int32>
    ) {
        chosen.removeAll()
        marks.resize(to: units.count, filler: 0)
        marks.fill(0)
        prepare(units, context, needsOrigins: needsOrigins || earlyNeedsOrigins)
        for type in decoded.typesPresent {
            guard let plan = plans[type], let table = decoded.table(ofType: type) else { continue }
            run(plan, units, table, table.unitIndexes)
        }
        if let plan = plans.last ?? nil {
            untyped.removeAll()
            let types = decoded.types
            let records = units.records
            // Idle packets are nobody's, and no packet comes behind one.
            for index in types.indices where types[index] < 0 && !records[index].marks.contains(.idle) {
                untyped.append(Int32(truncatingIfNeeded: index))
            }
            if untyped.count > 0 { run(plan, units, nil, untyped) }
        }
        if let early {
            scope.look(at: nil, nil, count: units.count)
            early.run(units, scope)
            let out = early.out
            let truths = out.span
            let marks = self.marks
            var cells = marks.writable
            for index in 0..<cells.count { cells[index] &= truths[index] & Truth.holds }
        }
        collect(units, into: chosen)
    }

    /// Marks the packets of some rows for which a plan holds.
    private func run(_ plan: TruthNode, _ units: borrowing Batch<Unit>, _ table: DecodedTable?, _ rows: Lane<Int32>) {
        scope.look(at: table, rows, count: rows.count)
        plan.run(units, scope)
        let (out, marks) = (plan.out, self.marks)
        let (truths, places) = (out.span, rows.span)
        var cells = marks.writable
        for row in truths.indices { cells[Int(places[row])] = truths[row] & Truth.holds }
    }

    /// The indexes of the packets that are marked. Written without a branch: which packet is chosen cannot be foreseen.
    private func collect(_ units: borrowing Batch<Unit>, into chosen: Lane<Int32>) {
        chosen.resize(to: units.count, filler: 0)
        let (records, marks) = (units.records, self.marks)
        let cells = marks.span
        var places = chosen.writable
        var count = 0
        for index in records.indices {
            places[count] = Int32(truncatingIfNeeded: index)
            count &+= Int(records[index].marks.contains(.idle) ? 0 : cells[index])
        }
        chosen.resize(to: count, filler: 0)
    }

    private func prepare(_ units: borrowing Batch<Unit>, _ context: RecordContext, needsOrigins: Bool) {
        guard needsOrigins else { return }
        scope.origins = context.origins
        context.find(units, into: scope.originOfUnit)
    }

    // MARK: Events

    /// Says when the condition of a `within` held, see ``EventFinder``.
    package func setEvents(_ times: [EventTimes]) { scope.events = times }
}

extension Condition {
    /// What can be known before packets are decoded, and the rest; both have to hold.
    fileprivate var split: (early: Condition?, rest: Condition?) {
        if isEarly { return (self, nil) }
        guard case .logic(.and, let a, let b) = self else { return (nil, self) }
        let (left, right) = (a.split, b.split)
        func both(_ a: Condition?, _ b: Condition?) -> Condition? {
            guard let a, let b else { return a ?? b }
            return .logic(.and, a, b)
        }
        return (both(left.early, right.early), both(left.rest, right.rest))
    }

    /// Whether nothing but headers is asked.
    private var isEarly: Bool {
        switch self {
        case .exists(let use), .test(let use, _): use.isEarly
        case .layer, .within: true
        case .compareWhole(let a, _, let b), .compareTexts(let a, _, let b), .compareTimes(let a, _, let b):
            a.isEarly && b.isEarly
        case .compare, .changed: false
        case .not(let inner): inner.isEarly
        case .logic(_, let a, let b): a.isEarly && b.isEarly
        }
    }
}

extension FieldUse {
    fileprivate var isEarly: Bool {
        guard case .header(let field) = source else { return false }
        return field != .type && field != .dialect && field != .spacecraftName
    }
}

/// Finds when the conditions of a filter's `within` hold, before the filter itself is run.
package final class EventFinder {
    private let filter: Filter
    private let distance: Int64
    private var times = EventTimes()
    private let chosen = Lane<Int32>()
    private let number: Int

    /// A finder of the condition with a number; those with lower numbers are known.
    package init(
        _ checked: CheckedFilter, _ number: Int, known: [EventTimes], types: [PacketType]
    ) {
        let event = checked.events[number]
        filter = Filter(checked.text, event.condition, hasMemory: checked.hasMemory, types)
        filter.setEvents(known)
        distance = event.distance
        self.number = number
    }

    /// Looks at a batch.
    package func look(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext) {
        filter.choose(units, decoded, context, into: chosen)
        for index in 0..<chosen.count {
            let time = units[Int(chosen[index])].time
            if time.isKnown { times.add(time.nanoseconds, within: distance) }
        }
    }

    /// When it held so far, from a time on.
    package func settled(before time: Int64) -> EventTimes {
        times.settle()
        times.forget(before: time)
        return times
    }

    /// When it held, with what is near around.
    package func finish() -> EventTimes {
        times.settle()
        return times
    }
}
