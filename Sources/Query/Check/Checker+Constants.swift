internal import Records

extension Checker {
    /// A value against a constant.
    mutating func test(
        _ value: Operand, _ place: FilterExpression, _ comparison: FilterExpression.Comparison, _ constant: Operand,
        _ at: FilterExpression
    ) throws(FilterError) -> Condition {
        switch value {
        case .several(let uses):
            var conditions: [Condition] = []
            for use in uses { conditions.append(try test(.field(use), place, comparison, constant, at)) }
            return either(conditions)
        case .tree(let tree, let unit):
            guard comparison.isOrder else {
                throw fail(place, "'\(comparison.rawValue)' is of texts and octets, and this is a number")
            }
            if case .word(let word) = constant { throw unknown(word, at) }
            guard case .number(let number, let given) = constant else {
                throw fail(at, "a number may stand here, and this is none")
            }
            var bound = number.double
            if let given { bound = try convert(bound, given, to: unit, at) }
            return .compare(tree, comparison, .constant(bound))
        case .field(let use): return try testField(use, place, comparison, constant, at)
        case .number, .text, .address, .word: throw fail(place, "a field may stand here")
        }
    }

    private mutating func testField(
        _ use: FieldUse, _ place: FilterExpression, _ comparison: FilterExpression.Comparison, _ constant: Operand,
        _ at: FilterExpression
    ) throws(FilterError) -> Condition {
        let sort = try sort(of: use, place)
        // A spacecraft has a number and a name.
        if use.source == .header(.spacecraft), case .text = constant {
            return try testField(FieldUse(source: .header(.spacecraftName)), place, comparison, constant, at)
        }
        if comparison == .matches, case .text = constant {
        } else if comparison == .matches {
            throw fail(at, "matches takes a pattern in quotes")
        }
        switch sort {
        case .number(let unit): return try testNumber(use, unit, comparison, constant, at)
        case .label(_, let isBoolean): return try testLabel(use, isBoolean, comparison, constant, at)
        case .text, .octets: return try testText(use, sort, comparison, constant, at)
        case .time: return .test(use, .times(try times(comparison, constant, at)))
        case .address:
            guard comparison == .equal else {
                throw fail(at, "addresses are equal or not, or one of a set: '\(comparison.rawValue)' is not of them")
            }
            guard case .address(let text) = constant, let range = AddressRange(text) else {
                throw fail(at, "an address may stand here, as in: 10.0.0.1, 10.0.0.0/8 or fe80::/10, without quotes")
            }
            if case .header(let field) = use.source {
                let isLong = field == .ipv6Source || field == .ipv6Destination
                guard (range.octets.count == 16) == isLong else {
                    let others = isLong ? "ip.src, ip.dst and ip.addr" : "ipv6.src, ipv6.dst and ipv6.addr"
                    throw fail(
                        at, "'\(use.name)' is an address of IPv\(isLong ? 6 : 4); of IPv\(isLong ? 4 : 6) are \(others)"
                    )
                }
            }
            return .test(use, .addresses([range]))
        case .limit:
            guard comparison.isOrder, let word = Self.word(constant),
                let state = LimitState.allCases.first(where: { $0.name == word })
            else {
                let names = LimitState.allCases.map(\.name).joined(separator: ", ")
                throw fail(at, "a limit state may stand here: \(names)")
            }
            return .test(use, .limits(NumberSet(comparison, .whole(Int128(state.rawValue)))))
        }
    }

    private static func word(_ constant: Operand) -> String? {
        switch constant {
        case .word(let word), .text(let word): word
        default: nil
        }
    }

    private func testNumber(
        _ use: FieldUse, _ unit: String, _ comparison: FilterExpression.Comparison, _ constant: Operand,
        _ at: FilterExpression
    ) throws(FilterError) -> Condition {
        if case .word(let word) = constant { throw unknown(word, at, but: ", and '\(use.name)' is a number") }
        guard comparison.isOrder else {
            throw fail(at, "'\(comparison.rawValue)' is of texts and octets: '\(use.name)' is a number")
        }
        guard case .number(let number, let given) = constant else {
            let words = FieldUse.Sort.number(unit: unit).words
            throw fail(at, "'\(use.name)' is \(words): a number may stand here, and this is \(constant.words)")
        }
        guard let given else {
            guard use.hasOneUnit else {
                let units = Set(use.sorts.map(\.unit)).sorted().joined(separator: " and ")
                throw fail(at, "'\(use.name)' is in \(units): write the unit behind the number")
            }
            return .test(use, .numbers(NumberSet(comparison, number), unit: unit))
        }
        guard given != unit else { return .test(use, .numbers(NumberSet(comparison, number), unit: unit)) }
        _ = try convert(number.double, given, to: unit, at)
        return .test(use, .numbers(NumberSet(comparison, number), unit: given))
    }

