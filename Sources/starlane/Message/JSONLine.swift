import Bytes
import Pipeline
import Records

/// Members of a JSON object that is one line of output: what is not known is left out.
extension TextBuffer {
    /// Adds a member that is a text; nothing for nil.
    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        member(name)
        appendJSON(text)
    }

    /// Adds a member that is a number; nothing for nil.
    mutating func member(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        member(name)
        append(number)
    }

    /// Adds a member that is a number with a fraction; nothing for nil.
    mutating func member(_ name: StaticString, _ number: Double?) {
        guard let number else { return }
        member(name)
        appendJSON(number)
    }

    /// Adds a member that is a time, from milliseconds since 1970.
    mutating func member(_ name: StaticString, utc: Int64) {
        member(name)
        append("\"")
        append(CaptureTime(nanoseconds: utc * 1_000_000), digits: 3)
        append("\"")
    }
}

/// A time of day in UTC, from milliseconds since 1970: "03:12:01.120".
func clock(_ utc: Int64) -> String {
    func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = (utc % 86_400_000 + 86_400_000) % 86_400_000
    return [day / 3_600_000, day / 60_000 % 60, day / 1000 % 60].map { padded($0, 2) }.joined(separator: ":")
        + "." + padded(day % 1000, 3)
}
