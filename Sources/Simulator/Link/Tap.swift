internal import Faults

/// A place where frames of one link arrive: at the station that hears them, or at the end of fibres from there.
struct Tap {
    /// What the capture calls it: `STATION.SPACECRAFT`, and `>LEG` for each fibre from there.
    let name: String
    /// Whose frames arrive, by its number.
    let spacecraft: Int
    /// The interface of the capture; nil where it is not recorded.
    let interface: UInt32?
    /// Its place among the recorded ones of the spacecraft.
    let place: Int
    /// What stands in front of each frame.
    let front: [UInt8]
    /// What wraps frames into datagrams.
    var datagrams: DatagramWriter
    /// What wraps them into segments; nil over UDP.
    var segments: SegmentWriter?
    /// How far the connection is that they come over.
    var stream = StreamState()
    /// Nanoseconds to the sender and back.
    let roundTrip: Int64
    /// What befalls frames on the fibre that ends here; nothing where they come from the sky.
    var dice: FaultDice
    /// Fibres that go on from here, and the taps at their ends.
    var onward: [(line: Int, tap: Int)] = []

    /// Where a frame begins in the captured packet that brings it, or its beginning.
    var frameOffset: Int { (segments == nil ? DatagramWriter.headSize : SegmentWriter.headSize) + front.count }

    /// How many captured packets bring a frame of so many octets.
    func segmentCount(ofFrame octets: Int) -> Int {
        segments == nil ? 1 : (front.count + octets + SegmentWriter.most - 1) / SegmentWriter.most
    }
}
