public import Bytes

/// What a pipeline did, for programs.
extension PipelineRun {
    /// Adds a JSON object: for each source its ledger, for each route what became of its packets. It is described in
    /// `Specs/pipeline.md`.
    ///
    /// - Parameter isComplete: whether everything was read that there was.
    public func write(report out: inout TextBuffer, isComplete: Bool) {
        out.append("{")
        out.member("complete", isComplete)
        out.member("sources", sources) { source, out in
            out.append("{")
            out.member("source", source.source)
            out.member("ledger")
            source.ledger.write(json: &out)
            out.append("}")
        }
        out.member("routes", routes) { route, out in
            out.append("{")
            out.member("name", route.name)
            out.member("chosen", route.chosen)
            if let tally = route.tally {
                out.member("written", tally.written)
                out.member("octets", tally.octets)
                out.member("dropped", tally.dropped)
                out.member("lost", tally.lost)
                out.member("retries", tally.retries)
                out.member("failure", tally.failure)
            }
            out.append("}")
        }
        out.append("}\n")
    }
}
