/// Where a terminal, a gateway or a peer is reached.
///
/// Written as `udp://HOST:PORT`, `tcp://HOST:PORT` or `serial:/dev/DEVICE?baud=RATE`; a host that is an IPv6 address stands
/// in brackets. The UDP hosts `0.0.0.0`, `[::]` and none at all mean: wait there for whoever speaks first.
public enum LinkAddress: Sendable, Hashable, CustomStringConvertible {
    /// Datagrams to a peer, or from anybody where `host` means every address of this machine.
    case udp(host: String, port: UInt16)
    /// A stream to a server.
    case tcp(host: String, port: UInt16)
    /// A serial line of 8 data bits, no parity and 1 stop bit.
    case serial(device: String, baud: Int)

    /// Why a text is no address, with what would be one.
    public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// Words for people.
        public let description: String

        package init(description: String) { self.description = description }
    }

    /// The rate that RDSS terminals are delivered with, in bit/s (beidou-rdss-4.0.md, "Frame").
    public static let usualBaud = 19200

    private static let shapes = "udp://HOST:PORT, tcp://HOST:PORT or serial:/dev/DEVICE?baud=RATE"

    /// Reads an address.
    public init(_ text: String) throws(Refusal) {
        guard let colon = text.firstIndex(of: ":") else {
            let guess = text.hasPrefix("/") ? ": did you mean serial:\(text)?" : ""
            throw Refusal(description: "'\(text)' is no link\(guess.isEmpty ? ";" : guess) allowed are \(Self.shapes)")
        }
        let scheme = String(text[..<colon])
        let rest = text[text.index(after: colon)...]
        switch scheme {
        case "udp":
            let (host, port) = try Self.place(rest, in: text, scheme)
            self = .udp(host: host, port: port)
        case "tcp":
            let (host, port) = try Self.place(rest, in: text, scheme)
            guard !host.isEmpty else { throw Refusal(description: "'\(text)' names no host: tcp://HOST:PORT") }
            self = .tcp(host: host, port: port)
        case "serial": self = try Self.line(rest, in: text)
        default:
            var guess = ""
            if let near = Self.nearest(scheme.lowercased(), among: ["udp", "tcp", "serial"]) {
                guess = ", near it is \(near):"
            } else if UInt16(rest) != nil {
                guess = ": did you mean udp://\(text) or tcp://\(text)?"
            }
            throw Refusal(
                description: "'\(text)' begins with '\(scheme):', which is no kind of link\(guess); allowed are "
                    + Self.shapes)
        }
    }

    /// The address as it is written.
    public var description: String {
        func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
        return switch self {
        case .udp(let host, let port): "udp://\(bracketed(host)):\(port)"
        case .tcp(let host, let port): "tcp://\(bracketed(host)):\(port)"
        case .serial(let device, let baud): "serial:\(device)?baud=\(baud)"
        }
    }

    static func place(
        _ rest: Substring, in text: String, _ scheme: String
    ) throws(Refusal) -> (host: String, port: UInt16) {
        guard rest.hasPrefix("//") else {
            throw Refusal(description: "'\(text)' has no // behind \(scheme):, as in \(scheme)://HOST:PORT")
        }
        let place = rest.dropFirst(2)
        let host: Substring
        var port: Substring
        if place.hasPrefix("[") {
            guard let end = place.firstIndex(of: "]") else {
                throw Refusal(description: "'\(text)' has a [ without its ]: \(scheme)://[ADDRESS]:PORT")
            }
            host = place[place.index(after: place.startIndex)..<end]
            port = place[place.index(after: end)...]
            guard port.hasPrefix(":") else {
                throw Refusal(description: "'\(text)' has no port: \(scheme)://[ADDRESS]:PORT")
            }
            port = port.dropFirst()
        } else {
            guard let colon = place.lastIndex(of: ":") else {
                throw Refusal(description: "'\(text)' has no port: \(scheme)://HOST:PORT")
            }
            host = place[..<colon]
            port = place[place.index(after: colon)...]
            if host.contains(":") {
                throw Refusal(
                    description: "'\(text)' has several colons: an IPv6 address stands in brackets, "
                        + "\(scheme)://[ADDRESS]:PORT")
            }
        }
        if host.contains(where: { $0 == "/" || $0 == "?" || $0 == "@" || $0.isWhitespace }) {
            throw Refusal(description: "'\(text)': '\(host)' is no name of a host; nothing stands behind HOST:PORT")
        }
        guard let number = UInt16(port), number > 0 else {
            throw Refusal(description: "'\(text)' has the port '\(port)'; a port is a number from 1 to 65535")
        }
        return (String(host), number)
    }

    static func line(_ rest: Substring, in text: String) throws(Refusal) -> LinkAddress {
        let shape = "serial:/dev/DEVICE?baud=RATE"
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var device = String(parts.first ?? "")
        if device.hasPrefix("//") { device.removeFirst(2) }
        guard device.hasPrefix("/"), device.count > 1 else {
            throw Refusal(description: "'\(text)' names the device '\(device)'; a device is a whole path: \(shape)")
        }
        guard parts.count == 2 else { return .serial(device: device, baud: usualBaud) }
        let option = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard option.count == 2, option[0] == "baud" else {
            throw Refusal(description: "'\(text)' has the option '\(parts[1])'; the only one is baud: \(shape)")
        }
        let rates = SerialLink.rates.map(\.baud)
        guard let baud = Int(option[1]), rates.contains(baud) else {
            let near = Int(option[1]).flatMap { wanted in
                rates.min { ($0 - wanted).magnitude < ($1 - wanted).magnitude }
            }
            let guess = near.map { ", near it is \($0)" } ?? ""
            throw Refusal(
                description: "'\(text)' has the rate '\(option[1])'\(guess); allowed are "
                    + rates.map(String.init).joined(separator: ", "))
        }
        return .serial(device: device, baud: baud)
    }

    /// The word that a mistyped one is likely meant to be: at most two letters are wrong, missing or too many.
    static func nearest(_ word: String, among words: [String]) -> String? {
        let near = words.map { (word: $0, steps: steps(word, $0)) }.min { $0.steps < $1.steps }
        guard let near, near.steps <= 2, near.steps < near.word.count else { return nil }
        return near.word
    }

    /// Levenshtein's distance.
    private static func steps(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8.prefix(32)), Array(b.utf8))
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
