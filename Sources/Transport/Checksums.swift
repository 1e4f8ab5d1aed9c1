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
    /// `key` gives the addresses of the pseudo-header. A layer that is not whole is not judged.
    @inline(__always)
    func verdict(
        _ bytes: RawSpan, _ parcel: Parcel, _ reach: Reach, _ key: FlowKey, protocolNumber: UInt8, field: Int
    ) -> Verdict {
        guard reach.declared == reach.count, !parcel.hidesAddress, !parcel.marks.contains(.short) else {
            return .unverified
        }
        let pseudo = key.pseudoHeaderSum(protocolNumber: protocolNumber)
        let length = UInt64(truncatingIfNeeded: reach.count)
        let sum = UInt64(bytes.internetSum(at: reach.start, count: reach.count))
        // The length may take more than 16 bits (jumbograms): folding takes care of it.
        if InternetChecksum.fold(sum &+ pseudo &+ length) == 0xFFFF { return .good }
        // Linux leaves the sum of the pseudo-header in the field for the hardware to go on from; drivers that cut large
        // segments themselves want it without the length.
        let found = bytes.u16(at: reach.start &+ field)
        if found == 0 || found == InternetChecksum.fold(pseudo &+ length) || found == InternetChecksum.fold(pseudo) {
            return .leftEmpty
        }
        return .wrong
    }
}
