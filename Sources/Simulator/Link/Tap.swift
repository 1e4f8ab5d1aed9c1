/// A place where frames of one link arrive: at the station that hears them, or at the end of fibres from there.
struct Tap {
    /// What the capture calls it: `STATION.SPACECRAFT`, and `>LEG` for each fibre from there.
    let name: String
    /// Whose frames arrive, by its number.
    let spacecraft: Int
    /// The interface of the capture; nil where it is not recorded.
    let interface: UInt32?
    /// Its place among the recorded ones of the spacecraft.
    let bit: Int
    var datagrams: DatagramWriter
    /// Fibres that go on from here, and the taps at their ends.
    var onward: [(line: Int, tap: Int)] = []
}
