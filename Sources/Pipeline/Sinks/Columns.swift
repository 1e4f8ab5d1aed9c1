internal import Bytes
internal import Records
internal import CCSDS
internal import Mission
internal import Query
internal import Transport

/// The columns of a sink that writes rows: header fields and parameters, in the order asked for.
struct SinkColumns {
    /// What one column shows.
    enum Source {
        case header(HeaderField)
        /// For each packet type the column of the type's table; -1 where it has no such parameter.
        case parameter([Int32])
    }

    private(set) var names: [String] = []
    private(set) var units: [String] = []
    /// What the parameters are; nil for header fields.
    private(set) var kinds: [ValueKind?] = []
    private(set) var sources: [Source] = []
    /// Whether they are all that there are.
    let isAll: Bool
    /// How many of the types, the first ones, are packets and no messages.
    private let packetTypes: Int

    /// The columns that a user asked for, by name. A parameter's name is that of a header field, or its own, or the
    /// last parts of it.
    ///
    /// - Parameters:
    ///   - fields: nil for all header fields and every parameter of every type.
    ///   - contents: where fields is nil, what is meant; nil for all.
    init(_ fields: [String]?, types: [PacketType], contents: Contents? = nil) {
        isAll = fields == nil
        packetTypes = types.prefix { $0.dialect == nil }.count
        guard let fields else {
            for field in HeaderField.printed { add(field, field.rawValue) }
            for (index, type) in types.enumerated() {
                if let contents, !contents.contains(index, packetTypes: packetTypes) { continue }
                let names = printedNames(type)
                for (parameter, name) in zip(type.parameters, names) where !self.names.contains(name) {
                    add(
                        name, parameter,
                        types.map { other in Self.column(of: other, printed: name) })
                }
            }
            return
        }
        for field in fields {
            if let header = HeaderField.named(field) {
                add(header, field)
            } else {
                let indexes = types.map { type in Self.column(of: type, tail: field) }
                let found = zip(types, indexes).first { $0.1 >= 0 }.map { $0.0.parameters[Int($0.1)] }
                add(field, found, indexes)
            }
        }
    }

    /// Whether a packet type has anything of its own to show in the parameter columns: what every type has, like the fields
    /// of the primary header, counts only where nothing else is asked for.
    func shows(_ type: Int) -> Bool {
        guard type >= 0 else { return false }
        var has = (own: false, common: false)
        var asksForOwn = false
        for source in sources {
            guard case .parameter(let indexes) = source else { continue }
            if packetTypes > 0, indexes.prefix(packetTypes).allSatisfy({ $0 >= 0 }) {
                has.common = true
            } else {
                asksForOwn = true
                if indexes[type] >= 0 { has.own = true }
            }
        }
        return asksForOwn ? has.own : has.common
    }

    /// The header fields among the columns, with the names they were asked for by.
    var headers: [(name: String, field: HeaderField)] {
        zip(names, sources).compactMap { name, source in
            if case .header(let field) = source { (name, field) } else { nil }
        }
    }

    /// Whether a column of a type's table is among them.
    func shows(type: Int, column: Int) -> Bool {
        sources.contains { source in
            if case .parameter(let indexes) = source { indexes[type] == Int32(column) } else { false }
        }
    }

    /// Whether any column is a parameter.
    var hasParameters: Bool {
        sources.contains { if case .parameter = $0 { true } else { false } }
    }

    private mutating func add(_ field: HeaderField, _ name: String) {
        names.append(name)
        units.append(field.unit)
        kinds.append(nil)
        sources.append(.header(field))
    }

    private mutating func add(_ name: String, _ parameter: ParameterInfo?, _ indexes: [Int32]) {
        names.append(name)
        // A time is written as a date: what its count was in says nothing there.
        units.append(parameter?.kind == .time ? "" : parameter?.unit ?? "")
        kinds.append(parameter?.kind)
        sources.append(.parameter(indexes))
    }

    private static func column(of type: PacketType, printed name: String) -> Int32 {
        Int32(printedNames(type).firstIndex(of: name) ?? -1)
    }

    private static func column(of type: PacketType, tail: String) -> Int32 {
        Int32(type.parameters.firstIndex { $0.isMeant(by: tail) } ?? -1)
    }
}

extension TextBuffer {
    /// Adds a header field of a packet as plain text; nothing where it has none.
    mutating func append(_ field: HeaderField, _ unit: Unit, _ octets: RawSpan, _ origin: Origin, _ type: PacketType?) {
        switch field {
        case .time: append(unit.time, digits: origin.timeDigits)
        case .flow: append(origin.flow)
        case .type: if let type { append(type.name) }
        case .dialect: if let dialect = type?.dialect { append(dialect) }
        case .spacecraftName: if let mission = type?.mission { append(mission) }
        case .interfaceName: if let name = origin.interfaceName { append(name) }
        case .octets: appendHex(octets)
        default:
            if let number = field.number(unit, origin) {
                if case .label(let labels) = field.kind { append(labels[Int(number)]) } else { append(number) }
            } else if let address = field.address(origin) {
                append(address)
            }
        }
    }

    /// Adds a header field that is no number as JSON.
    mutating func appendJSON(
        _ field: HeaderField, _ unit: Unit, _ octets: RawSpan, _ origin: Origin, _ type: PacketType?
    ) {
        let start = count
        append("\"")
        append(field, unit, octets, origin, type)
        // Names that a capture gives may hold anything.
        if field == .flow || field == .interfaceName { truncate(to: start) } else { append("\"") }
        switch field {
        case .flow: appendJSON(origin.flow)
        case .interfaceName: if let name = origin.interfaceName { appendJSON(name) } else { append("null") }
        default:
            if count == start + 2 {
                truncate(to: start)
                append("null")
            }
        }
    }
}

extension HeaderField {
    /// An address of an origin as text; nil where it has none.
    func address(_ origin: Origin) -> String? {
        guard kind == .address, let octets = octets(origin) else { return nil }
        return octets.count == 4 ? octets.map(String.init).joined(separator: ".") : ipv6Text(octets)
    }
}
