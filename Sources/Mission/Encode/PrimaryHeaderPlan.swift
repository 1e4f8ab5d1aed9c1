import Records

/// Which fields of a packet type are those of a CCSDS primary header (133.0-B-2, 4.1.3).
struct PrimaryHeaderPlan: Sendable {
    var version: Int?
    var secondaryHeaderFlag: Int?
    var apid: Int?
    var sequenceFlags: Int
    var sequenceCount: Int
    var length: Int
    /// Whether a time stands right behind the header, as secondary headers begin.
    var isFollowedByTime = false

    /// Nil when sequence flags, count and length do not stand where the standard has them.
    init?(_ plan: TypePlan) {
        func field(at offset: Int, _ bits: Int) -> Int? {
            plan.fields.firstIndex { field in
                guard field.place == .fixed(offset), case .number(let format) = field.encoding else { return false }
                return format.isPlain && format.bits == bits
            }
        }
        guard let flags = field(at: 16, 2), let count = field(at: 18, 14), let length = field(at: 32, 16) else {
            return nil
        }
        (sequenceFlags, sequenceCount, self.length) = (flags, count, length)
        (version, secondaryHeaderFlag, apid) = (field(at: 0, 3), field(at: 4, 1), field(at: 5, 11))
        isFollowedByTime = plan.fields.contains { $0.place == .fixed(48) && $0.info.kind == .time }
    }
}
