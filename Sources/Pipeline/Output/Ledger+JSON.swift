public import Bytes

extension Ledger {
    /// Adds the ledger as a JSON object.
    public func write(json out: inout TextBuffer) {
        out.append("{")
        out.member("bytes", bytes)
        out.member("decoded", decoded)
        out.member("overhead", overhead)
        out.member("idle", idle)
        out.member("unclaimed", unclaimedBytes)
        out.member("rejected", rejections) { row, out in
            out.append("{")
            out.member("stage", row.stage.rawValue)
            out.member("reason", row.reason)
            out.member("count", row.count)
            out.member("bytes", row.bytes)
            out.member("first")
            out.append("{")
            out.member("packet", row.firstPacket)
            out.member("offset", row.firstOffset)
            out.append("}}")
        }
        out.member("pending", pending)
        out.member("balanced", isBalanced)
        out.member("protocols", unclaimed) { row, out in
            out.append("{")
            out.member("name", row.name)
            out.member("count", row.count)
            out.member("bytes", row.bytes)
            out.append("}")
        }
        out.append("}")
    }
}
