internal import Bytes
internal import CSystem

/// Room for the datagrams of one batch, and recvmmsg(2) into it: a thin layer over C.
@safe
final class DatagramReceiver {
    private let receiver: OpaquePointer

    /// Room for 512 datagrams; nil when there is no memory.
    init?() {
        guard let made = unsafe csystem_receiver_make(512) else { return nil }
        unsafe receiver = made
    }

    deinit { unsafe csystem_receiver_free(receiver) }

    /// Takes what is there, without waiting. Datagrams of the call before are gone.
    func receive(from descriptor: Int32, most: Int) -> Descriptor.Outcome {
        // The receiver is this object's own.
        Descriptor.Outcome(Int(unsafe csystem_receive(receiver, descriptor, UInt32(clamping: most))))
    }

    /// One of the datagrams of the last call, behind its headers; true until the next one.
    ///
    /// - Parameters:
    ///   - index: below what that call gave.
    ///   - place: where datagrams go that do not say it themselves.
    func datagram(_ index: Int, to place: Endpoint, behind headers: inout HeaderWriter) -> Datagram {
        // What the pointer leads to is the receiver's, of the length that it says, behind room for a header.
        guard let datagram = unsafe csystem_received(receiver, UInt32(index)) else {
            return Datagram(extent: .empty, time: .unknown, dropped: nil)
        }
        let found = unsafe datagram.pointee
        let isIPv6 = unsafe found.family == 6
        let source = unsafe Endpoint(isIPv6: isIPv6, high: found.sourceHigh, low: found.sourceLow, port: found.port)
        var destination = place
        destination.isIPv6 = isIPv6
        if unsafe found.hasDestination != 0 {
            unsafe (destination.high, destination.low) = (found.destinationHigh, found.destinationLow)
        }
        let dropped = unsafe found.hasDropped != 0 ? found.dropped : nil
        let time = unsafe CaptureTime(nanoseconds: found.time)
        guard let octets = unsafe found.octets else { return Datagram(extent: .empty, time: time, dropped: dropped) }
        let length = unsafe Int(found.length)
        let payload = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(octets), byteCount: length)
        headers.datagram(from: source, to: destination, carrying: payload)
        let header = headers.count
        unsafe csystem_put_in_front(datagram, headers.octets, header)
        let whole = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(octets - header), byteCount: header + length)
        return Datagram(extent: Extent(whole), time: time, dropped: dropped)
    }
}

/// A datagram of a batch.
struct Datagram {
    /// Its octets and, in front of them, its headers.
    let extent: Extent
    /// When the system received it.
    let time: CaptureTime
    /// How many the socket had dropped until then, modulo 2^32; nil where it does not say.
    let dropped: UInt32?
}
