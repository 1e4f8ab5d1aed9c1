public import Bytes
public import Capture
internal import Links
public import Mission

/// A pipeline at work: sources through one decoder to the sinks of its routes.
///
/// Files are read one behind the other; what is live, by a thread each.
public final class PipelineRun {
    private let plan: PipelinePlan
    private let decoding: Decoding
    private let outlets: [QueuedOutlet?]
    private let monitor = Monitor()
    private var ledgers: [(source: String, ledger: Ledger)] = []
    private var failure: OutputFile.Failure?
    private var running = 0
    private var reached: [ReadProgress?] = []

    /// What became of a route.
    public struct RouteReport: Sendable {
        /// The route's name.
        public let name: String
        /// Packets that its filter chose.
        public let chosen: Int
        /// What became of them; nil for a route that throws away.
        public let tally: OutletTally?
    }

    /// A source that the user named, opened.
    public struct Input {
        let source: any PacketSource
        let told: ToldLayout?
        let known: Known

        /// An opened source.
        public init(_ source: any PacketSource, told: ToldLayout?, known: Known) {
            (self.source, self.told, self.known) = (source, told, known)
        }
    }

    /// Opens the sinks of a plan.
    ///
    /// - Throws: an `OutputFile.Failure`, a `FilterError`, an ``Decoding/UnknownField``.
    public init(_ plan: PipelinePlan, _ databases: [Database]) throws {
        self.plan = plan
        // Filters and fields are checked before any file is made.
        try Decoding.check(plan.targets.map(\.options), databases)
        var outlets: [QueuedOutlet?] = []
        var targets: [(RouteOptions, any Outlet)] = []
        for target in plan.targets {
            guard target.options.format != .null, target.options.path == nil else {
                outlets.append(nil)
                targets.append((target.options, NowhereOutlet()))
                continue
            }
            let queued = QueuedOutlet(try Self.outlet(target, databases), target.policy)
            outlets.append(queued)
            targets.append((target.options, queued))
        }
        self.outlets = outlets
        decoding = try Decoding(
            databases, targets, joinsSegments: plan.joinsSegments, captureFilter: plan.captureFilter)
    }

    private static func outlet(
        _ target: PipelinePlan.Target, _ databases: [Database]
    ) throws(OutputFile.Failure) -> any Outlet {
        guard SourceAddress.isMeant(by: target.to) else {
            let isCapture = target.options.format == .pcapng
            return try isCapture
                ? ArchiveOutlet.open(target.to, DatabaseIdentity.of(databases), isGrowing: true)
                : OutputFile(path: target.to, isGrowing: true)
        }
        // Who does not stop begins with the first octets.
        return try LinkOutlet(target.to, opensNow: target.policy.whenFailing == .stop)
    }

    /// Looks through files for what a filter's `within` asks.
    public func lookAhead(_ files: [String]) throws(CannotReadTwice) {
        try decoding.lookAhead(files) { _ in !Interruption.isAsked }
    }

    /// Reads the inputs to their ends, or until the user asks to end, and writes everything that was taken in.
    ///
    /// - Parameters:
    ///   - open: gives the inputs one behind the other, nil when there are no more; files among them are read before the
    ///     next is asked for.
    ///   - progress: called now and then.
    /// - Throws: what made a sink fail whose route says stop; everything else was written.
    public func run(
        _ open: () -> Input?, progress: (String, ReadProgress) -> Void
    ) throws(OutputFile.Failure) {
        while !shouldEnd, let input = open() {
            if input.source.isLive {
                start(input)
            } else {
                read(input) { progress(input.source.name, $0) }
            }
        }
        while let reached = waitForLive() {
            if !reached.isEmpty {
                progress(reached.count == 1 ? "live" : "\(reached.count) live sources", ReadProgress(reached))
            }
        }
        do { try decoding.finish() } catch { keep(error) }
        for outlet in outlets {
            do { try outlet?.close() } catch { keep(error) }
        }
        if let failure { throw failure }
    }

    /// Waits for a while, and says how far what is live has come; nil where nothing is, any more.
    private func waitForLive() -> [ReadProgress]? {
        monitor.sync {
            if running > 0 { monitor.wait(250) }
            return running > 0 ? reached.compactMap { $0 } : nil
        }
    }

    private var shouldEnd: Bool { Interruption.isAsked || monitor.sync { failure != nil } }

    private func keep(_ error: OutputFile.Failure) { monitor.sync { failure = failure ?? error } }

    private func read(_ input: Input, _ progress: (ReadProgress) -> Void) {
        let (ledger, failure) = decoding.attempt(input.source, told: input.told, known: input.known) { reached in
            progress(reached)
            return !shouldEnd
        }
        monitor.sync {
            ledgers.append((input.source.name, ledger))
            self.failure = self.failure ?? failure
        }
    }

    private func start(_ input: Input) {
        let number = monitor.sync {
            running += 1
            reached.append(nil)
            return reached.count - 1
        }
        let work = Work { [self] in
            read(input) { progress in monitor.sync { reached[number] = progress } }
            monitor.sync { running -= 1 }
        }
        // Decoding takes a stack as large as that of the first thread.
        if !DetachedThread.start(stackSize: 8 << 20, { work.run() }) { work.run() }
    }

    /// Work for another thread.
    ///
    /// What makes it sendable: the input is used by that thread alone, and the run under its monitor and the decoding's.
    private final class Work: @unchecked Sendable {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Where the octets of each source went, once it has ended.
    public var sources: [(source: String, ledger: Ledger)] { monitor.sync { ledgers } }

    /// What captures could not hold of what was chosen, in words for each of them.
    public var shortfalls: [String] { decoding.shortfalls }

    /// Packets that were judged before all that 'within' asks was known.
    public var early: Int { decoding.early }

    /// What became of each route.
    public var routes: [RouteReport] {
        zip(decoding.routes, outlets).map { route, outlet in
            RouteReport(name: route.name, chosen: route.chosen, tally: route.tally(outlet?.tally))
        }
    }
}

/// Where nothing is written.
final class NowhereOutlet: Outlet {
    let name = "null"
    let isTerminal = false
    func write(_ octets: RawSpan, _ cut: Cut) {}
    func reopen() {}
    func close() {}
}
