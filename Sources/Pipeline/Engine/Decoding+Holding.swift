internal import Bytes
internal import Records

/// Sources that cannot be read twice, and filters that look at what comes later: packets are held back for the routes that
/// need it, and no others.
extension Decoding {
    /// From now on packets are held back as far as filters look.
    func beginHolding(_ ahead: [Route], _ name: String) throws(CannotReadTwice) {
        let name = name == "-" ? "standard input" : name
        var reach: Int64 = 0
        for route in ahead {
            guard let own = route.filtering?.reach else {
                throw CannotReadTwice(name: name, reason: "a 'within' inside of another one needs")
            }
            if case .capture = route.sink {
                throw CannotReadTwice(name: name, reason: "a capture of what 'within' chooses needs")
            }
            reach = max(reach, own)
            route.filtering?.beginHolding()
        }
        self.reach = reach
    }

    /// Holds a batch back for the routes whose filters look ahead, after a look at it; the others take it at once.
    func hold(
        _ units: borrowing Batch<Unit>, _ found: [(key: UInt64, origin: Origin)], _ passage: Passage
    ) throws(OutputFile.Failure) {
        if !units.isEmpty { passage.held?.hold(units) }
        try monitor.sync { () throws(OutputFile.Failure) in
            passage.context.add(found)
            heldSince[passage.context.capture] = passage.held?.earliest
            guard !units.isEmpty else { return try give(units, nil, passage) }
            let decoded = passage.decoder.decode(units, ledger: &passage.parameterLedger)
            decoded.forEach(units) { units, decoded in
                count(units, decoded)
                for route in routes where route.looksAhead {
                    route.filtering?.look(units, decoded, passage.context)
                }
            }
            try give(units, decoded, passage, lookingAhead: false)
        }
        try release(passage)
    }

    /// Gives those routes what was held back long enough.
    func release(_ passage: Passage, isEnd: Bool = false) throws(OutputFile.Failure) {
        guard let held = passage.held else { return }
        let capture = passage.context.capture
        while let piece = held.next(isEnd: isEnd, isSettled: passage.engine.isSettled) {
            try piece.take { (units) throws(OutputFile.Failure) in
                try monitor.sync { () throws(OutputFile.Failure) in
                    // What is held back of another capture may be older.
                    let earliest = heldSince.values.reduce(piece.earliest, min)
                    // Values that are missing were entered when the packets came.
                    var ledger = Ledger()
                    let decoded = passage.decoder.decode(units, ledger: &ledger)
                    for route in routes where route.looksAhead { route.filtering?.settle(before: earliest) }
                    try give(units, decoded, passage, lookingAhead: true)
                    heldSince[capture] = held.earliest
                }
            }
        }
    }
}
