import Bytes

/// What the checksum of one datagram or segment says.
enum Verdict: UInt8 {
    case good, wrong, leftEmpty, absent, unverified

    /// How a payload is marked with it.
    var marks: Payload.Marks {
        switch self {
        case .wrong: .wrongChecksum
        case .leftEmpty: .unchecked
        case .good, .absent, .unverified: []
        }
    }
}

extension Unwrapper {
    /// Judges the checksum of UDP or TCP, whose field stands `field` octets into the layer.
    ///
    /// `key` gives the addresses of the pseudo-header. A layer that is not whole is not judged, nor any where nobody asks.
    func verdict(
        _ bytes: RawSpan, _ parcel: Parcel, _ reach: Reach, _ key: FlowKey, protocolNumber: UInt8, field: Int
    ) -> Verdict {
        guard verifiesChecksums, reach.declared == reach.count, !parcel.hidesAddress, !parcel.marks.contains(.short)
        else { return .unverified }
        return verdict(bytes, at: reach.start, count: reach.count, key, protocolNumber: protocolNumber, field: field)
    }

    /// The same for a layer that is known to be whole.
    @inline(__always)
    func verdict(
        _ bytes: RawSpan, at start: Int, count: Int, _ key: FlowKey, protocolNumber: UInt8, field: Int
    ) -> Verdict {
        let pseudo = key.pseudoHeaderSum(protocolNumber: protocolNumber)
        // The length may take more than 16 bits (jumbograms): folding takes care of it.
        let length = UInt64(truncatingIfNeeded: count)
        let sum = UInt64(bytes.internetSum(at: start, count: count))
        if InternetChecksum.isWhole(sum &+ pseudo &+ length) { return .good }
        return leftEmpty(bytes.u16(at: start &+ field), pseudo, length)
    }

    /// A checksum that is wrong, or was left to the hardware: Linux leaves the sum of the pseudo-header in the field for
    /// it to go on from; drivers that cut large segments themselves want it without the length.
    @inline(never)
    private func leftEmpty(_ found: UInt16, _ pseudo: UInt64, _ length: UInt64) -> Verdict {
        let isEmpty =
            found == 0 || found == InternetChecksum.fold(pseudo &+ length) || found == InternetChecksum.fold(pseudo)
        return isEmpty ? .leftEmpty : .wrong
    }
}
