/// Numbers and octets in hexadecimal digits, upper case as terminals write them.
package enum Hexadecimal {
    /// A number that is not negative in so many digits at the least.
    package static func text(_ number: some BinaryInteger, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Two digits an octet.
    package static func digits(of octets: some Sequence<UInt8>) -> [UInt8] {
        octets.flatMap { [ASCII.hexDigit($0 >> 4), ASCII.hexDigit($0 & 15)] }
    }

    /// The octets that digits of either case stand for; nil when something else stands there, or their number is odd.
    package static func octets(of text: some StringProtocol) -> [UInt8]? {
        let values = text.utf8.map(ASCII.hexValue)
        guard values.count.isMultiple(of: 2), values.allSatisfy({ $0 < 16 }) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
