/// A packet whose octets wait in the transport, or have waited: a fragment, or a segment that came ahead of its turn.
///
/// Who wants to know which packets a payload came in is told with the batch in which they wait, and, for fragments, again
/// with the batch in which their datagram is whole.
package struct WaitingPacket: BitwiseCopyable, Sendable {
    /// The number of the packet.
    package let number: UInt64
    /// The number of the packet that completed the datagram it is a fragment of; 0 as long as it waits.
    package let completedBy: UInt64
}
