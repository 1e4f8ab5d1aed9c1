/// Parameter types.
extension Loader {
    /// Builds a type, its base type first.
    func build(type index: Int) {
        guard typeStates[index] == .untouched else { return }
        typeStates[index] = .building
        defer { typeStates[index] = .built }
        let (element, system) = typeElements[index]
        let outer = defects
        defer { defects = outer }
        defects = []
        var type = inherited(element, system: system)
        type.name = element["name"] ?? ""
        type.position = element.position
        if let category = TypeModel.Category(rawValue: element.name) {
            type.category = category
        } else {
            fail(element.position, "\(element.name) is no parameter type that is known: check its name")
        }
        if type.category == .array || type.category == .aggregate {
            element.touchAll()
            fail(
                element.position,
                "\(element.name) is not supported yet: parameters of type \"\(type.name)\" have no values")
        } else {
            fill(&type, element, system: system)
        }
        type.defects += defects
        model.types[index] = type
    }

    /// A copy of the base type, or an empty one.
    private func inherited(_ element: Element, system: Int) -> TypeModel {
        let empty = TypeModel(name: "", category: .integer, position: element.position)
        guard let reference = element["baseType"],
            let base = resolve(reference, from: system, \.types, "base type", element.position)
        else { return empty }
        if typeStates[base] == .building {
            reporter.error(element.position, "type \"\(element["name"] ?? "")\" is its own base type: break the circle")
            return empty
        }
        build(type: base)
        return model.types[base]
    }

    private func fill(_ type: inout TypeModel, _ element: Element, system: Int) {
        // These say how large or what the engineering value is; it is what comes out of the encoding here.
        for name in ["sizeInBits", "signed", "characterWidth"] { _ = element[name] }
        if let value = element["initialValue"] { type.initialValue = value }
        if let zero = element["zeroStringValue"] { type.zeroLabel = zero }
        if let one = element["oneStringValue"] { type.oneLabel = one }
        var hasLabels = false
        for child in element.all() {
            switch child.name {
            case "UnitSet": type.unit = unit(child)
            case "IntegerDataEncoding", "FloatDataEncoding", "StringDataEncoding", "BinaryDataEncoding":
                encode(&type, child, system: system)
            case "Encoding": encodeTime(&type, child, system: system)
            case "ReferenceTime": refer(&type, child, system: system)
            case "EnumerationList":
                if !hasLabels { type.labels = [] }
                hasLabels = true
                for entry in child.all() { label(&type, entry) }
            case "ValidRange": validRange(&type, child)
            case "ValidRangeSet":
                type.validRangeIsCalibrated = truth(child, "validRangeAppliesToCalibrated", default: true)
                let ranges = child.all("ValidRange")
                if ranges.count > 1 {
                    reporter.warning(
                        ranges[1].position, "only the first ValidRange is supported yet: the others are not read")
                }
                if let first = ranges.first { validRange(&type, first) }
            case "DefaultAlarm", "ContextAlarmList": alarms(&type, child, system: system)
            case "LongDescription", "AliasSet", "AncillaryDataSet", "ToString", "SizeRangeInCharacters":
                child.touchAll()
            default: unknown(child, in: element)
            }
        }
        if type.category == .enumerated, type.labels.isEmpty {
            fail(element.position, "enumeration \"\(type.name)\" has no EnumerationList: add one")
        }
        check(type, element)
    }

    /// What cannot be decoded together.
    private func check(_ type: TypeModel, _ element: Element) {
        guard let encoding = type.encoding else { return }
        switch (type.category, encoding.kind) {
        case (.string, .string), (.binary, .binary), (.boolean, _), (.enumerated, .number), (.enumerated, .string),
            (.integer, .number), (.float, .number), (.absoluteTime, .number), (.relativeTime, .number):
            break
        default:
            fail(
                encoding.position,
                "\(type.category.rawValue) \"\(type.name)\" is encoded in a way that is not supported yet: numbers and "
                    + "times need an integer or float encoding, strings and binaries their own")
        }
        if !type.calibration.isEmpty, type.category == .enumerated || type.category == .boolean {
            reporter.warning(
                encoding.position,
                "\"\(type.name)\" has a calibrator, and the raw value is what is looked up: remove the calibrator")
        }
    }

    private func unit(_ element: Element) -> String {
        element.all().map { part in
            for name in ["description", "power", "factor", "form"] { _ = part[name] }
            return part.trimmed
        }
        .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func label(_ type: inout TypeModel, _ element: Element) {
        guard element.name == "Enumeration" else {
            fail(element.position, "\(element.name) stands in an EnumerationList, Enumeration is allowed: correct it")
            return
        }
        guard let value = element["value"], let label = element["label"] else {
            fail(element.position, "Enumeration needs a value and a label: add the attribute")
            return
        }
        if case .string = type.encoding?.kind {
            type.labels.append(LabelModel(key: .bytes(Array(value.utf8)), label: label))
        } else if let low = Self.integer(value) {
            var high = low
            if let text = element["maxValue"] {
                guard let value = Self.integer(text), value >= low else {
                    fail(
                        element.position,
                        "maxValue of \"\(label)\" is \"\(text)\", \(low) or more is allowed: correct it")
                    return
                }
                high = value
            }
            type.labels.append(LabelModel(key: .integers(low, high), label: label))
        } else if let number = Self.number(value) {
            type.labels.append(LabelModel(key: .number(number), label: label))
        } else {
            fail(element.position, "value of \"\(label)\" is \"\(value)\", a number is allowed: correct it")
        }
    }

    private func validRange(_ type: inout TypeModel, _ element: Element) {
        type.validRangeIsCalibrated = truth(
            element, "validRangeAppliesToCalibrated", default: type.validRangeIsCalibrated)
        // The spelling of version 1.1.
        type.validRangeIsCalibrated = truth(element, "rangeAppliesToCalibrated", default: type.validRangeIsCalibrated)
        type.validRange = range(element)
    }

    /// minInclusive, minExclusive, maxInclusive and maxExclusive.
    func range(_ element: Element) -> RangeModel {
        var range = RangeModel()
        if let value = bound(element, "minInclusive") { range.minimum = value }
        if let value = bound(element, "minExclusive") {
            range.minimum = value
            range.minimumIsInside = false
        }
        if let value = bound(element, "maxInclusive") { range.maximum = value }
        if let value = bound(element, "maxExclusive") {
            range.maximum = value
            range.maximumIsInside = false
        }
        return range
    }

    private func bound(_ element: Element, _ name: String) -> Double? {
        guard let text = element[name] else { return nil }
        guard let value = Self.number(text), !value.isNaN else {
            fail(element.position, "\(name) of \(element.name) is \"\(text)\", a number is allowed: correct it")
            return nil
        }
        return value
    }
}
