import Foundation
import Glibc
import Support
import Synchronization

/// A terminal that answers requests by a script, on a datagram socket, a stream or a pseudo-terminal of this machine.
final class ScriptedTerminal: Sendable {
    /// How it is reached.
    enum Kind: Sendable, CaseIterable { case udp, tcp, serial }

    /// What it answers to a request, given by its name and how often it came: pieces that are written one after the
    /// other, a moment apart; an empty one ends the terminal.
    typealias Script = @Sendable (_ name: String, _ times: Int) -> [[UInt8]]

    /// What `--via` takes.
    let address: String
    private let descriptor: Int32
    private let line: Int32
    private let kind: Kind
    private let isOver = Mutex(false)
    private let heard = Mutex<[String]>([])

    /// The requests that came, whole, without the ends of lines; frames as hex.
    var requests: [String] { heard.withLock { $0 } }

    /// Begins to serve; the greeting is said when somebody has connected, or has opened the line.
    init(_ kind: Kind, greeting: [[UInt8]] = [], _ script: @escaping Script) {
        self.kind = kind
        var port: UInt16 = 0
        switch kind {
        case .udp, .tcp:
            descriptor = ownSocket(kind == .udp ? SOCK_DGRAM : SOCK_STREAM)
            line = -1
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let number = descriptor
            // The structure is an IPv4 address of the length that is told.
            unsafe withUnsafeMutablePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = unsafe bind(number, $0, length)
                    _ = unsafe getsockname(number, $0, &length)
                }
            }
            port = UInt16(bigEndian: place.sin_port)
            if kind == .tcp { _ = listen(descriptor, 1) }
            address = "\(kind == .udp ? "udp" : "tcp")://127.0.0.1:\(port)"
        case .serial:
            var (device, line): (Int32, Int32) = (-1, -1)
            _ = unsafe openpty(&device, &line, nil, nil, nil)
            keepOwn(device, line)
            descriptor = device
            self.line = line
            address = "serial:" + (unsafe ttyname(line).map { unsafe String(cString: $0) } ?? "?")
        }
        Thread.detachNewThread { [self] in serve(greeting, script) }
    }

    /// Ends it.
    func end() { isOver.withLock { $0 = true } }

    private func serve(_ greeting: [[UInt8]], _ script: Script) {
        var from = descriptor
        var pending: [UInt8] = []
        var counts: [String: Int] = [:]
        if kind == .tcp {
            guard isReady(descriptor) else { return }
            from = accept(descriptor, nil, nil)
        }
        // The line is emptied when it is opened, and then set: what is said before is lost.
        if kind == .serial, !greeting.isEmpty { guard isOpened() else { return } }
        for piece in greeting {
            _ = unsafe write(from, piece, piece.count)
            usleep(20_000)
        }
        while isReady(from) {
            var room = [UInt8](repeating: 0, count: 4096)
            if kind == .udp {
                // Whoever asks is connected to: answers then go back by write(2).
                var peer = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let count = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        let count = unsafe recvfrom(from, &room, room.count, 0, $0, &length)
                        if count > 0 { _ = unsafe connect(from, $0, length) }
                        return count
                    }
                }
                guard count > 0 else { continue }
                pending += room.prefix(count)
            } else {
                let count = unsafe read(from, &room, room.count)
                guard count > 0 else { break }
                pending += room.prefix(count)
            }
            while let request = next(&pending) {
                let name = String(decoding: request.dropFirst().prefix { 0x41...0x5A ~= $0 }, as: UTF8.self)
                counts[name, default: 0] += 1
                let isText = name.hasPrefix("CC")
                heard.withLock {
                    $0.append(
                        isText
                            ? String(decoding: request, as: UTF8.self)
                            : request.map { String(format: "%02X", $0) }.joined())
                }
                for piece in script(name, counts[name] ?? 0) {
                    if piece.isEmpty {
                        close(from)
                        return
                    }
                    _ = unsafe write(from, piece, piece.count)
                    usleep(20_000)
                }
            }
        }
    }

    /// A frame by its length, a sentence by the end of its line.
    private func next(_ pending: inout [UInt8]) -> [UInt8]? {
        guard pending.count >= 7 else { return nil }
        if pending[5] < 0x20 {
            let length = Int(pending[5]) << 8 | Int(pending[6])
            guard pending.count >= length else { return nil }
            defer { pending.removeFirst(length) }
            return Array(pending.prefix(length))
        }
        guard let end = pending.firstIndex(of: 0x0A) else { return nil }
        defer { pending.removeFirst(end + 1) }
        return Array(pending[..<end].prefix { $0 != 0x0D })
    }

    /// Waits until somebody has made the line raw.
    private func isOpened() -> Bool {
        var settings = termios()
        while !isOver.withLock({ $0 }) {
            if unsafe tcgetattr(line, &settings) == 0, settings.c_lflag & tcflag_t(ICANON) == 0 { return true }
            usleep(5_000)
        }
        return false
    }

    private func isReady(_ descriptor: Int32) -> Bool {
        while !isOver.withLock({ $0 }) {
            var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&question, 1, 50) > 0 { return true }
        }
        return false
    }

    /// A sentence of text.
    static func sentence(_ body: String) -> [UInt8] {
        let check = body.utf8.reduce(0) { $0 ^ $1 }
        return Array("$\(body)*\(String(format: "%02X", check))\r\n".utf8)
    }

    /// A frame of RDSS 4.0 from its card 142020.
    static func frame(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let start = Array("$\(name)".utf8) + [0, UInt8(11 + body.count), 0x02, 0x2A, 0xC4] + body
        return start + [start.reduce(0) { $0 ^ $1 }]
    }
}
