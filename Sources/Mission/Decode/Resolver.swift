import Bytes
import Records

/// Finds the container that a packet resolves to: from a root down, by the criteria of those that extend it.
///
/// Nearly all criteria compare fields that every packet has in the same place; those are kept as small records in flat
/// arrays. The others are looked at with the values that a probe decodes.
final class Resolver {
    private struct Node: BitwiseCopyable {
        var firstChild: Int32
        var childCount: Int32
        var firstTest: Int32
        /// Where the starts of its dispatch table are; -1: none.
        var dispatch: Int32
        var dispatchOffset: Int32
        var dispatchBits: Int32
        var isAbstract: Bool
        /// Its criteria are looked at with a probe of its parent.
        var isComplex: Bool
        var needsProbe: Bool
    }
    /// A range of values of a big-endian field with a fixed place.
    private struct Test: BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        var offset: Int32
        var bits: Int32
        var onTrue: Int32
        var onFalse: Int32
        var isInside: Bool
        var isSigned: Bool
    }
    let database: Database
    private let nodes: [Node]
    private let tests: [Test]
    private let children: [Int32]
    private let dispatchStarts: [Int32]
    private let dispatchChildren: [Int32]
    /// For the first 16 bits of a packet its node plus 2 where nothing behind them decides; 0: not known. Nearly every
    /// database tells packets apart by the APID.
    private var headNodes = [Int16](repeating: 0, count: 1 << 16)
    private var probes: [(decoder: TypeDecoder, table: DecodedTable)?]
    private let roots: [Int]
    private let singleRoot: Int?
    private let isByLength: Bool

    init(_ database: Database) {
        self.database = database
        var nodes: [Node] = []
        var tests: [Test] = []
        var children: [Int32] = []
        var starts: [Int32] = []
        var dispatched: [Int32] = []
        var parents = [Int](repeating: -1, count: database.nodes.count)
        for (index, node) in database.nodes.enumerated() {
            for child in node.children { parents[child] = index }
        }
        for (index, node) in database.nodes.enumerated() {
            let fields = parents[index] >= 0 ? database.nodes[parents[index]].plan.fields : []
            let simple = Self.simple(node.criteria, fields, base: Int32(tests.count))
            let firstTest = simple == nil ? CriteriaPlan.holds : node.criteria.start
            nodes.append(
                Node(
                    firstChild: Int32(children.count), childCount: Int32(node.children.count),
                    firstTest: firstTest >= 0 ? firstTest + Int32(tests.count) : firstTest,
                    dispatch: node.dispatch == nil ? -1 : Int32(starts.count),
                    dispatchOffset: Int32(clamping: node.dispatch?.offset ?? 0),
                    dispatchBits: Int32(node.dispatch?.bits ?? 1),
                    isAbstract: node.isAbstract, isComplex: simple == nil, needsProbe: node.needsProbe))
            tests += simple ?? []
            children += node.children.map { Int32($0) }
            if let dispatch = node.dispatch {
                starts += dispatch.starts.map { $0 + Int32(dispatched.count) }
                dispatched += dispatch.children
            }
        }
        self.nodes = nodes
        self.tests = tests
        self.children = children
        dispatchStarts = starts
        dispatchChildren = dispatched
        probes = Array(repeating: nil, count: nodes.count)
        roots = database.roots
        singleRoot = database.roots.count == 1 ? database.roots[0] : nil
        isByLength = database.isFlat && database.roots.count > 1
    }

    /// Criteria as plain tests; nil when one of them needs more.
    private static func simple(_ criteria: CriteriaPlan, _ fields: [FieldPlan], base: Int32) -> [Test]? {
        var found: [Test] = []
        for step in criteria.steps {
            guard case .range(let low, let high, let isInside) = step.test.kind,
                case .fixed(let offset) = fields[step.test.field].place, offset <= Int(Int32.max) / 2,
                case .number(let format) = fields[step.test.field].encoding, format.order == .bigEndian,
                !format.isReversed,
                format.coding == .unsigned || format.coding == .twosComplement
            else { return nil }
            found.append(
                Test(
                    low: low, high: high, offset: Int32(offset), bits: Int32(format.bits),
                    onTrue: step.onTrue >= 0 ? step.onTrue + base : step.onTrue,
                    onFalse: step.onFalse >= 0 ? step.onFalse + base : step.onFalse, isInside: isInside,
                    isSigned: step.test.isSigned))
        }
        return found
    }

    /// Finds the type of every packet of a batch; `types` has that of each node. The loop stands here and not with the
    /// caller, who would count a reference for each packet.
    func assign(
        _ units: borrowing Batch<Unit>, types: [Int32], to decoded: DecodedBatch, _ ambiguity: inout Ambiguity
    ) {
        let others = Unit.Marks([.idle, .message]).rawValue
        let assigned = decoded.typeIndexes
        // A local for the loop: what belongs to an object is checked at each use.
        var known: [Int16] = []
        swap(&known, &headNodes)
        defer { swap(&known, &headNodes) }
        for index in 0..<units.count {
            let unit = units[index]
            guard unit.marks.rawValue & others == 0 else { continue }
            let bytes = units.bytes(of: unit)
            // A packet of one octet has no such head; the reach of what is found for it is set so that nothing is kept.
            let isShort = bytes.byteCount < 2
            let head = isShort ? 0 : Int(bytes.u16(at: 0))
            var node = isShort ? -2 : Int(known[head]) &- 2
            if node < -1 {
                var isAmbiguous = false
                var reach = isShort ? Int.max : 0
                node = resolve(bytes, &isAmbiguous, &reach)
                if isAmbiguous {
                    ambiguity.add(index)
                } else if reach <= 16 && node < Int(Int16.max) - 2 {
                    known[head] = Int16(node + 2)
                }
            }
            if node >= 0 { assigned[index] = types[node] }
        }
    }

    /// The node that a packet resolves to, from the likeliest root on; -1: none. Says when there are several.
    func resolve(_ bytes: RawSpan, _ isAmbiguous: inout Bool) -> Int {
        var reach = 0
        return resolve(bytes, &isAmbiguous, &reach)
    }

    /// The same, and how many of the packet's first bits were looked at.
    private func resolve(_ bytes: RawSpan, _ isAmbiguous: inout Bool, _ reach: inout Int) -> Int {
        if isByLength {
            reach = .max
            return resolveByLength(bytes, &isAmbiguous)
        }
        // Nearly every database has one: its array is not touched for it.
        if let singleRoot { return descend(singleRoot, bytes, &isAmbiguous, &reach) }
        var index = 0
        while index < roots.count {
            let node = descend(roots[index], bytes, &isAmbiguous, &reach)
            if node >= 0 { return node }
            index += 1
        }
        return -1
    }

    /// Single containers say nothing about which packets are theirs, but their length does.
    private func resolveByLength(_ bytes: RawSpan, _ isAmbiguous: inout Bool) -> Int {
        var found = -1
        for root in database.roots where !database.nodes[root].isAbstract && ends(root, bytes) {
            if found >= 0 {
                isAmbiguous = true
                break
            }
            found = root
        }
        return found
    }

    /// The depth of the tree is bounded by the compiler.
    private func descend(_ index: Int, _ bytes: RawSpan, _ isAmbiguous: inout Bool, _ reach: inout Int) -> Int {
        let node = nodes[index]
        if node.needsProbe {
            reach = .max
            fillProbe(index, bytes)
        }
        var found = -1
        var next = Int(node.firstChild)
        var end = next + Int(node.childCount)
        let isDispatched = node.dispatch >= 0
        if isDispatched {
            let offset = Int(node.dispatchOffset)
            let bits = Int(node.dispatchBits)
            reach = max(reach, offset + bits)
            if offset + bits <= bytes.byteCount * 8 {
                let value = Int(bytes.bits(at: offset, count: bits))
                next = Int(dispatchStarts[Int(node.dispatch) + value])
                end = Int(dispatchStarts[Int(node.dispatch) + value + 1])
            } else {
                end = next
            }
        }
        while next < end {
            let child = Int(isDispatched ? dispatchChildren[next] : children[next])
            next += 1
            guard holds(child, parent: index, bytes, &reach) else { continue }
            let result = descend(child, bytes, &isAmbiguous, &reach)
            guard result >= 0 else { continue }
            if found >= 0 {
                // The first in the document is taken, and the ledger is told.
                isAmbiguous = true
                break
            }
            found = result
        }
        if found >= 0 { return found }
        return node.isAbstract ? -1 : index
    }

    @inline(__always)
    private func holds(_ index: Int, parent: Int, _ bytes: RawSpan, _ reach: inout Int) -> Bool {
        if nodes[index].isComplex {
            reach = .max
            let probe = probe(parent)
            if probe.table.count == 0 { fillProbe(parent, bytes) }
            return probe.decoder.holds(database.nodes[index].criteria, bytes, probe.table, 0)
        }
        var step = nodes[index].firstTest
        while step >= 0 {
            let test = tests[Int(step)]
            let offset = Int(test.offset)
            let bits = Int(test.bits)
            reach = max(reach, offset + bits)
            guard offset + bits <= bytes.byteCount * 8 else { return false }
            var value = bytes.bits(at: offset, count: bits)
            if test.isSigned { value = LabelTable.biased(NumberFormat.signExtend(value, bits), isSigned: true) }
            step = (value >= test.low && value <= test.high) == test.isInside ? test.onTrue : test.onFalse
        }
        return step == CriteriaPlan.holds
    }

    // MARK: Probes

    private func probe(_ index: Int) -> (decoder: TypeDecoder, table: DecodedTable) {
        if let probe = probes[index] { return probe }
        let decoder = TypeDecoder(plan: database.nodes[index].plan, selection: .none, isProbe: true)
        let type = PacketType(
            name: "", shortName: "", description: "", database: 0, parameters: [], fixedLength: nil)
        let made = (decoder, decoder.table(type, index))
        probes[index] = made
        return made
    }

    @discardableResult
    private func fillProbe(_ index: Int, _ bytes: RawSpan) -> Int? {
        let (decoder, table) = probe(index)
        table.removeAll()
        // The caller's span outlives the look at it; the table is filled anew for each packet.
        table.append(Extent(bytes), unit: 0)
        decoder.decodeFixed(table)
        return decoder.decodeWalked(table)
    }

    /// Whether a packet ends where its type does.
    func ends(_ index: Int, _ bytes: RawSpan) -> Bool {
        let plan = database.nodes[index].plan
        if let end = plan.end { return max(end, plan.fixedEnd) == bytes.byteCount * 8 }
        guard let end = fillProbe(index, bytes) else { return false }
        return max(end, plan.fixedEnd) == bytes.byteCount * 8
    }
}

/// How many packets of a batch could be of several types, and the first of them.
struct Ambiguity {
    var count = 0
    var first = 0

    mutating func add(_ index: Int) {
        if count == 0 { first = index }
        count += 1
    }
}
