import Records

/// Alarm limits.
extension Loader {
    private static let levels: [(String, LimitState)] =
        LimitState.allCases.map { ($0.name, $0) } + [("normal", .nominal)]

    func alarms(_ type: inout TypeModel, _ element: Element, system: Int) {
        guard element.name == "ContextAlarmList" else {
            type.alarms.standard = alarm(element)
            return
        }
        type.alarms.contexts = []
        for context in element.all() {
            guard let match = context.child("ContextMatch") else {
                fail(context.position, "\(context.name) has no ContextMatch: add one")
                continue
            }
            guard let condition = condition(in: match, system: system) else {
                if defects.isEmpty { fail(match.position, "ContextMatch is empty: add a Comparison") }
                continue
            }
            type.alarms.contexts.append((condition, alarm(context)))
        }
    }

    private func alarm(_ element: Element) -> AlarmModel {
        var alarm = AlarmModel()
        for name in ["minViolations", "minConformance"] {
            if let text = element[name], Self.integer(text) != 1 {
                reporter.warning(
                    element.position,
                    "\(name)=\"\(text)\" is not supported yet: each value is judged alone, as with 1")
            }
        }
        alarm.otherLabels = choice(element, "defaultAlarmLevel", Self.levels, default: .nominal)
        for child in element.all() {
            switch child.name {
            case "StaticAlarmRanges": ranges(&alarm, child)
            case "EnumerationAlarmList": for entry in child.all() { enumeration(&alarm, entry) }
            case "EnumerationAlarm": enumeration(&alarm, child)
            case "ContextMatch", "LongDescription", "AncillaryDataSet": break
            default:
                child.touchAll()
                reporter.warning(
                    child.position,
                    "\(child.name) is not supported yet, StaticAlarmRanges and EnumerationAlarmList are: no limit is "
                        + "judged by it")
            }
        }
        return alarm
    }

    private func ranges(_ alarm: inout AlarmModel, _ element: Element) {
        alarm.isInside = choice(element, "rangeForm", [("outside", false), ("inside", true)], default: false)
        for child in element.all() {
            let name = child.name.hasSuffix("Range") ? String(child.name.dropLast(5)).lowercased() : ""
            guard let level = Self.levels.first(where: { $0.0 == name })?.1, level != .nominal else {
                unknown(child, in: element)
                continue
            }
            alarm.ranges.append((level, range(child)))
        }
        alarm.ranges.sort { $0.level > $1.level }
    }

    private func enumeration(_ alarm: inout AlarmModel, _ element: Element) {
        guard let label = element["enumerationLabel"] ?? element["enumerationValue"] else {
            fail(element.position, "\(element.name) has no enumerationLabel: add the attribute")
            return
        }
        alarm.labels[label] = choice(element, "alarmLevel", Self.levels, default: .nominal)
    }
}
