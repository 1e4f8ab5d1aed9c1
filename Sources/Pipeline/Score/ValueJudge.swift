internal import Bytes
internal import Records

/// Says whether a decoder's value is the one that stands in the truth.
struct ValueJudge {
    /// Numbers may be apart by this share of the larger one; nil: by 10^-6, and whole ones not at all.
    let tolerance: Double?

    enum Verdict {
        /// The same, within the tolerance.
        case right
        /// Another one.
        case wrong
        /// Of another kind, as a raw number where the truth has a label.
        case apart
        /// What cannot be compared with the truth's, as words where that has a number.
        case unreadable
        /// The result has none: no such column or member, null, or an empty text.
        case missing
        /// The truth has none.
        case untold
    }

    private func isNear(_ truth: ScoreNumber, _ result: ScoreNumber) -> Bool {
        truth.isNear(result, tolerance ?? 1e-6, areWholesExact: tolerance == nil)
    }

    /// Judges values on tapes. What is written in the same way is the same.
    func judge(_ truth: ValueTape, _ place: Int, _ result: ValueTape, _ other: Int) -> Verdict {
        let (kind, otherKind) = (truth.values[place].kind, result.values[other].kind)
        if kind == .null { return .untold }
        if otherKind == .null || result.isEmpty(at: other) && !truth.isEmpty(at: place) { return .missing }
        let areScalars = kind != .list && kind != .object && otherKind != .list && otherKind != .object
        if areScalars, truth.octets(at: place).isEqual(to: result.octets(at: other)) { return .right }
        return judge(truth: JSONText(truth, place), JSONText(result, other))
    }

    private func judge(truth: JSONText, _ result: JSONText) -> Verdict {
        if truth == .null { return .untold }
        if result == .null || result == .text("") && truth != .text("") { return .missing }
        switch truth {
        case .null: return .untold
        case .boolean(let isTrue): return judge(isTrue, result)
        case .number(let digits):
            if case .number(let other) = result, other == digits { return .right }
            guard let number = ScoreNumber(digits) else { return .apart }
            if case .boolean(let isTrue) = result { return verdict(number.integer == (isTrue ? 1 : 0)) }
            guard let other = ScoreNumber(result) else { return .unreadable }
            return verdict(isNear(number, other))
        case .text(let text): return judge(text, result)
        case .list, .object:
            if case .text(let text) = result, let read = JSONText(Array(text.utf8)) {
                return verdict(sameList(truth, read))
            }
            return verdict(sameList(truth, result))
        }
    }

    private func verdict(_ isRight: Bool) -> Verdict { isRight ? .right : .wrong }

    private func judge(_ isTrue: Bool, _ result: JSONText) -> Verdict {
        if case .boolean(let other) = result { return verdict(isTrue == other) }
        if let number = ScoreNumber(result)?.integer { return verdict(number == (isTrue ? 1 : 0)) }
        switch result.text?.lowercased() {
        case "true": return verdict(isTrue)
        case "false": return verdict(!isTrue)
        default: return .unreadable
        }
    }

    private func judge(_ text: String, _ result: JSONText) -> Verdict {
        switch result {
        case .text(let other):
            if text == other { return .right }
            if let time = TimeText.attoseconds(text), let stated = ResultTime.attoseconds(other) {
                // What is written with fewer decimals is cut or rounded.
                let digits = min(decimals(text), decimals(other), 18)
                var unit: Int128 = 1_000_000_000_000_000_000
                for _ in 0..<digits { unit /= 10 }
                return verdict((time - stated).magnitude <= unit.magnitude)
            }
            guard let number = ScoreNumber(other) else { return .wrong }
            // A raw number where a label is expected says nothing for or against it.
            guard let wanted = ScoreNumber(text) else { return .apart }
            return verdict(isNear(wanted, number))
        case .number:
            guard let wanted = ScoreNumber(text), let number = ScoreNumber(result) else { return .apart }
            return verdict(isNear(wanted, number))
        case .boolean(let isTrue):
            let word = text.lowercased()
            return word == "true" || word == "false" ? verdict(word == "\(isTrue)") : .apart
        case .null: return .missing
        case .list, .object: return .unreadable
        }
    }

    private func decimals(_ time: String) -> Int {
        guard let point = time.utf8.firstIndex(where: { $0 == 0x2E || $0 == 0x2C }) else { return 0 }
        return time.utf8[time.utf8.index(after: point)...].prefix { (0x30...0x39).contains($0) }.count
    }

    /// Lists and objects whose elements are the same.
    private func sameList(_ truth: JSONText, _ result: JSONText) -> Bool {
        switch (truth, result) {
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { sameList($0, $1) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { member in
                    b.first { $0.name == member.name }.map { sameList(member.value, $0.value) } ?? false
                }
        case (.list, _), (.object, _), (_, .list), (_, .object): return false
        default: return truth == result || judge(truth: truth, result) == .right
        }
    }
}
