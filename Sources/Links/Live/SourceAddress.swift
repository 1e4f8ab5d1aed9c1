/// Where packets come from that are taken as they come.
///
///     udp://HOST:PORT          datagrams to a port of this machine; HOST may be 0.0.0.0, [::], an address or a group
///     tcp://HOST:PORT          the stream of a server, which is connected to again when it goes away
///     tcp-listen://HOST:PORT   the streams of clients
///     serial:/dev/DEVICE       a serial line
///     pcap://INTERFACE         what goes over a network interface
///
/// Behind a question mark stand options, an ampersand between them: `framing=` for all of them but udp, `baud=` of a serial
/// line, `interface=` and `multicast=` of udp, `filter=` of pcap. %20 is a blank, as in addresses of the web.
public struct SourceAddress: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of sources.
    public enum Kind: Sendable, Hashable {
        /// Datagrams to a port. `interface` is where groups are joined.
        case udp(host: String, port: UInt16, groups: [String], interface: String?)
        /// The stream of a server.
        case tcp(host: String, port: UInt16)
        /// The streams of clients.
        case tcpListen(host: String, port: UInt16)
        /// A serial line of 8 data bits, no parity and 1 stop bit.
        case serial(device: String, baud: Int)
        /// What goes over a network interface, as far as a filter of libpcap lets it.
        case pcap(interface: String, filter: String?)
    }

    /// Why a text is no address, with what would be one.
    public typealias Refusal = LinkAddress.Refusal

    /// What it is.
    public let kind: Kind
    /// How its streams are cut into packets or frames, as the user writes it; nil where nothing is said.
    public let framing: String?
    /// The address as it is written.
    public let description: String

    private static let schemes = ["udp", "tcp", "tcp-listen", "serial", "pcap"]
    private static let shapes =
        "udp://HOST:PORT, tcp://HOST:PORT, tcp-listen://HOST:PORT, serial:/dev/DEVICE?baud=RATE or pcap://INTERFACE"

    /// Whether a text is meant to be an address, and not the name of a file.
    public static func isMeant(by text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon]
        guard let first = scheme.first, first.isASCII, first.isLetter,
            scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return false }
        return text[colon...].hasPrefix("://") || scheme == "serial"
    }

    /// Reads an address.
    public init(_ text: String) throws(Refusal) {
        let scheme = String(text.prefix { $0 != ":" })
        let rest = text.dropFirst(scheme.count + 1)
        guard Self.schemes.contains(scheme), scheme.count < text.count else {
            let near = LinkAddress.nearest(scheme.lowercased(), among: Self.schemes)
            let guess = near.map { ", near it is \($0):" } ?? ""
            throw Refusal(
                description: "'\(text)' begins with '\(scheme):', which is no kind of source\(guess); allowed are "
                    + Self.shapes)
        }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.first ?? ""
        var options = try Options(parts.count > 1 ? parts[1] : "", in: text)
        switch scheme {
        case "serial":
            let baud = try options.take("baud").map { "?baud=\($0)" } ?? ""
            guard case .serial(let device, let rate) = try LinkAddress.line((place + baud)[...], in: text) else {
                throw Refusal(description: "'\(text)' is no serial line")
            }
            kind = .serial(device: device, baud: rate)
        case "pcap":
            guard place.hasPrefix("//"), place.count > 2, !place.dropFirst(2).contains("/") else {
                throw Refusal(
                    description: "'\(text)' names no interface: pcap://INTERFACE, as in pcap://eth0 or pcap://any")
            }
            kind = .pcap(interface: String(place.dropFirst(2)), filter: try options.take("filter"))
        default:
            let (host, port) = try LinkAddress.place(place, in: text, scheme)
            switch scheme {
            case "udp":
                let groups = try options.take("multicast")?.split(separator: ",").map(String.init) ?? []
                kind = .udp(host: host, port: port, groups: groups, interface: try options.take("interface"))
            case "tcp":
                guard !host.isEmpty else { throw Refusal(description: "'\(text)' names no host: tcp://HOST:PORT") }
                kind = .tcp(host: host, port: port)
            default: kind = .tcpListen(host: host, port: port)
            }
        }
        framing = scheme == "udp" ? nil : try options.take("framing")
        try options.end(scheme)
        description = text
    }

    /// What stands behind the question mark.
    private struct Options {
        private let text: String
        private var pairs: [(name: String, value: String)] = []
        private var asked: [String] = []

        init(_ query: Substring, in text: String) throws(Refusal) {
            self.text = text
            for part in query.split(separator: "&") {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard pair.count == 2, !pair[1].isEmpty else {
                    throw Refusal(description: "'\(text)' has the option '\(part)' without a value, as in \(pair[0])=…")
                }
                guard !pairs.contains(where: { $0.name == pair[0] }) else {
                    throw Refusal(description: "'\(text)' has the option '\(pair[0])' twice")
                }
                pairs.append((pair[0], try Self.plain(pair[1], in: text)))
            }
        }

        /// Takes the value of an option.
        mutating func take(_ name: String) throws(Refusal) -> String? {
            asked.append(name)
            guard let index = pairs.firstIndex(where: { $0.name == name }) else { return nil }
            return pairs.remove(at: index).value
        }

        /// Refuses what nobody has taken.
        func end(_ scheme: String) throws(Refusal) {
            guard let left = pairs.first else { return }
            let near = LinkAddress.nearest(left.name, among: asked).map { ", near it is \($0)" } ?? ""
            throw Refusal(
                description: "'\(text)' has the option '\(left.name)', which \(scheme) has not\(near); allowed are "
                    + asked.map { "\($0)=" }.joined(separator: ", "))
        }

        /// Undoes the escapes of addresses (RFC 3986, section 2.1).
        private static func plain(_ text: String, in whole: String) throws(Refusal) -> String {
            var octets: [UInt8] = []
            var rest = Array(text.utf8)[...]
            while let octet = rest.popFirst() {
                guard octet == UInt8(ascii: "%") else {
                    octets.append(octet)
                    continue
                }
                guard let digits = String(validating: rest.prefix(2), as: UTF8.self), digits.utf8.count == 2,
                    let value = UInt8(digits, radix: 16)
                else {
                    throw Refusal(
                        description: "'\(whole)' has a % without two hexadecimal digits; the character itself is %25")
                }
                octets.append(value)
                rest = rest.dropFirst(2)
            }
            return String(decoding: octets, as: UTF8.self)
        }
    }
}
