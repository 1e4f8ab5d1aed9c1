/// One container with everything that it inherits, compiled: a flat list of fields, and a walk to those whose place
/// varies.
struct TypePlan: Sendable {
    /// A step of the walk, which keeps a bit position and a few remembered container starts.
    enum Step: Sendable {
        /// The position is known from here on.
        case set(Int)
        /// Moves by so many bits, backwards too.
        case skip(Int)
        /// Goes to a remembered start and so many bits on.
        case seek(register: Int, offset: Int)
        /// Remembers the position as the start of a container.
        case mark(register: Int)
        /// Reads a field and moves behind it.
        case field(Int)
        /// Goes on at `otherwise` when the criteria do not hold.
        case branch(CriteriaPlan, otherwise: Int)
    }
    var fields: [FieldPlan] = []
    var walk: [Step] = []
    var registers = 0
    /// The end of the furthest field with a fixed place.
    var fixedEnd = 0
    /// Where the type ends, when that is the same in every packet.
    var end: Int?
}

/// A container in the tree of those that extend each other.
struct NodePlan: Sendable {
    var container: Int
    var name: String
    var isAbstract: Bool
    /// Whether a packet of the parent is one of this, tested on the parent's fields.
    var criteria: CriteriaPlan
    var plan: TypePlan
    var children: [Int] = []
    /// True when the criteria of a child look at a value that has to be decoded first.
    var needsProbe = false
    var dispatch: Dispatch?
}

/// A table from the value of one field to the children that it allows: a tree of packet types is mostly one test of the
/// APID with many outcomes.
struct Dispatch: Sendable {
    /// Fields wider than that get no table.
    static let widest = 12
    var offset: Int
    var bits: Int
    /// Where the children of a value begin in `children`; one more entry than values.
    var starts: [Int32]
    var children: [Int32]
}
