/// How far the connections of TCP are over which the frames of one link come to a place, in nanoseconds since 1970-01-01.
struct StreamState {
    /// Whether one is there.
    var isOpen = false
    /// How many there were.
    var opened = 0
    /// Nothing comes or goes in front of this: all that did was earlier.
    var reached = Int64.min
    /// When the one in front left, so that the next can.
    var free = Int64.min
    /// Until when one that was given up takes nothing.
    var closed = Int64.min
}
