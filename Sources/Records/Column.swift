package import Bytes

/// One parameter over all packets of a type in a batch: a cell of 64 bits for each raw and each engineering value, and
/// whether it is there.
///
/// How to read a cell depends on ``ParameterInfo/kind`` (or ``ParameterInfo/rawKind``): an unsigned integer is the
/// cell, a signed one is `Int64(bitPattern:)`, a float `Double(bitPattern:)`, an enumeration an index into
/// ``ParameterInfo/labels``, a boolean 0 or 1; texts, octets and times are asked for by ``text(at:)``, ``bytes(at:)``,
/// ``rawBytes(at:)`` and ``time(at:)``. A cell means nothing where its validity says that the value is not there.
public final class Column {
    /// What the parameter is.
    public let info: ParameterInfo
    package let rawCells: Lane<UInt64>
    /// The same lane as the raw cells where the value is the raw value.
    package let valueCells: Lane<UInt64>
    /// Attoseconds of a time; empty for everything else.
    package let fractions: Lane<UInt64>
    package let states: Lane<Validity>
    package let limitStates: Lane<LimitState>
    package let packets: Lane<Extent>
    package let arena: ByteBuffer
    /// False when every value is valid, which most columns of most batches are.
    package var isMixed = false

    package let isTime: Bool
    package let isLimited: Bool

    package init(info: ParameterInfo, sharesCells: Bool, packets: Lane<Extent>, arena: ByteBuffer) {
        self.info = info
        rawCells = Lane()
        valueCells = sharesCells ? rawCells : Lane()
        fractions = Lane()
        states = Lane()
        limitStates = Lane()
        isTime = info.kind == .time
        isLimited = info.hasLimits
        self.packets = packets
        self.arena = arena
    }

    /// Makes it as long as its table, every value being as `filler` says.
    package func prepare(_ count: Int, filler: Validity) {
        if isMixed || filler != .valid { states.fill(filler) }
        states.resize(to: count, filler: filler)
        isMixed = filler != .valid
        rawCells.resize(to: count, filler: 0)
        if valueCells !== rawCells { valueCells.resize(to: count, filler: 0) }
        if isTime { fractions.resize(to: count, filler: 0) }
        if isLimited {
            limitStates.resize(to: count, filler: .nominal)
            limitStates.fill(.nominal)
        }
    }

    /// Says why a value is not there, or not to be trusted.
    package func mark(_ row: Int, _ validity: Validity) {
        states[row] = validity
        isMixed = true
    }

    /// How many packets.
    public var count: Int { rawCells.count }

    /// True when every value of this batch is valid: ``validities`` need not be looked at.
    public var isAllValid: Bool { !isMixed }

    /// The raw cells.
    public var raws: Span<UInt64> {
        @_lifetime(borrow self)
        get { unsafe rawCells.span(keptBy: self) }
    }

    /// The engineering cells; of a time its seconds since 1970.
    public var values: Span<UInt64> {
        @_lifetime(borrow self)
        get { unsafe valueCells.span(keptBy: self) }
    }

    /// Whether each value is there.
    public var validities: Span<Validity> {
        @_lifetime(borrow self)
        get { unsafe states.span(keptBy: self) }
    }

    /// How each value stands to its limits; empty when ``ParameterInfo/hasLimits`` is false.
    public var limits: Span<LimitState> {
        @_lifetime(borrow self)
        get { unsafe limitStates.span(keptBy: self) }
    }

    /// The time of a row.
    public func time(at row: Int) -> StatedTime {
        StatedTime(seconds: Int64(bitPattern: valueCells[row]), attoseconds: fractions[row])
    }

    /// The octets of a raw string buffer or binary; true as long as the packets are.
    @_lifetime(borrow self)
    public func rawBytes(at row: Int) -> RawSpan { octets(rawCells[row], row) }

    /// The octets of a binary.
    @_lifetime(borrow self)
    public func bytes(at row: Int) -> RawSpan { octets(valueCells[row], row) }

    /// The text of a string in UTF-8, always well-formed.
    @_lifetime(borrow self)
    public func text(at row: Int) -> RawSpan { octets(valueCells[row], row) }

    @_lifetime(borrow self)
    package func octets(_ cell: UInt64, _ row: Int) -> RawSpan {
        let range = OctetRange(cell: cell)
        let whole = range.isInArena ? arena.extent : packets[row]
        // The table that owns this column keeps its arena until its next batch, and packets live as long as theirs.
        return unsafe whole.slice(at: range.start, count: range.count).bytes(keptBy: self)
    }
}

/// Where octets are, as a cell: in the packet, or in the table's arena when they had to be shifted or converted.
package struct OctetRange {
    package var start: Int
    package var count: Int
    package var isInArena: Bool

    /// More octets than that have no place in a cell.
    package static let largest = Int(Int32.max)

    package init(start: Int, count: Int, isInArena: Bool) {
        self.start = start
        self.count = count
        self.isInArena = isInArena
    }

    package init(cell: UInt64) {
        start = Int(cell >> 32 & 0x7FFF_FFFF)
        count = Int(cell & 0xFFFF_FFFF)
        isInArena = cell >> 63 == 1
    }

    package var cell: UInt64 { UInt64(start) << 32 | UInt64(count) | (isInArena ? 1 << 63 : 0) }
}
