internal import Bytes
internal import Mission
internal import Records

/// The packets of one type that a spacecraft makes, one after the other at a steady rate.
final class PacketStream {
    let channel: Int
    private let columns: PacketColumns
    private let run: BehaviourRun
    /// What the parameters hold that have models; theirs are the first columns.
    private let plan: BehaviourRun.Plan
    /// Times that have no model: when the packet is made.
    private let timeColumns: [Int]
    private let rate: Double
    private let start: Int64
    private(set) var made: UInt64 = 0
    /// When the packets at hand are made, in seconds since the start.
    let times = Lane<Double>()

    /// - Parameters:
    ///   - run: whose models are the values.
    ///   - start: of the scenario, in nanoseconds since 1970-01-01.
    /// - Throws: what the type cannot be made of.
    init(
        _ stream: TelemetryPlan.Stream, _ encoder: PacketEncoder, _ run: BehaviourRun, start: Int64
    ) throws(PacketRefusal) {
        (channel, rate, self.start, self.run) = (stream.channel, stream.rate, start, run)
        let behaviour = run.behaviour
        var names: [String] = []
        var others = PacketValues()
        for parameter in encoder.type.parameters where behaviour.hasModel(parameter.shortName) {
            // What never changes may be what calibrators and sizes of others depend on.
            if let constant = behaviour.constant(of: parameter.shortName) {
                others.set(parameter.name, to: Self.value(constant, parameter))
                continue
            }
            names.append(parameter.shortName)
        }
        let times = encoder.type.parameters.filter { $0.kind == .time && !behaviour.hasModel($0.shortName) }
        // Times that are parts of others cannot be columns; the first is the packet's own.
        let all = names + times.map(\.shortName)
        if let columns = try? PacketColumns(encoder, all, others: others) {
            (self.columns, timeColumns) = (columns, Array(names.count..<all.count))
        } else {
            let some = names + times.prefix(1).map(\.shortName)
            (columns, timeColumns) = (try PacketColumns(encoder, some, others: others), Array(names.count..<some.count))
        }
        plan = run.plan(for: names)
    }

    /// A number of a model as a value of its parameter.
    private static func value(_ number: Double, _ parameter: ParameterInfo) -> PacketValue {
        let whole = Int(exactly: number.rounded()) ?? 0
        if parameter.labels.indices.contains(whole) { return .text(parameter.labels[whole]) }
        return parameter.kind == .float ? .number(number) : .integer(Int128(whole))
    }

    /// Makes the packets up to a time in seconds since the start, and says how many there are.
    func make(until: Double) -> Int {
        times.removeAll()
        var next = made
        while true {
            let time = (Double(next) + 0.5) / rate
            guard time < until else { break }
            times.append(time)
            next += 1
        }
        guard times.count > 0 else { return 0 }
        columns.resize(to: times.count)
        for (column, lane) in run.values(of: plan, at: times, count: made).enumerated() {
            switch columns.kinds[column] {
            case .numbers:
                let numbers = columns.numbers(column)
                for row in 0..<times.count { numbers[row] = lane[row] }
            case .integers:
                let integers = columns.integers(column)
                for row in 0..<times.count { integers[row] = Int64(exactly: lane[row].rounded()) ?? 0 }
            }
        }
        for column in timeColumns {
            let integers = columns.integers(column)
            for row in 0..<times.count { integers[row] = start + Int64((times[row] * 1e9).rounded()) }
        }
        made = next
        return columns.encode()
    }

    /// Puts a packet that was made last behind some octets.
    func append(_ index: Int, to out: ByteBuffer) {
        let columns = columns
        out.append(columns.packet(index))
    }
}
