import Pipeline

extension ArchiveSlice {
    /// What is read of a file that may be an archive.
    static func words(_ slice: ArchiveSlice?) -> String {
        slice?.words ?? "all of it is read: it is no archive, or everything is asked for"
    }

    /// What is read of an archive, and why, for people.
    var words: String {
        let (read, all) = (wanted.count { $0 }, wanted.count)
        let share = octets.all > 0 ? Double(octets.read) / Double(octets.all) * 100 : 0
        let members = "\(read.grouped) of \(all.grouped) members \(read == 1 ? "is" : "are") unpacked"
        if let reason { return "\(members): \(reason)" }
        func count(_ number: Int, _ one: String, _ several: String) -> String? {
            number == 0 ? nil : "\(number.grouped) \(number == 1 ? one : several)"
        }
        let parts = [
            "\(counts.matching.grouped) can hold what is asked for",
            count(counts.heads, "tells interfaces or flows", "tell interfaces or flows"),
            count(counts.beginnings, "holds beginnings of packets", "hold beginnings of packets"),
            count(counts.streams, "holds a part of a stream that can", "hold parts of streams that can"),
        ].compactMap(\.self)
        return "\(members), \(StepWords.fixed(share, 1)) % of its octets: \(parts.joined(separator: ", "))"
    }
}
