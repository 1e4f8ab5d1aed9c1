internal import Bytes
internal import Glibc

/// A model as steps over columns of numbers: each step takes the topmost columns of a stack and puts one there. Truths are 1 and 0.
struct ModelProgram: Sendable {
    /// What one column becomes.
    enum One: Sendable { case minus, not, sin, cos, tan, sqrt, exp, log, abs, floor, ceil, round }

    /// What two columns become.
    enum Two: Sendable {
        case plus, minus, times, divided, modulo, bits, power, least, most
        case less, atMost, equal, unequal, and, or, xor
    }

    /// One step.
    enum Step: Sendable {
        case number(Double)
        /// A column of the scope.
        case column(Int)
        case one(One)
        case two(Two)
        /// Of condition, then and else what the condition says.
        case choose
        /// Normal noise with the deviation on top, and even numbers between two.
        case noise(site: UInt64)
        case even(site: UInt64)
        /// Straight lines between points: of the number on top, by places and values.
        case line([Double], [Double])
    }

    private(set) var steps: [Step] = []
    /// Columns of the scope that it reads.
    private(set) var columns: Set<Int> = []
    private var depth = 0
    /// How many columns the stack needs.
    private(set) var deepest = 0

    /// Adds a step that takes so many columns.
    mutating func append(_ step: Step, takes: Int) {
        steps.append(step)
        if case .column(let index) = step { columns.insert(index) }
        depth += 1 - takes
        deepest = max(deepest, depth)
    }

    /// The number that it always is; nil where it hangs on anything.
    var constant: Double? {
        guard columns.isEmpty else { return nil }
        for step in steps {
            switch step {
            case .noise, .even: return nil
            default: continue
            }
        }
        return ModelMachine(RandomSource(seed: 0, name: "")).run(self, rows: 1, [], serial: 0)[0]
    }
}

/// Runs programs over rows.
final class ModelMachine {
    private var stack: [Lane<Double>] = []
    private let random: RandomSource

    init(_ random: RandomSource) { self.random = random }

    /// The result of a program, a number a row, until the next call.
    ///
    /// - Parameters:
    ///   - scope: the columns that programs may read, each with as many rows.
    ///   - serial: what rows are counted from, so that each has noise of its own.
    func run(_ program: ModelProgram, rows: Int, _ scope: [Lane<Double>], serial: UInt64) -> Lane<Double> {
        while stack.count < max(1, program.deepest) { stack.append(Lane()) }
        for lane in stack.prefix(max(1, program.deepest)) { lane.resize(to: rows, filler: 0) }
        var top = -1
        for step in program.steps {
            switch step {
            case .number(let value):
                top += 1
                stack[top].fill(value)
            case .column(let index):
                top += 1
                Self.copy(scope[index], stack[top])
            case .one(let operation): Self.apply(operation, stack[top])
            case .two(let operation):
                top -= 1
                Self.apply(operation, stack[top], stack[top + 1])
            case .choose:
                top -= 2
                Self.choose(stack[top], stack[top + 1], stack[top + 2])
            case .noise(let site):
                let lane = stack[top]
                var out = lane.writable
                for row in out.indices { out[row] *= random.normal(site, serial &+ UInt64(row)) }
            case .even(let site):
                top -= 1
                let (low, high) = (stack[top], stack[top + 1])
                let ends = high.span
                var out = low.writable
                for row in out.indices { out[row] += (ends[row] - out[row]) * random.unit(site, serial &+ UInt64(row)) }
            case .line(let places, let values):
                let lane = stack[top]
                var out = lane.writable
                for row in out.indices { out[row] = Self.between(places, values, out[row]) }
            }
        }
        return stack[0]
    }

    private static func copy(_ from: Lane<Double>, _ to: Lane<Double>) {
        let values = from.span
        var out = to.writable
        for row in out.indices { out[row] = values[row] }
    }

    /// The value of a line through points at a place; before the first and behind the last it is theirs.
    private static func between(_ places: [Double], _ values: [Double], _ place: Double) -> Double {
        guard let next = places.firstIndex(where: { $0 > place }) else { return values[values.count - 1] }
        guard next > 0 else { return values[0] }
        let share = (place - places[next - 1]) / (places[next] - places[next - 1])
        return values[next - 1] + (values[next] - values[next - 1]) * share
    }

    private static func choose(_ condition: Lane<Double>, _ then: Lane<Double>, _ other: Lane<Double>) {
        let (a, b) = (then.span, other.span)
        var out = condition.writable
        for row in out.indices { out[row] = out[row] != 0 ? a[row] : b[row] }
    }

    @inline(__always)
    private static func each(_ lane: Lane<Double>, _ change: (Double) -> Double) {
        var out = lane.writable
        for row in out.indices { out[row] = change(out[row]) }
    }

    private static func apply(_ operation: ModelProgram.One, _ lane: Lane<Double>) {
        switch operation {
        case .minus: each(lane) { -$0 }
        case .not: each(lane) { $0 == 0 ? 1 : 0 }
        case .sin: each(lane) { Glibc.sin($0) }
        case .cos: each(lane) { Glibc.cos($0) }
        case .tan: each(lane) { Glibc.tan($0) }
        case .sqrt: each(lane) { $0.squareRoot() }
        case .exp: each(lane) { Glibc.exp($0) }
        case .log: each(lane) { Glibc.log($0) }
        case .abs: each(lane) { $0.magnitude }
        case .floor: each(lane) { $0.rounded(.down) }
        case .ceil: each(lane) { $0.rounded(.up) }
        case .round: each(lane) { $0.rounded() }
        }
    }

    @inline(__always)
    private static func each(_ a: Lane<Double>, _ b: Lane<Double>, _ change: (Double, Double) -> Double) {
        let others = b.span
        var out = a.writable
        for row in out.indices { out[row] = change(out[row], others[row]) }
    }

    private static func apply(_ operation: ModelProgram.Two, _ a: Lane<Double>, _ b: Lane<Double>) {
        switch operation {
        case .plus: each(a, b) { $0 + $1 }
        case .minus: each(a, b) { $0 - $1 }
        case .times: each(a, b) { $0 * $1 }
        case .divided: each(a, b) { $0 / $1 }
        case .modulo:
            // As filters have it: what is left has the sign of what is divided.
            each(a, b) { $0.truncatingRemainder(dividingBy: $1) }
        case .bits: each(a, b) { Double((Int64(exactly: $0) ?? 0) & (Int64(exactly: $1) ?? 0)) }
        case .power: each(a, b) { pow($0, $1) }
        case .least: each(a, b) { min($0, $1) }
        case .most: each(a, b) { max($0, $1) }
        case .less: each(a, b) { $0 < $1 ? 1 : 0 }
        case .atMost: each(a, b) { $0 <= $1 ? 1 : 0 }
        case .equal: each(a, b) { $0 == $1 ? 1 : 0 }
        case .unequal: each(a, b) { $0 != $1 ? 1 : 0 }
        case .and: each(a, b) { $0 != 0 && $1 != 0 ? 1 : 0 }
        case .or: each(a, b) { $0 != 0 || $1 != 0 ? 1 : 0 }
        case .xor: each(a, b) { ($0 != 0) != ($1 != 0) ? 1 : 0 }
        }
    }
}
