internal import Bytes
internal import Mission
internal import Records

/// The packets of one type that a spacecraft makes, one after the other at a steady rate.
///
/// Values that are numbers with nothing depending on them are columns, of which many packets are made at once. The others (texts, sizes,
/// what chooses a calibrator or says what stands in a packet) decide the shape of a packet; packets of one shape that follow each
/// other are made at once, too.
final class PacketStream {
    let channel: Int
    let type: String
    /// Packets a second; scenario and user may change it.
    private(set) var rate: Double
    private let encoder: PacketEncoder
    private let run: BehaviourRun
    private let start: Int64
    private(set) var made: UInt64 = 0
    /// The rate holds from so many packets and seconds on.
    private var since: (count: UInt64, time: Double) = (0, 0)
    /// When the packets at hand are made, in seconds since the start.
    let times = Lane<Double>()

    /// What the parameters hold that have models: lanes for those that change, in this order.
    private var plan: BehaviourRun.Plan
    /// Parameters that are columns, those that decide the shape, each with its lane (-1: the time), and what is the same in all packets.
    private var columns: [Input] = []
    private var deciding: [Input] = []
    private var constants: [(parameter: ParameterInfo, value: PacketValue)] = []
    /// How often anything had been held or let go when that was found out.
    private var holds = 0

    /// The shapes that were seen, by the values that decide them; there is one where none do.
    private var shapes: [[UInt64]: PacketShape] = [:]
    /// So many shapes are kept.
    private static let mostShapes = 64
    /// The shape of all packets at hand, where there is one.
    private var shape: PacketShape?
    /// The packets at hand of several shapes, and what they hold, with the ends of each.
    private let octets = ByteBuffer(), texts = ByteBuffer()
    private let ends = Lane<Int>(), textEnds = Lane<Int>()

    private typealias Input = (parameter: ParameterInfo, lane: Int)

    /// - Parameters:
    ///   - run: whose models are the values.
    ///   - start: of the scenario, in nanoseconds since 1970-01-01.
    /// - Throws: what the type cannot be made of.
    init(
        _ stream: TelemetryPlan.Stream, _ encoder: PacketEncoder, _ run: BehaviourRun, start: Int64
    ) throws(PacketRefusal) {
        (channel, type, rate, self.start, self.run) = (stream.channel, stream.type, stream.rate, start, run)
        self.encoder = encoder
        plan = run.plan(for: [])
        try arrange()
        // What decides takes its place when it is known; all else is tried now.
        let tried = try PacketShape(encoder, inputs: columns, others: constants)
        if deciding.isEmpty { shape = tried }
    }

    /// Sorts the parameters by how they are written.
    private func arrange() throws(PacketRefusal) {
        let behaviour = run.behaviour
        (columns, deciding, constants, shape) = ([], [], [], nil)
        shapes.removeAll()
        holds = run.holds
        var names: [String] = []
        for parameter in encoder.type.parameters {
            let name = parameter.shortName
            var lane = -1
            if behaviour.hasModel(name) {
                if encoder.isOfPrimaryHeader(parameter.name) {
                    throw PacketRefusal(
                        type, name, "is of the primary header, which packets have by themselves: leave it out")
                }
                // What never changes may be what calibrators and sizes of others depend on.
                if run.held[name] == nil, let constant = behaviour.constant(of: name) {
                    constants.append((parameter, value(constant, parameter)))
                    continue
                }
                lane = names.count
                names.append(name)
            } else if parameter.kind != .time || encoder.isPartOfTime(parameter.name) {
                continue
            }
            if encoder.canBeColumn(encoder.modelled(parameter)) {
                columns.append((parameter, lane))
            } else {
                deciding.append((parameter, lane))
            }
        }
        plan = run.plan(for: names)
    }

