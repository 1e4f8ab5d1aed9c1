/// What an XTCE document says, with names resolved: tables of space systems, types, parameters and containers that
/// point at each other by index.
struct Model {
    var systems: [SystemModel] = []
    var types: [TypeModel] = []
    var parameters: [ParameterModel] = []
    var containers: [ContainerModel] = []
}

/// A space system.
struct SystemModel {
    var name: String
    /// Its names from the root down.
    var path: [String]
    var parent: Int?
    var position: Position
    /// The subsystems and what is declared inside, by name.
    var subsystems: [String: Int] = [:]
    var types: [String: Int] = [:]
    var parameters: [String: Int] = [:]
    var containers: [String: Int] = [:]

    /// The name that users type for something declared inside.
    func qualified(_ name: String) -> String { (path + [name]).joined(separator: ".") }
}

/// A parameter.
struct ParameterModel {
    var name: String
    /// The name that users type: names from the root down, with dots.
    var qualifiedName: String
    var system: Int
    /// Other names that the document gives it, with dots.
    var aliases: [String]
    var description: String
    /// Its type; nil when the reference was wrong (which was reported).
    var type: Int?
    /// The engineering value that it has before any packet, as written.
    var initialValue: String?
    var position: Position
}

/// A container.
struct ContainerModel {
    var name: String
    var qualifiedName: String
    var description: String
    var system: Int
    var isAbstract: Bool
    var position: Position
    /// The container that it extends.
    var base: Int?
    /// What must hold for a packet of the base to be one of this; nil: it always holds.
    var criteria: ConditionModel?
    var entries: [EntryModel] = []
    /// `BinaryEncoding/SizeInBits`: what it takes up when it is included in another.
    var fixedSize: Int?
    /// What is wrong with it. It matters when the container can be reached.
    var defects: [Diagnostic] = []
}

/// An entry of a container's list.
struct EntryModel {
    enum Content {
        case parameter(Int)
        case container(Int)
    }
    /// From where its location counts.
    enum Reference {
        case previousEntry
        case containerStart
    }
    var content: Content
    var reference = Reference.previousEntry
    /// Bits from the reference to its first bit.
    var offset = 0
    /// The entry is there when this holds.
    var condition: ConditionModel?
    var position: Position
}

/// A reference to a parameter's value.
struct ReferenceModel {
    var parameter: Int
    var usesCalibratedValue: Bool
    var position: Position
}

/// A condition: what an XTCE `MatchCriteria` says.
indirect enum ConditionModel {
    case comparison(ComparisonModel)
    case all([ConditionModel])
    case any([ConditionModel])
}

/// One comparison of a condition.
struct ComparisonModel {
    enum Operator {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    }
    enum Operand {
        case text(String)
        case parameter(ReferenceModel)
    }
    var left: ReferenceModel
    var comparison: Operator
    var right: Operand
    var position: Position
}

/// A length in bits.
enum SizeModel {
    case fixed(Int)
    /// slope x value + intercept.
    case dynamic(ReferenceModel, slope: Double, intercept: Double)
    /// The value of the first condition that holds.
    case lookup([(condition: ConditionModel, bits: Int)])
}
