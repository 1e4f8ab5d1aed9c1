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
        let members = "\(read.grouped) of \(all.grouped) members are unpacked"
        if let reason { return "\(members): \(reason)" }
        var parts = ["\(counts.matching.grouped) can hold what is asked for"]
        if counts.heads > 0 { parts.append("\(counts.heads.grouped) tell interfaces or flows") }
        if counts.beginnings > 0 { parts.append("\(counts.beginnings.grouped) hold beginnings of packets") }
        if counts.streams > 0 { parts.append("\(counts.streams.grouped) hold parts of streams that can hold it") }
        return "\(members), \(StepWords.fixed(share, 1)) % of its octets: \(parts.joined(separator: ", "))"
    }
}
