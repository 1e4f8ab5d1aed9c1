internal import Bytes
internal import Records
internal import Mission

/// One column of a batch, as a trivial record: what a sink needs of it for every row, without touching an object a value.
struct CellView: BitwiseCopyable {
    /// The engineering and the raw cells, eight octets a row.
    var values: Extent
    var raws: Extent
    /// A validity a row; empty where all are valid.
    var validities: Extent
    /// A limit state a row; empty where the parameter has no limits.
    var limits: Extent
    var kind: ValueKind
    var rawKind: RawKind
    /// The index of the column in its table.
    var column: Int32
    /// The column's key, ready to be written.
    var key: Extent
    /// The first of its labels among the pieces; -1 where it has none.
    var labels: Int32

    /// The engineering cell of a row.
    @inline(__always)
    func value(_ row: Int, keptBy keeper: borrowing CellViews) -> UInt64 { cell(values, row, keeper) }
    /// The raw cell of a row.
    @inline(__always)
    func raw(_ row: Int, keptBy keeper: borrowing CellViews) -> UInt64 { cell(raws, row, keeper) }

    @inline(__always)
    private func cell(_ cells: Extent, _ row: Int, _ keeper: borrowing CellViews) -> UInt64 {
        // The batch that the views were made of keeps its cells until it is filled again; the views are made anew then.
        unsafe UInt64(littleEndian: cells.bytes(keptBy: keeper).u64le(at: row &* 8))
    }

    /// The validity of a row.
    @inline(__always)
    func validity(_ row: Int, keptBy keeper: borrowing CellViews) -> Validity {
        guard validities.count > 0 else { return .valid }
        return unsafe Validity(rawValue: validities.bytes(keptBy: keeper).u8(at: row)) ?? .valid
    }

    /// Whether a row has a raw value.
    @inline(__always)
    func hasRaw(_ row: Int, keptBy keeper: borrowing CellViews) -> Bool {
        let validity = validity(row, keptBy: keeper)
        return validity.hasRaw || rawKind == .text && validity.hasRaw(cell: raw(row, keptBy: keeper), rawKind)
    }

    /// The limit state of a row.
    @inline(__always)
    func limit(_ row: Int, keptBy keeper: borrowing CellViews) -> LimitState {
        guard limits.count > 0 else { return .nominal }
        return unsafe LimitState(rawValue: limits.bytes(keptBy: keeper).u8(at: row)) ?? .nominal
    }
}

/// The columns of all types of a batch as views, one type behind the other.
struct CellViews: ~Copyable {
    private var views = Batch<CellView>(capacity: 256)
    /// For each type the number of its first view, and how many it has; no views for types that the batch has none of.
    private var starts: [Int32] = []
    private var counts: [Int32] = []

    /// Makes the views of a batch anew.
    ///
    /// - Parameter piece: the key and the first label of a type's column; nil where nobody asked for it.
    mutating func fill(_ decoded: DecodedBatch, types: Int, piece: (Int, Int) -> (key: Extent, labels: Int32)?) {
        views.removeAll()
        if starts.count != types {
            starts = [Int32](repeating: 0, count: types)
            counts = [Int32](repeating: 0, count: types)
        }
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            starts[type] = Int32(views.count)
            for (index, column) in table.columns.enumerated() {
                guard let (key, labels) = piece(type, index) else { continue }
                views.append(
                    CellView(
                        values: Extent(column.values.octets), raws: Extent(column.raws.octets),
                        validities: column.isAllValid ? .empty : Extent(column.validities.octets),
                        limits: column.info.hasLimits ? Extent(column.limits.octets) : .empty, kind: column.info.kind,
                        rawKind: column.info.rawKind, column: Int32(index), key: key, labels: labels))
            }
            counts[type] = Int32(views.count) - starts[type]
        }
    }

    /// The numbers of a type's views.
    @inline(__always)
    func range(of type: Int) -> Range<Int> { Int(starts[type])..<Int(starts[type]) + Int(counts[type]) }

    /// A view by its number.
    @inline(__always)
    subscript(index: Int) -> CellView { views[index] }
}
