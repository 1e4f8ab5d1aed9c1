import Records

/// Absolute and relative times.
extension Loader {
    func encodeTime(_ type: inout TypeModel, _ element: Element, system: Int) {
        let unit = element["units"] ?? "seconds"
        type.unit = unit
        type.time.position = element.position
        let factors: [String: String] = ["seconds": "1", "s": "1", "picoSeconds": "1e-12", "days": "86400"]
        if factors[unit] == nil, type.category == .absoluteTime {
            fail(
                element.position,
                "units of a time are \"\(unit)\", seconds, picoSeconds and days are supported: give seconds and a scale"
            )
        }
        let scaleText = element["scale"]
        let offsetText = element["offset"]
        type.time.isScaled = scaleText != nil || offsetText != nil
        type.time.scaleNumber = number(element, "scale", default: 1) ?? 1
        type.time.offsetNumber = number(element, "offset", default: 0) ?? 0
        let factor = Decimal128(factors[unit] ?? "1") ?? Decimal128.one
        if let scale = Decimal128(scaleText ?? "1"), let exact = TimeScale(scale, times: factor) {
            type.time.scale = exact
        } else if type.category == .absoluteTime {
            fail(
                element.position,
                "scale of a time is \"\(scaleText ?? "")\", a number of seconds is allowed: correct it")
        }
        if let offset = Decimal128(offsetText ?? "0")?.times(factor)?.attoseconds {
            type.time.offset = offset
        } else if type.category == .absoluteTime {
            fail(element.position, "offset of a time is \"\(offsetText ?? "")\", a number is allowed: correct it")
        }
        type.time.digits = type.time.scale.digits
        for child in element.all() {
            switch child.name {
            case "IntegerDataEncoding", "FloatDataEncoding", "StringDataEncoding", "BinaryDataEncoding":
                encode(&type, child, system: system)
            default: unknown(child, in: element)
            }
        }
        if !type.calibration.isEmpty {
            fail(element.position, "the encoding of a time has a calibrator, scale and offset are for that: use them")
        }
    }

    func refer(_ type: inout TypeModel, _ element: Element, system: Int) {
        for child in element.all() {
            switch child.name {
            case "Epoch":
                guard let origin = epoch(child.trimmed) else {
                    fail(
                        child.position,
                        "the epoch is \"\(child.trimmed)\"; TAI, J2000, UNIX, GPS, a date or a dateTime are "
                            + "allowed: use one"
                    )
                    continue
                }
                type.time.origin = origin
            case "OffsetFrom":
                if let reference = reference(child, system: system) {
                    type.time.origin = .parameter(reference.parameter)
                }
            default: unknown(child, in: element)
            }
        }
    }

    private func epoch(_ text: String) -> TimeModel.Origin? {
        let second = StatedTime.attosecondsInSecond
        switch text {
        case "UNIX", "POSIX": return .epoch(0, isTAI: false)
        // 1958-01-01T00:00:00 TAI.
        case "TAI": return .epoch(-378_691_200 * second, isTAI: true)
        // 1980-01-06T00:00:00 UTC, when TAI was 19 s ahead.
        case "GPS": return .epoch((315_964_800 + 19) * second, isTAI: true)
        // 2000-01-01T12:00:00 TT, 32.184 s ahead of TAI.
        case "J2000": return .epoch(946_728_000 * second - 32_184 * (second / 1_000), isTAI: true)
        default:
            guard let utc = StatedTime.parse(text) else { return nil }
            guard options.datesCountLeapSeconds else { return .epoch(utc, isTAI: false) }
            return .epoch(LeapSeconds.tai(fromUTC: utc), isTAI: true)
        }
    }
}
