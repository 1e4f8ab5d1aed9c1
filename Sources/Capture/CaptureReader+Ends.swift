import Bytes

/// Damage, the end of the input, and what is said of both.
extension CaptureReader {
    /// Remembers what a person should read. The words are made only while there is room for them.
    func note(
        _ reason: String, at offset: UInt64, found: @autoclosure () -> String = "",
        allowed: @autoclosure () -> String = "", advice: String = ""
    ) {
        stored.problemCount += 1
        guard stored.problems.count < 64 else { return }
        stored.problems.append(
            Problem(
                reason: reason, offset: offset, packet: stored.packets, found: found(), allowed: allowed(),
                advice: advice))
    }

    /// Leaves `length` octets in reach behind as rejected.
    func reject(_ reason: String, length: Int, count: Int = 1, ledger: inout Ledger) {
        ledger.bytes += length
        ledger.reject(
            .capture, reason, count: count, bytes: length, packet: stored.packets, offset: input.offset)
        skipLost(length)
    }

    /// Leaves octets in reach behind that are no blocks.
    private func skipLost(_ length: Int) {
        guard let copies else { return input.skip(length) }
        input.copies = nil
        let input = self.input
        copies.append(lost: input.bytes.slice(at: 0, count: length), at: input.offset, isBig: stored.section.isBig)
        input.skip(length)
        input.copies = copies.isVerbatim ? copies.buffer : nil
    }

    /// Leaves `length` octets in reach behind as overhead.
    func pass(_ length: Int, ledger: inout Ledger) {
        ledger.bytes += length
        ledger.overhead += length
        input.skip(length)
    }

    /// The octet in reach belongs to no record: it is rejected, and so is what follows until a record is found again.
    func lose(
        _ reason: String, found: @autoclosure () -> String, allowed: @autoclosure () -> String, advice: String,
        ledger: inout Ledger
    ) {
        note(reason, at: input.offset, found: found(), allowed: allowed(), advice: advice)
        stored.loss = reason
        reject(reason, length: 1, ledger: &ledger)
    }

    /// Rejects `length` octets in reach for the reason of the last loss.
    func rejectLost(_ length: Int, ledger: inout Ledger) {
        if length > 0 { reject(stored.loss ?? Words.skipped, length: length, count: 0, ledger: &ledger) }
    }

    /// An input that is refused: all of it is rejected.
    func refuse(_ ledger: inout Ledger) {
        let reason = stored.refusal.map { "the input " + $0.reason.rawValue } ?? "the input is refused"
        if input.count > 0 { reject(reason, length: input.count, ledger: &ledger) }
    }

    /// The input has ended: what is left of it is half a record.
    func finish(_ ledger: inout Ledger) {
        state = .ended
        let left = input.count
        if left > 0 {
            if let loss = stored.loss {
                reject(loss, length: left, count: 0, ledger: &ledger)
            } else {
                note(
                    Words.cutShort, at: input.offset, found: "\(left) octets of a record that has more",
                    advice: "what stands in front of it was read")
                // The octets are pending; that there are any is damage of the file, and has to be seen as such.
                ledger.reject(.capture, Words.cutShort, bytes: 0, packet: stored.packets, offset: input.offset)
                ledger.bytes += left
                ledger.pending += left
                skipLost(left)
            }
        }
        switch input.ending {
        case nil, .complete: break
        case .failed(let number, let words):
            note(Words.readFailed, at: input.offset, found: "error \(number), \(words)")
            ledger.reject(.capture, Words.readFailed, bytes: 0, packet: stored.packets, offset: input.offset)
        case .damaged(let reason, let offset):
            note(
                reason, at: input.offset, found: "the damage, \(offset) octets into the compressed file",
                advice: "what stands in front of it was read")
            ledger.reject(.capture, reason, bytes: 0, packet: stored.packets, offset: input.offset)
        }
    }
}

/// Reasons that stand in the ledger.
enum Words {
    static let cutShort = "the input ends in the middle of a record"
    static let readFailed = "reading failed"
    static let skipped = "no record was found"
    static let tooLong = "captured length is out of range"
    static let blockLength = "block length is out of range"
    static let blockTrailer = "block lengths in front and behind differ"
    static let blockBody = "block is too short for its fields"
    static let blockInterface = "block names an interface that is not there"
    static let sectionVersion = "section is of a version that is not known"
    static let sectionOrder = "section header has no byte-order mark"
    static let tooManyInterfaces = "more interfaces than are kept"
    static let recordLength = "record length is out of range"
    static let archiveMember = "a member of the archive is damaged"
}
