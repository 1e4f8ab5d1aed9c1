internal import Bytes

/// Where the reading is to go on, and with what: at the beginning, and each time the user turns it elsewhere.
struct ReplayTurn {
    /// A captured packet.
    struct Place {
        /// How many rounds there were before, and the number of its file.
        var pass = 0, file = 0
        /// Its number in the file, from 1 on; 0 in front of the first.
        var packet: UInt64 = 0
    }

    /// What was sent last, or where a round begins: only what is behind it goes out.
    var place = Place()
    /// In the round of ``place`` only packets of this time or later.
    var time: Int64?
    /// What chooses; nil where all packets of the network go out.
    var selection: ReplaySelection?
}
