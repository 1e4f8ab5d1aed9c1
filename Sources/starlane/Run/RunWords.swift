import Bytes
import Mission
import Pipeline

/// What a pipeline did, for people.
enum RunWords {
    /// What is said of packets that were judged too early.
    static func early(_ count: Int) -> String {
        "\(count.grouped) packets were judged before all that 'within' asks was known, since there was no room to hold more "
            + "back"
    }

    /// A line a route: what it took, what was written, and what was lost.
    static func say(_ run: PipelineRun, _ output: Output) {
        for words in run.shortfalls {
            Console.say("starlane: \(words)")
            output.reject()
        }
        if run.early > 0 {
            Console.say("starlane: \(Self.early(run.early))")
            output.reject()
        }
        let routes = run.routes
        let width = min(40, routes.map { $0.name.columns }.max() ?? 0)
        for route in routes {
            var parts = ["\(route.chosen.grouped) packets"]
            if let tally = route.tally {
                parts.append("\(tally.written.grouped) written")
                if tally.dropped > 0 { parts.append("\(tally.dropped.grouped) dropped, since it was too slow") }
                if tally.lost > 0 { parts.append("\(tally.lost.grouped) lost") }
                if tally.retries > 0 { parts.append("\(tally.retries.grouped) attempts more") }
                if let failure = tally.failure { parts.append("last failure: \(failure)") }
                if tally.dropped > 0 || tally.lost > 0 { output.reject() }
            }
            let isBad = route.tally.map { $0.dropped + $0.lost > 0 || $0.failure != nil } ?? false
            if isBad || Console.errorIsTerminal {
                Console.say("\(route.name.cut(40).left(width))  \(parts.joined(separator: ", "))")
            }
        }
    }
}

/// What a pipeline would do.
struct PlanWords {
    private let plan: PipelinePlan
    private let sources: [PipelinePlan.Source]
    private let databases: [Database]

    init(_ plan: PipelinePlan, _ sources: [PipelinePlan.Source], _ databases: [Database]) {
        (self.plan, self.sources, self.databases) = (plan, sources, databases)
    }

    /// Sources, databases and routes, a line each.
    var text: String {
        let style = Style.output
        var lines: [String] = []
        for source in sources { lines.append(style.dim("from   ") + source.at) }
        if sources.isEmpty { lines.append(style.dim("from   ") + "what is named behind the file") }
        let names = databases.map(\.name).joined(separator: ", ")
        lines.append(style.dim("means  ") + (names.isEmpty ? "no mission database" : names))
        if plan.joinsSegments { lines.append(style.dim("       ") + "segments are joined") }
        for target in plan.targets {
            let options = target.options
            var line = style.dim("route  ") + style.bold(options.name)
            if target.to != options.name { line += " to " + target.to }
            lines.append(line + style.dim(" as ") + options.format.rawValue)
            if let filter = options.conditions.filter {
                lines.append(style.dim("         where  ") + Decoding.explain(filter))
            }
            if let fields = options.fields {
                lines.append(style.dim("         shows  ") + fields.joined(separator: ", "))
            }
            guard options.format != .null else { continue }
            let slow =
                target.policy.whenSlow == .hold
                ? "holds its source back" : "drops what finds no room in \(target.policy.queue >> 20) MB, with a count"
            let failing =
                switch target.policy.whenFailing {
                case .stop: "everything stops"
                case .retry: "it is tried again, after longer and longer pauses"
                case .goOn: "the others go on"
                }
            lines.append(style.dim("         slow   ") + slow)
            lines.append(style.dim("         fails  ") + failing)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