    private func testLabel(
        _ use: FieldUse, _ isBoolean: Bool, _ comparison: FilterExpression.Comparison, _ constant: Operand,
        _ at: FilterExpression
    ) throws(FilterError) -> Condition {
        if case .number(let number, let unit) = constant {
            guard unit == nil else { throw fail(at, "'\(use.name)' has labels and no unit") }
            guard comparison.isOrder else { throw fail(at, "'\(comparison.rawValue)' takes a text in quotes") }
            var use = use
            if !isBoolean, case .parameter = use.source { use = try rawNumber(use, at) }
            return .test(use, .numbers(NumberSet(comparison, number), unit: ""))
        }
        let labels = use.sorts.flatMap { sort in if case .label(let some, _) = sort { some } else { [String]() } }
        guard let word = Self.word(constant) else {
            throw fail(at, "a label of '\(use.name)' may stand here: \(Self.list(labels, nearest: ""))")
        }
        switch comparison {
        case .contains: return .test(use, .text(.contains(Array(word.utf8))))
        case .matches: return .test(use, .text(.matches(try pattern(word, at))))
        case .equal: break
        default:
            guard case .parameter = use.source else {
                let numbers = labels.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
                throw fail(at, "labels have no order, their numbers have: \(numbers); '==' and 'in' compare labels")
            }
            throw fail(at, "labels have no order: raw(\(use.name)) has, and '==' and 'in' compare labels")
        }
        let all = labels + (isBoolean ? ["false", "true"] : [])
        if let exact = all.first(where: { $0 == word }) ?? all.first(where: { $0.lowercased() == word.lowercased() }) {
            if isBoolean, !labels.contains(exact) {
                return .test(use, .numbers(.one(.whole(exact == "true" ? 1 : 0)), unit: ""))
            }
            return .test(use, .text(.oneOf([Array(exact.utf8)])))
        }
        // Where the name means a text too, any text may be it.
        if use.sorts.contains(.text) { return .test(use, .text(.oneOf([Array(word.utf8)]))) }
        throw fail(at, "'\(use.name)' is never '\(word)': it is \(Self.list(labels, nearest: word))")
    }

    /// Up to eight labels, those that are near a word first.
    private static func list(_ labels: [String], nearest word: String) -> String {
        var seen: Set<String> = []
        let all = (Names.nearest(to: word, in: labels) + labels).filter { seen.insert($0).inserted }
        guard all.count > 8 else {
            return all.count < 2
                ? all.joined() : all.dropLast().joined(separator: ", ") + " or " + (all.last ?? "")
        }
        return all.prefix(8).joined(separator: ", ") + ", …"
    }

    /// Refuses the name of a packet type, dialect or mission that there is not.
    private func checkName(_ use: FieldUse, _ text: String, _ at: FilterExpression) throws(FilterError) {
        guard case .header(let field) = use.source, use.slices.isEmpty, use.folding == .none,
            let all = catalogue.values(of: field), !all.contains(text)
        else { return }
        // The last part of a name is what people remember of it.
        let ends = all.filter { $0.hasSuffix("." + text) || $0.hasPrefix(text) }
        let nearest = ends.isEmpty ? Names.nearest(to: text, in: all) : ends
        let shown = (nearest.isEmpty ? all : nearest).prefix(6).joined(separator: ", ")
        throw fail(
            at, "'\(use.name)' is never \"\(text)\": it is \(shown)\(nearest.isEmpty && all.count > 6 ? ", …" : "")")
    }

    private func testText(
        _ use: FieldUse, _ sort: FieldUse.Sort, _ comparison: FilterExpression.Comparison, _ constant: Operand,
        _ at: FilterExpression
    ) throws(FilterError) -> Condition {
        let octets: [UInt8]
        switch constant {
        case .text(let text):
            if comparison == .matches { return .test(use, .text(.matches(try pattern(text, at)))) }
            if comparison == .equal { try checkName(use, text, at) }
            octets = Array(text.utf8)
        case .address(let text):
            guard let found = Self.hexadecimal(text) else {
                throw fail(at, "octets may stand here, each of two hexadecimal digits, as in: 1a:cf:fc:1d")
            }
            octets = found
        case .number(let number, let unit):
            guard unit == nil, use.isShortSlice else {
                let hint = use.slices.isEmpty ? "" : "; a slice of 1 to 8 octets is held against numbers, too"
                throw fail(
                    at, "'\(use.name)' is \(sort.words): a text in quotes may stand here, or octets, 1a:cf:fc:1d\(hint)"
                )
            }
            guard comparison.isOrder else { throw fail(at, "'\(comparison.rawValue)' takes a text or octets") }
            return .test(use, .sliceNumbers(NumberSet(comparison, number)))
        case .word(let word):
            // A word is a label where the name has labels in other packets.
            guard use.sorts.contains(where: \.isLabel), comparison == .equal else {
                throw fail(at, "no field is called '\(word)'; a text stands in quotes: \"\(word)\"")
            }
            octets = Array(word.utf8)
        default: throw fail(at, "a text in quotes may stand here")
        }
        switch comparison {
        case .equal: return .test(use, .text(.oneOf([octets])))
        case .contains: return .test(use, .text(.contains(octets)))
        default: return .test(use, .text(.compare(comparison, octets)))
        }
    }

    /// A pattern that can be compiled.
    private func pattern(_ text: String, _ at: FilterExpression) throws(FilterError) -> String {
        do { _ = try Pattern(text) } catch { throw fail(at, "this is no pattern: \(error.reason)") }
        return text
    }

    /// Octets with colons between them.
    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let octets = parts.compactMap { $0.utf8.count <= 2 ? UInt8($0, radix: 16) : nil }
        return octets.count == parts.count ? octets : nil
    }

    private func times(
        _ comparison: FilterExpression.Comparison, _ constant: Operand, _ at: FilterExpression
    ) throws(FilterError) -> NumberSet {
        guard comparison.isOrder else { throw fail(at, "'\(comparison.rawValue)' is of texts, and this is a time") }
        switch constant {
        case .text(let text):
            guard let time = TimeText.attoseconds(text) else {
                throw fail(at, "this is no time: times are written \(TimeText.examples)")
            }
            return NumberSet(comparison, .whole(time))
        case .number(_, nil):
            guard let time = TimeText.attosecondsSince1970(at.digits) else {
                throw fail(at, "seconds since 1970 have up to 12 decimal digits and a fraction, as in: 1772337600.25")
            }
            return NumberSet(comparison, .whole(time))
        default:
            throw fail(at, "a time in quotes may stand here: \(TimeText.examples); or seconds since 1970")
        }
    }
}
