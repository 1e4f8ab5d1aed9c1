internal import Bytes
internal import Records
internal import CCSDS
internal import Mission

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
    /// How many of the types, the first ones, are packets and no messages.
    private let packetTypes: Int

    /// The columns that a user asked for, by name. A parameter's name is that of a header field, or its own, or the
    /// last parts of it.
    ///
    /// - Parameters:
    ///   - fields: nil for all header fields and every parameter of every type.
    ///   - contents: where fields is nil, what is meant; nil for all.
    init(_ fields: [String]?, types: [PacketType], contents: Contents? = nil) {
        packetTypes = types.prefix { $0.dialect == nil }.count
        guard let fields else {
            for field in HeaderField.allCases { add(field) }
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
            if let header = HeaderField(rawValue: field) {
                add(header)
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

    /// Whether any column is a parameter.
    var hasParameters: Bool {
        sources.contains { if case .parameter = $0 { true } else { false } }
    }

    private mutating func add(_ field: HeaderField) {
        names.append(field.rawValue)
        units.append("")
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
    mutating func append(_ field: HeaderField, _ unit: Unit, _ origin: Origin, type: String? = nil) {
        let hasNoAPID = unit.marks.contains(.encapsulation) || unit.marks.contains(.message)
        switch field {
        case .time: append(unit.time, digits: origin.timeDigits)
        case .packet: if unit.packet > 0 { append(unit.packet) }
        case .flow: append(origin.flow)
        case .spacecraft: if let spacecraft = origin.spacecraft { append(spacecraft) }
        case .vcid: if let vcid = origin.vcid { append(vcid) }
        case .apid: if !hasNoAPID { append(UInt64(unit.apid)) }
        case .sequence: if !hasNoAPID { append(UInt64(unit.sequence)) }
        case .type: if let type { append(type) }
        }
    }
}
