internal import CSystem

/// Addresses of hosts as numbers.
public enum NumericAddress {
    /// The octets of an address: 4 or 16; nil when a text is none.
    public static func octets(_ text: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        // There is room for the longest address.
        let length = unsafe csystem_address(text, &octets)
        return length > 0 ? Array(octets.prefix(Int(length))) : nil
    }
}
