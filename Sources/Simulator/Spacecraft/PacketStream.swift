internal import Bytes
internal import Mission
internal import Records

/// The packets of one type that a spacecraft makes, one after the other at a steady rate.
final class PacketStream {
    let channel: Int
    let type: String
    /// Packets a second; scenario and user may change it.
    private(set) var rate: Double
    private let columns: PacketColumns
    private let run: BehaviourRun
    /// What the parameters hold that have models; theirs are the first columns.
    private let plan: BehaviourRun.Plan
    /// Their names.
    private let names: [String]
    /// Parameters that are the same in all packets, as members of JSON.
    private let constants: [UInt8]
    /// The names of those that are the same in all packets.
    let fixed: Set<String>
    /// Times that have no model: when the packet is made.
    private let timeColumns: [Int]
    private let start: Int64
    private(set) var made: UInt64 = 0
    /// The rate holds from so many packets and seconds on.
    private var since: (count: UInt64, time: Double) = (0, 0)
    /// When the packets at hand are made, in seconds since the start.
    let times = Lane<Double>()

    /// - Parameters:
    ///   - run: whose models are the values.
    ///   - varying: parameters that are held at other values at times, whatever their models say.
    ///   - start: of the scenario, in nanoseconds since 1970-01-01.
    /// - Throws: what the type cannot be made of.
    init(
        _ stream: TelemetryPlan.Stream, _ encoder: PacketEncoder, _ run: BehaviourRun, varying: Set<String>,
        start: Int64
    ) throws(PacketRefusal) {
        (channel, type, rate, self.start, self.run) = (stream.channel, stream.type, stream.rate, start, run)
        let behaviour = run.behaviour
        var names: [String] = []
        var others = PacketValues()
        var constants = TextBuffer()
        var fixed: Set<String> = []
        for parameter in encoder.type.parameters where behaviour.hasModel(parameter.shortName) {
            // What never changes may be what calibrators and sizes of others depend on.
            guard let constant = behaviour.constant(of: parameter.shortName), !varying.contains(parameter.shortName)
            else {
                names.append(parameter.shortName)
                continue
            }
            let value = Self.value(constant, parameter)
            others.set(parameter.name, to: value)
            fixed.insert(parameter.shortName)
            let truth = parameter.kind == .boolean ? (constant != 0 ? "true" : "false") : value.json
            Self.write(truth, parameter.shortName, to: &constants)
        }
        self.constants = constants.bytes.copied()
        self.fixed = fixed
        let times = encoder.type.parameters.filter { $0.kind == .time && !behaviour.hasModel($0.shortName) }
        // Times that are parts of others cannot be columns; the first is the packet's own.
        let all = names + times.map(\.shortName)
        if let columns = try? PacketColumns(encoder, all, others: others) {
            (self.columns, timeColumns) = (columns, Array(names.count..<all.count))
        } else {
            let some = names + times.prefix(1).map(\.shortName)
            (columns, timeColumns) = (try PacketColumns(encoder, some, others: others), Array(names.count..<some.count))
        }
        self.names = names
        plan = run.plan(for: names)
    }

    /// A number of a model as a value of its parameter.
    private static func value(_ number: Double, _ parameter: ParameterInfo) -> PacketValue {
        let whole = Int(exactly: number.rounded()) ?? 0
        if parameter.labels.indices.contains(whole) { return .text(parameter.labels[whole]) }
        return parameter.kind == .float ? .number(number) : .integer(Int128(whole))
    }

    /// What is the same in all packets, where its value is what stands in them: numbers that are calibrated are not rounded as
    /// packets are, and are left out.
    private static func write(_ said: String?, _ name: String, to text: inout TextBuffer) {
        guard let said else { return }
        if text.count > 0 { text.append(",") }
        text.appendJSON(name)
        text.append(":")
        text.append(said)
    }

    /// Makes so many packets a second from a time in seconds since the start on, which is that up to which packets are made.
    func change(rate: Double, at time: Double) {
        (since, self.rate) = ((made, time), rate)
    }

    /// Makes the packets up to a time in seconds since the start, and says how many there are.
    func make(until: Double) -> Int {
        times.removeAll()
        var next = made
        while rate > 0 {
            let time = since.time + (Double(next - since.count) + 0.5) / rate
            guard time < until else { break }
            times.append(time)
            next += 1
        }
        guard times.count > 0 else { return 0 }
        columns.resize(to: times.count)
        for (column, lane) in run.values(of: plan, at: times, count: made).enumerated() {
            switch columns.kinds[column] {
            case .numbers: columns.numbers(column).copy(lane)
            case .integers:
                let integers = columns.integers(column)
                for row in 0..<times.count { integers[row] = Int64(exactly: lane[row].rounded()) ?? 0 }
            }
        }
        for column in timeColumns {
            let integers = columns.integers(column)
            for row in 0..<times.count { integers[row] = time(row) }
        }
        made = next
        return columns.encode()
    }

    /// Puts a packet that was made last behind some octets.
    func append(_ index: Int, to out: ByteBuffer) {
        let columns = columns
        out.append(columns.packet(index))
    }

    /// When a packet that was made last was, in nanoseconds since 1970-01-01.
    func time(_ index: Int) -> Int64 { start + Int64((times[index] * 1e9).rounded()) }

    /// What a packet that was made last holds, as members of JSON.
    func write(values index: Int, to text: inout TextBuffer) {
        let constants = constants
        text.append(constants.octets)
        var isFirst = constants.isEmpty
        for (column, name) in names.enumerated() {
            guard let value = columns.written(column, index) else { continue }
            if !isFirst { text.append(",") }
            isFirst = false
            text.appendJSON(name)
            text.append(":")
            switch value {
            case .number(let number): text.appendJSON(number)
            case .integer(let number): text.append(number)
            case .unsigned(let number): text.append(number)
            case .truth(let truth): text.append(truth ? "true" : "false")
            case .label(let label): text.appendJSON(label)
            }
        }
    }
}

extension PacketValue {
    /// As JSON; nil for numbers with a fraction, which packets round.
    fileprivate var json: String? {
        switch self {
        case .text(let text):
            var out = TextBuffer()
            out.appendJSON(text)
            return String(decoding: out.bytes.copied(), as: UTF8.self)
        case .integer(let number): return "\(number)"
        default: return nil
        }
    }
}
