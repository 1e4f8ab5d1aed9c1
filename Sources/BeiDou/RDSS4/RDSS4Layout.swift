internal import Records

/// How the body of one kind of frame is laid out.
struct RDSS4Layout: Sendable {
    /// What stands between the dollar sign and the body: dollar sign, name, length, address.
    static let head = 10
    /// The shortest frame: a head and a check.
    static let shortest = 11
    /// No frame is longer: 2,048 octets hold the longest message of any service.
    static let longest = 2_048

    /// What may repeat or have any length.
    enum Variable: Sendable {
        /// Nothing: every frame has the same length.
        case none
        /// Octets or text up to the check.
        case rest
        /// A message, in front of `length - place - 1` further octets.
        case content
        /// Four octets for each receipt.
        case receipts
        /// Three octets for each card.
        case addresses
    }

    let name: String
    let title: String
    /// The fields in the order of the frame; ``extra`` is the last where the layout has a fixed length.
    let fields: [RDSS4Field]
    /// Octets of a frame whose variable part is empty, from the dollar sign to the check.
    let length: Int
    let variable: Variable
    /// Where the variable part begins.
    let place: Int
    /// What stands in a frame that is written where nothing is given: octets by their place.
    let defaults: [(place: Int, value: UInt8)]
    /// In front of which field the parameters of the content stand.
    let contentIndex: Int?
    /// A parameter without which no frame is written.
    let required: String?

    init(
        _ name: String, _ title: String, _ fields: [RDSS4Field] = [], length: Int, _ variable: Variable = .none,
        at place: Int? = nil, defaults: [(Int, UInt8)] = [], contentIndex: Int? = nil, required: String? = nil
    ) {
        let address = RDSS4Field("address", at: 7, octets: 3, .address, aliases: ["rdss.address"])
        // A layout may bring an address with further names.
        var all = fields.first?.name == "address" ? fields : [address] + fields
        switch variable {
        case .none, .receipts, .addresses:
            all.append(
                RDSS4Field(
                    "extra", at: length - 1, octets: 0, .extra, note: "octets behind the layout", shortest: 0))
        case .rest, .content: break
        }
        self.name = name
        self.title = title
        self.fields = all
        self.length = length
        self.variable = variable
        self.place = place ?? length - 1
        self.defaults = defaults.map { (place: $0.0, value: $0.1) }
        self.contentIndex = contentIndex
        self.required = required
    }

    /// The longest frame with this name that is believed: a damaged length must not hold up a stream for long.
    var longest: Int { if case .none = variable { 128 } else { Self.longest } }

    /// The number of a field as a parameter of the type.
    func parameterIndex(ofField index: Int) -> Int {
        guard let contentIndex, index >= contentIndex else { return index }
        return index + Self.contentCount
    }

    /// How many parameters a content has.
    static let contentCount = ContentColumns.parameters(family: "", type: "").count

    /// The type with all parameters.
    var type: MessageType {
        var parameters = fields.map { $0.parameter(of: name) }
        if let contentIndex {
            parameters.insert(contentsOf: ContentColumns.parameters(family: "rdss4", type: name), at: contentIndex)
        }
        return MessageType(name: name, dialect: .rdss4, title: title, parameters: parameters)
    }
}
