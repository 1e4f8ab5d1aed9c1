internal import Records

/// How a sentence is laid out: a flat list of its fields, and what there is to be known from several of them together.
package struct SentenceLayout: Sendable {
    /// How the columns behind the last field are read.
    package enum Tail: Sendable {
        /// The layout is fixed; columns behind it are kept as `extra`.
        case extra
        /// The last field is all the rest, commas included.
        case rest
        /// The field of a content takes everything but the last so many columns.
        case content(behind: Int)
        /// Groups of four for each satellite, then signal and system: see ``SentenceLocator``.
        case satellites
        /// The beams of PWI: two counts, each with its groups behind it.
        case beams
    }

    let dialect: Dialect
    let name: String
    let title: String
    package let fields: [SentenceField]
    /// Values that follow from fields; they take no columns.
    let derived: [SentenceField]
    package let tail: Tail
    /// How many columns are written at the least.
    let fewest: Int
    /// Who sends it where nobody says otherwise.
    let talker: String

    init(
        _ dialect: Dialect, _ name: String, _ title: String, talker: String, tail: Tail = .extra, fewest: Int? = nil,
        derived: [SentenceField] = [], _ fields: [SentenceField]
    ) {
        self.dialect = dialect
        self.name = name
        self.title = title
        self.talker = talker
        self.fields = fields
        self.derived = derived
        self.tail = tail
        self.fewest = fewest ?? fields.reduce(0) { $0 + $1.width }
    }
}

/// A field of a sentence: a parameter and how its columns are written.
package struct SentenceField: Sendable {
    package let name: String
    package let kind: FieldKind
    let unit: String
    let title: String
    /// How many columns it takes.
    package let width: Int
    /// The numbers that may be written.
    package var allowed: ClosedRange<Double>?
    /// The fewest digits of a whole number, zeros in front. Times of 6 digits are written without decimals when none are
    /// given.
    var digits = 1
    /// Whether a sentence without it says nothing.
    package var isNecessary = false
    /// What is written when it is not given; nil: nothing.
    var preset: String?

    init(_ name: String, _ kind: FieldKind, unit: String = "", _ title: String, width: Int? = nil) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.title = title
        self.width = width ?? kind.width
    }

    /// With the numbers that may be written.
    func within(_ range: ClosedRange<Double>) -> SentenceField { changed { $0.allowed = range } }

    /// With so many digits at the least.
    func padded(_ digits: Int) -> SentenceField { changed { $0.digits = digits } }

    /// With what is written when it is not given.
    func preset(_ text: String) -> SentenceField { changed { $0.preset = text } }

    /// Not to be left out.
    var necessary: SentenceField { changed { $0.isNecessary = true } }

    private func changed(_ change: (inout SentenceField) -> Void) -> SentenceField {
        var copy = self
        change(&copy)
        return copy
    }
}

/// How a field is written and what it is.
package enum FieldKind: Sendable {
    /// Text as it stands.
    case text
    /// A letter that names a unit: a value only where it is not the usual one.
    case unitLetter(usual: String)
    /// Octets as they stand.
    case body
    /// Hexadecimal digits of octets.
    case octets
    /// A whole number in decimal digits.
    case number
    /// A whole number in hexadecimal digits.
    case hexNumber
    /// A message level, where 0 is 5.
    case level
    /// A decimal number, to be multiplied.
    case decimal(times: Double)
    /// One of some codes. Codes of digits are compared as numbers, others as they stand.
    case code([SentenceCode])
    /// One of two letters.
    case flag(yes: String, no: String)
    /// `ddmm.mmmm,N`, and `dddmm.mmmm,E`, with so many decimals written.
    case latitude(decimals: Int), longitude(decimals: Int)
    /// Degrees and the direction: `10.5,W`.
    case variation
    /// `hhmmss.ss`
    case timeOfDay
    /// `hhmm`
    case hourMinute
    /// `mmss`, seconds.
    case minutesSeconds
    /// `ddmmyy`
    case date
    /// `dd,mm,yyyy`
    case dayMonthYear
    /// `-08,00`
    case zone
    /// A list of columns.
    case list(SentenceList)
    /// A content in the form that the field with this index states.
    case content(formField: Int)

    /// Time of day and date, fields with these indexes.
    case utc(time: Int, date: Int)
    /// The system of the satellites by the field of a system id, the talker, or the numbers in the given field.
    case system(id: Int, numbers: Int)
    /// The number of a satellite in its own system, and those of a list.
    case satellite(id: Int, number: Int), satellites(id: Int, numbers: Int)
    /// One letter of a field with a letter for each system.
    case modeLetter(field: Int, place: Int)
    /// Whether one of the letters says more than none.
    case anyMode(field: Int)
    /// Every so many columns of a list, from `offset` on: `stride` of them, or as many as there are for each of those that
    /// another field counts.
    case part(of: Int, element: SentenceList.Element, offset: Int, stride: Int, counts: Int?)

    /// A decimal number as it stands.
    static let decimal = FieldKind.decimal(times: 1)

    var width: Int {
        switch self {
        case .latitude, .longitude, .variation, .zone: 2
        case .dayMonthYear: 3
        case .utc, .system, .satellite, .satellites, .modeLetter, .anyMode, .part: 0
        default: 1
        }
    }
}

/// A code of an enumeration and its label.
package struct SentenceCode: Sendable {
    let code: String
    package let label: String

    init(_ code: String, _ label: String) {
        self.code = code
        self.label = label
    }
}

/// Columns that are one parameter.
package struct SentenceList: Sendable {
    /// How each column is written.
    package enum Element: Sendable {
        case number, decimal, address, hourMinute
    }

    package let element: Element
    /// Whether empty columns are left out; else they are null.
    var skipsEmpty = false
}
