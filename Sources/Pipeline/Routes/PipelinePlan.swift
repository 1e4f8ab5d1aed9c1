public import Settings
internal import Bytes
internal import Links
internal import Transport

/// A pipeline as a file says it: sources, what explains them, and routes to sinks. The file's format is described in
/// `Specs/pipeline.md`.
public struct PipelinePlan: Sendable {
    /// Where packets come from.
    public struct Source: Sendable {
        /// A file, "-", or the address of a live source.
        public var at = ""
        /// What the user says it carries, as the command line writes it.
        public var told: ToldLayout?

        /// A source by its name.
        public init(at: String = "") { self.at = at }
    }

    /// Where a route leads.
    public struct Target: Sendable {
        /// What it takes and how it is written.
        public var options = RouteOptions()
        /// A file, "-", or an address.
        public var to = ""
        /// What happens when it is slow or fails.
        public var policy = OutletPolicy()

        /// Why its sink cannot do what the policy says; nil where it can.
        fileprivate var problem: String? {
            if options.path != nil, policy.whenSlow == .drop {
                return "\(to) is written as packets come and has no queue: it holds its source back; "
                    + "leave when_slow out, or set it to hold"
            }
            if options.path != nil, policy.whenFailing == .retry {
                return "\(to) cannot be tried again, since what was not committed is gone: set when_failing to stop or "
                    + "continue"
            }
            let isStream = to.hasPrefix("tcp:") || to.hasPrefix("serial:")
            if policy.whenFailing == .retry, isStream, [.pcap, .pcapng, .csv].contains(options.format) {
                return "a \(options.format.rawValue) begins with a head, which a peer that comes back would not get: "
                    + "set format to jsonl or packets, or when_failing to stop or continue"
            }
            return nil
        }
    }

    /// The file it was read from.
    public let file: String
    /// Where packets come from.
    public internal(set) var sources: [Source] = []
    /// Databases by file, folder or name; nil for all that are known by name.
    public internal(set) var specs: [String]?
    /// Whether segments are joined.
    public internal(set) var joinsSegments = false
    /// What packets of the network have to match, in libpcap's language; nil for all.
    public internal(set) var captureFilter: String?
    /// The routes.
    public internal(set) var targets: [Target] = []

    /// Reads a plan.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - file: its name, for errors.
    /// - Throws: the first thing that is wrong, with its line.
    public init(_ octets: [UInt8], file: String) throws(SettingsError) {
        self.file = file
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(file: file, line: nil, key: nil, reason: "is empty; routes have to stand in it")
        }
        for (name, place) in try root.members(["sources", "specs", "join", "bpf", "routes"]) {
            switch name {
            case "sources": for source in try place.list() { sources.append(try Self.source(source)) }
            case "specs": specs = try place.list().map { (place) throws(SettingsError) in try place.text() }
            case "bpf": captureFilter = try place.text()
            case "join": joinsSegments = try place.boolean()
            default: for route in try Self.routes(place) { targets.append(try Self.target(route, targets.count + 1)) }
            }
        }
        guard !targets.isEmpty else {
            throw root.failed("has no routes; each says at least where it leads, as in: - to: out.jsonl")
        }
        var taken: Set<String> = []
        for target in targets where target.to != "null" && !taken.insert(target.to).inserted {
            throw root.failed("two routes lead to \(target.to): each needs a place of its own")
        }
    }

    private static func routes(_ place: SettingsPlace) throws(SettingsError) -> [SettingsPlace] {
        guard place.isList else { throw place.failed("has to be a list of routes, each as: - to: out.jsonl") }
        return try place.list()
    }

    private static func source(_ place: SettingsPlace) throws(SettingsError) -> Source {
        var source = Source()
        guard !place.isScalar else {
            source.at = try place.text()
            return source
        }
        var framing: StreamFraming?
        for (name, member) in try place.members(["at", "frames", "skip", "framing"]) {
            switch name {
            case "at": source.at = try member.text()
            case "frames":
                let text = try member.text()
                do { source.told = try ToldLayout(frames: text) } catch { throw member.failed("\(error)") }
            case "framing":
                let text = try member.text()
                do { framing = try StreamFraming.read(text) } catch { throw member.failed("\(error)") }
            default: source.told = ToldLayout(skip: try member.number(0...65_535, "octets"))
            }
        }
        if let framing {
            var told = source.told ?? ToldLayout(framing: framing)
            told.framing = framing
            source.told = told
        }
        guard !source.at.isEmpty else { throw place.failed("has no 'at', which names a file or an address") }
        return source
    }

    private static let keys = [
        "name", "filter", "from", "until", "fields", "raw", "to", "format", "payload", "when_slow", "when_failing",
        "queue_megabytes",
    ]

    private static func target(_ place: SettingsPlace, _ number: Int) throws(SettingsError) -> Target {
        var target = Target()
        var format: Decoding.Format?
        for (name, member) in try place.members(keys) {
            switch name {
            case "name": target.options.name = try member.text()
            case "filter": target.options.conditions.filter = try member.text()
            case "from": target.options.conditions.from = try member.time()
            case "until": target.options.conditions.until = try member.time()
            case "fields":
                target.options.fields = try member.list().map { (place) throws(SettingsError) in try place.text() }
            case "raw": target.options.withRaw = try member.boolean()
            case "to": target.to = try member.text()
            case "payload": target.options.payload = try member.word(RouteOptions.Payload.self)
            case "format": format = try member.word(Decoding.Format.self)
            case "when_slow": target.policy.whenSlow = try member.word(OutletPolicy.WhenSlow.self)
            case "when_failing": target.policy.whenFailing = try member.word(OutletPolicy.WhenFailing.self)
            default: target.policy.queue = try member.number(1...4_096, "megabytes") << 20
            }
        }
        guard !target.to.isEmpty else {
            throw place.failed("has no 'to', which names a file, an address, '-' for standard output, or null")
        }
        if target.options.name.isEmpty { target.options.name = target.to }
        let told = format ?? Decoding.Format.named(by: target.to) ?? (target.to.hasSuffix("/") ? .csv : nil)
        guard let format = target.to == "null" ? .null : told else {
            throw place.failed(
                "'\(target.to)' does not tell how to write: add format, one of "
                    + Decoding.Format.allCases.map(\.rawValue).joined(separator: ", "))
        }
        target.options.format = format
        if let problem = target.options.problem(to: target.to) { throw place.failed(problem) }
        if format == .sqlite || format == .csv && target.to.hasSuffix("/") { target.options.path = target.to }
        if let problem = target.problem { throw place.failed(problem) }
        target.options.isDispensable = target.policy.whenFailing == .goOn
        return target
    }
}

extension Decoding.Format {
    /// The format that the name of a file tells; nil when it tells none.
    public static func named(by path: String) -> Decoding.Format? {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
        switch path[path.index(after: dot)...].lowercased() {
        case "jsonl", "ndjson": return .jsonl
        case "csv": return .csv
        case "db", "sqlite", "sqlite3": return .sqlite
        case "pcap": return .pcap
        case "pcapng": return .pcapng
        case "gz" where ArchiveOutlet.isMeant(by: path): return .pcapng
        case "packets": return .packets
        case "geojson": return .geojson
        case "geojsonl": return .geojsonl
        case "txt": return .table
        default: return nil
        }
    }
}
