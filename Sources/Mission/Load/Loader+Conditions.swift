/// Conditions: Comparison, ComparisonList, BooleanExpression.
extension Loader {
    private static let operators: [(String, ComparisonModel.Operator)] = [
        ("==", .equal), ("!=", .notEqual), ("<", .less), ("<=", .lessOrEqual), (">", .greater), (">=", .greaterOrEqual),
        // Spellings that space_packet_parser takes as well.
        ("eq", .equal), ("neq", .notEqual), ("lt", .less), ("leq", .lessOrEqual), ("gt", .greater),
        ("geq", .greaterOrEqual),
    ]

    /// The condition inside an element (RestrictionCriteria, IncludeCondition, ContextMatch, DiscreteLookup); nil when
    /// there is none or it is wrong.
    func condition(in element: Element, system: Int) -> ConditionModel? {
        var found: ConditionModel?
        for child in element.all() {
            switch child.name {
            case "Comparison": found = comparison(child, system: system).map { .comparison($0) } ?? found
            case "ComparisonList":
                found = .all(
                    child.all().compactMap { member in
                        guard member.name == "Comparison" else {
                            fail(
                                member.position,
                                "\(member.name) stands in a ComparisonList, Comparison is allowed: remove it")
                            return nil
                        }
                        return comparison(member, system: system).map { .comparison($0) }
                    })
            case "BooleanExpression":
                let parts = child.all().compactMap { expression($0, system: system) }
                if parts.isEmpty { fail(child.position, "BooleanExpression is empty, a Condition is needed: add one") }
                found = .all(parts)
            default:
                child.touchAll()
                fail(
                    child.position,
                    "\(child.name) in \(element.name) is not supported yet; Comparison, ComparisonList and "
                        + "BooleanExpression are: use one of them")
            }
        }
        return found
    }

    /// A Condition, ANDedConditions or ORedConditions. The depth of the tree is bounded by the reader.
    private func expression(_ element: Element, system: Int) -> ConditionModel? {
        switch element.name {
        case "Condition": return pair(element, system: system).map { .comparison($0) }
        case "ANDedConditions": return .all(element.all().compactMap { expression($0, system: system) })
        case "ORedConditions": return .any(element.all().compactMap { expression($0, system: system) })
        default:
            fail(element.position, "\(element.name) in a BooleanExpression is not known: use Condition")
            return nil
        }
    }

    private func comparison(_ element: Element, system: Int) -> ComparisonModel? {
        guard let left = reference(element, system: system) else { return nil }
        let comparison = choice(element, "comparisonOperator", Self.operators, default: .equal)
        guard let value = element["value"] else {
            fail(element.position, "Comparison has no value: add the attribute")
            return nil
        }
        return ComparisonModel(left: left, comparison: comparison, right: .text(value), position: element.position)
    }

    private func pair(_ element: Element, system: Int) -> ComparisonModel? {
        let references = element.all("ParameterInstanceRef").map { reference($0, system: system) }
        guard let first = references.first, let left = first else {
            if references.isEmpty { fail(element.position, "Condition has no ParameterInstanceRef: add one") }
            return nil
        }
        let sign = element.child("ComparisonOperator")
        let text = sign?.trimmed ?? "=="
        guard let comparison = Self.operators.first(where: { $0.0 == text })?.1 else {
            fail(element.position, "ComparisonOperator is \"\(text)\", ==, !=, <, <=, > and >= are allowed: use one")
            return nil
        }
        let right: ComparisonModel.Operand
        if references.count > 1 {
            guard let second = references[1] else { return nil }
            right = .parameter(second)
        } else if let value = element.child("Value") {
            right = .text(value.trimmed)
        } else {
            fail(element.position, "Condition has neither Value nor a second ParameterInstanceRef: add one")
            return nil
        }
        return ComparisonModel(left: left, comparison: comparison, right: right, position: element.position)
    }

    /// The parameter that a Comparison or a ParameterInstanceRef names.
    func reference(_ element: Element, system: Int) -> ReferenceModel? {
        guard let name = element["parameterRef"] else {
            fail(element.position, "\(element.name) has no parameterRef: add the attribute")
            return nil
        }
        if let text = element["instance"], Self.integer(text) != 0 {
            fail(
                element.position,
                "instance \(text) of \"\(name)\" is not supported yet, 0 (the present one) is: remove the attribute")
        }
        let calibrated = truth(element, "useCalibratedValue", default: true)
        guard let parameter = resolve(name, from: system, \.parameters, "parameter", element.position) else {
            return nil
        }
        return ReferenceModel(parameter: parameter, usesCalibratedValue: calibrated, position: element.position)
    }
}
