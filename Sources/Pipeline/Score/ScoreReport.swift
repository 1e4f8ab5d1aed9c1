public import Bytes

/// How good a decoder is.
public struct ScoreReport: Sendable {
    /// The files, and what they are.
    public var truth = "", result: String?, ledgerFile: String?, reference: String?, referenceLedger: String?
    /// The record of the run: `simulate`, scenario or plan, seed.
    public var command: String?, subject: String?, seed: String?
    /// Whether the run that made the truth came to its end.
    public var isWhole = true
    /// Messages of terminals in the truth, and those of them that arrived: they are not rated.
    public var messages: (sent: Int, received: Int) = (0, 0)
    /// Of the packets of the truth.
    public var packets = Packets()
    /// Of the rows of the result.
    public var rows = Rows()
    /// By spacecraft and APID, in the order of the truth.
    public var groups: [Group] = []
    /// By parameter, in the order met.
    public var values: [Value] = []
    /// What of the columns says which packet a row is of.
    public var columns: [(meaning: ScoreColumn, name: String)] = []
    /// What was made of the column of times; nil where no two packets have the same APID and count, and none was asked for.
    public var clock: Clock?
    /// The first of each kind.
    public var missed: [Example] = [], wrong: [Example] = [], invented: [Example] = [], repeated: [Example] = []
    /// Lines that could not be read, the first of them.
    public var bad: [(file: String, line: Int, words: String)] = []
    /// Faults against the ledger; none where no ledger was given.
    public var faults: [FaultRow] = []
    /// What of the faults the counts of a ledger cannot tell; nil where the truth does not say which frames arrived.
    public var unseen: Unseen?
    /// Frames of which nobody can see that bits are wrong, since their error control field is right.
    public var overlooked = 0
    /// What the ledger rejected, and whether it balances.
    public var rejections: [(stage: String, reason: String, count: Int)] = []
    /// Whether every octet of the capture is accounted for.
    public var isBalanced = true
    /// Why it does not pass, in words; empty where it does.
    public var objections: [String] = []

    /// Whether it is good enough.
    public var passes: Bool { objections.isEmpty }

    /// Packets of the truth.
    public struct Packets: Sendable {
        /// Those that were made, and of them: never sent; sent and nowhere heard whole; received whole somewhere.
        public var made = 0, neverSent = 0, lost = 0, receivable = 0
        /// Of the lost ones those that faults explain, and those that were found nevertheless.
        public var explained = 0, salvaged = 0
        /// Of the receivable ones.
        public var found = 0, missed = 0
        /// Found, with a value that is another one.
        public var wrong = 0

        /// The share of what could be received that was found; 1 where there was nothing.
        public var share: Double { receivable > 0 ? Double(found) / Double(receivable) : 1 }
    }

    /// Rows of the result.
    public struct Rows: Sendable {
        /// Rows of packets, and lines of what has no APID.
        public var all = 0, other = 0
        /// Of no packet of the truth; more of a packet than interfaces heard it; of an interface that did not hear it.
        public var invented = 0, repeated = 0, elsewhere = 0
        /// Lines that could not be read, of result and truth.
        public var rejected = 0
        /// Values that were compared, those that were wrong, and those of another kind, as raw numbers for labels.
        public var compared = 0, wrong = 0, apart = 0
        /// Values that cannot be compared, as words for numbers, and those that rows do not have.
        public var unreadable = 0, missing = 0

        /// Values that the truth has of the packets that rows are of.
        public var told: Int { compared + apart + unreadable + missing }
        /// The share of them that was compared; 1 where there are none.
        public var share: Double { told > 0 ? Double(compared) / Double(told) : 1 }
    }

    /// A column of times.
    public struct Clock: Sendable {
        /// How it is used.
        public enum Use: String, Sendable {
            /// Its times are those of packets; they are so far from them all; they are some time near them; they are none.
            case exact, shifted, loose, leftOut = "left out"
        }
        /// Its name.
        public var column: String
        /// How it is used.
        public var use: Use
        /// Nanoseconds by which its times are ahead of the truth's.
        public var offset: Int64 = 0
        /// Of how many times that were looked at how many are near those of packets.
        public var near = 0, all = 0
        /// Times that could not be read, and the first of them.
        public var unread = 0, example: String?
    }

    /// Packets of one APID of a spacecraft.
    public struct Group: Sendable {
        /// The spacecraft's name, or its number.
        public var spacecraft: String
        /// The APID.
        public var apid: Int
        /// Its types of packets.
        public var types: [String]
        /// What became of them.
        public var packets = Packets()
        /// Rows of its packets that are too many.
        public var repeated = 0
    }

    /// Values of a parameter.
    public struct Value: Sendable {
        /// Its short name.
        public var name: String
        /// Compared, wrong among them, and of another kind.
        public var compared = 0, wrong = 0, apart = 0
        /// What cannot be compared, and what is not there: no such column or member, null, or empty.
        public var unreadable = 0, missing = 0
        /// How many the truth has.
        public var told: Int { compared + apart + unreadable + missing }
    }

    /// One that is named.
    public struct Example: Sendable {
        /// Which packet.
        public var spacecraft = "", type: String?, apid = 0, count = 0
        /// When it was made; of an invented one what the row says.
        public var time = CaptureTime.unknown
        /// The parameter, and what stands where.
        public var parameter: String?, expected: String?, found: String?
        /// Where.
        public var file = "", line = 0
        /// More about it.
        public var words: String?
    }

    /// Faults of a kind, and what the ledger has of them.
    public struct FaultRow: Sendable {
        /// What is counted.
        public enum Kind: String, Sendable {
            /// Frames, or packets, with wrong bits or cut, against what was rejected.
            case broken
            /// Those that did not arrive whole, against those that counts miss.
            case missing
            /// Whole ones that came twice, against those that counts repeat.
            case repeated
            /// Those that others passed, against those that came late. One that others of its own channel did not pass is not
            /// late.
            case late
        }
        /// What is counted.
        public var kind: Kind
        /// In the truth.
        public var injected: Int
        /// What of that a ledger should have; nil where the truth does not say which frames arrived.
        public var visible: Int?
        /// In the ledger; nil where the file does not tell.
        public var found: Int?
        /// What the ledger has more.
        public var difference: Int? { found.map { $0 - (visible ?? injected) } }
    }

    /// Frames of which the counts of channels say something else than what befell them.
    public struct Unseen: Sendable {
        /// Lost in front of the first or behind the last one that arrived of their channel, where no gap tells of them.
        public var outside: Int
        /// Lost in gaps that are as long as counts, or longer: what is left of them is told.
        public var hidden: Int
        /// Late ones, which were missing up to then.
        public var passed: Int
    }
}