    /// A number of a model as a value of its parameter.
    private func value(_ number: Double, _ parameter: ParameterInfo) -> PacketValue {
        if let text = run.behaviour.text(number, of: parameter.shortName) { return .text(text) }
        let whole = Int64(nearest: number)
        switch parameter.kind {
        case .boolean: return .text(parameter.labels[number == 0 ? 0 : 1])
        case .enumeration where !encoder.isLabelled(parameter.name):
            let place = Int(whole)
            return parameter.labels.indices.contains(place) ? .text(parameter.labels[place]) : .integer(Int128(whole))
        case .time:
            let nanoseconds = Int128(PacketShape.time(number, from: start))
            return StatedTime(utc: nanoseconds * 1_000_000_000).map { .time($0) } ?? .integer(0)
        case .float: return .number(number)
        case .unsigned where number > 0: return .integer(Int128(UInt64(nearest: number)))
        default: return .integer(Int128(whole))
        }
    }

    /// Makes so many packets a second from a time in seconds since the start on, which is that up to which packets are made.
    func change(rate: Double, at time: Double) {
        (since, self.rate) = ((made, time), rate)
    }

    /// Makes the packets up to a time in seconds since the start, and says how many there are.
    ///
    /// - Parameter tells: whether ``write(values:to:)`` will be asked.
    /// - Throws: which value a packet cannot hold (`PacketRefusal`), or that the vehicle is nowhere any more (``OrbitError``).
    func make(until: Double, tells: Bool) throws -> Int {
        times.removeAll()
        var next = made
        while rate > 0 {
            let time = since.time + (Double(next - since.count) + 0.5) / rate
            guard time < until else { break }
            times.append(time)
            next += 1
        }
        guard times.count > 0 else { return 0 }
        if holds != run.holds { try arrange() }
        let lanes = try run.values(of: plan, at: times, count: made)
        made = next
        if deciding.isEmpty {
            if shape == nil { shape = try PacketShape(encoder, inputs: columns, others: constants) }
            shape?.make(0..<times.count, of: lanes, times, from: start)
        } else {
            try makeDecided(lanes, tells)
        }
        return times.count
    }

    /// Makes packets of which some values decide the shape.
    private func makeDecided(_ lanes: [Lane<Double>], _ tells: Bool) throws(PacketRefusal) {
        octets.removeAll()
        texts.removeAll()
        ends.removeAll()
        textEnds.removeAll()
        let deciders = deciding.map { $0.lane < 0 ? times : lanes[$0.lane] }
        var row = 0
        while row < times.count {
            var end = row + 1
            while end < times.count, deciders.allSatisfy({ $0[end] == $0[row] }) { end += 1 }
            let shape = try shape(of: deciders.map { $0[row] })
            let columns = shape.columns
            shape.make(row..<end, of: lanes, times, from: start)
            for index in 0..<end - row {
                octets.append(columns.packet(index))
                ends.append(octets.count)
                guard tells else { continue }
                var text = TextBuffer()
                shape.write(values: index, to: &text)
                texts.append(text.bytes)
                textEnds.append(texts.count)
            }
            row = end
        }
    }

    private func shape(of values: [Double]) throws(PacketRefusal) -> PacketShape {
        let key = values.map(\.bitPattern)
        if let known = shapes[key] { return known }
        var others = constants
        for (input, number) in zip(deciding, values) {
            others.append((input.parameter, value(number, input.parameter)))
        }
        let made = try PacketShape(encoder, inputs: columns, others: others)
        if shapes.count >= Self.mostShapes { shapes.removeAll() }
        shapes[key] = made
        return made
    }

    /// Octets of each packet; 0 where what they hold decides it.
    var packetLength: Int { shape?.columns.packetLength ?? 0 }

    /// Puts a packet that was made last behind some octets.
    func append(_ index: Int, to out: ByteBuffer) {
        if let shape {
            let columns = shape.columns
            out.append(columns.packet(index))
        } else {
            let octets = octets
            let start = index > 0 ? ends[index - 1] : 0
            out.append(octets.bytes.slice(at: start, count: ends[index] - start))
        }
    }

    /// When a packet that was made last was, in nanoseconds since 1970-01-01.
    func time(_ index: Int) -> Int64 { PacketShape.time(times[index], from: start) }

    /// What a packet that was made last holds, as members of JSON.
    func write(values index: Int, to text: inout TextBuffer) {
        if let shape {
            shape.write(values: index, to: &text)
        } else {
            let texts = texts
            let start = index > 0 ? textEnds[index - 1] : 0
            text.append(texts.bytes.slice(at: start, count: textEnds[index] - start))
        }
    }
}
