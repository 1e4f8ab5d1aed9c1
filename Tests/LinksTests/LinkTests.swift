import Bytes
import Glibc
import Links
import Support
import Testing

/// Reads until so many octets are there, or a second has passed.
private func read(_ link: any Link, _ count: Int) throws -> [UInt8] {
    var octets: [UInt8] = []
    let end = Waiting.now() + 1000
    while octets.count < count, Waiting.wait(for: link.descriptor, until: end).canRead {
        guard case .octets(let more) = try link.read() else { break }
        octets += more
    }
    return octets
}

/// A socket of the loopback that is bound to a port of the system's choice.
private func bound(_ kind: __socket_type) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = ownSocket(kind)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // The structure is an IPv4 address of the length that is told.
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(status)
    return (descriptor, UInt16(bigEndian: address.sin_port))
}

@Suite struct LinkTests {
    @Test func datagramsGoToTheLastWhoSpoke() throws {
        let (probe, port) = try bound(SOCK_DGRAM)
        close(probe)
        let server = try LinkAddress("udp://0.0.0.0:\(port)").open()
        #expect(!server.hasPeer)
        #expect(try server.write([1]) == 0)
        let one = try LinkAddress("udp://127.0.0.1:\(port)").open()
        let two = try LinkAddress("udp://127.0.0.1:\(port)").open()
        #expect(try one.write([1, 2, 3]) == 3)
        #expect(try read(server, 3) == [1, 2, 3])
        #expect(try server.write([4]) == 1)
        #expect(try read(one, 1) == [4])
        #expect(try two.write([5]) == 1)
        #expect(try read(server, 1) == [5])
        #expect(try server.write([6]) == 1)
        #expect(try read(two, 1) == [6])
        #expect(try one.read() == .nothing)
    }

    @Test func datagramThatNobodyTakesIsAnError() throws {
        let (probe, port) = try bound(SOCK_DGRAM)
        close(probe)
        let link = try LinkAddress("udp://127.0.0.1:\(port)").open()
        _ = try link.write([1])
        #expect(throws: LinkError(link.address, "cannot be read", number: ECONNREFUSED)) { _ = try read(link, 1) }
    }

    @Test func portThatIsTakenIsRefusedByName() throws {
        let (probe, port) = try bound(SOCK_DGRAM)
        defer { close(probe) }
        let address = try LinkAddress("udp://0.0.0.0:\(port)")
        #expect(throws: LinkError(address, "cannot be listened on", number: EADDRINUSE)) { _ = try address.open() }
    }

    @Test func streamCarriesBothWaysAndEnds() throws {
        let (listener, port) = try bound(SOCK_STREAM)
        defer { close(listener) }
        #expect(listen(listener, 1) == 0)
        let link = try LinkAddress("tcp://localhost:\(port)").open()
        let peer = accept(listener, nil, nil)
        #expect(try link.write([1, 2]) == 2)
        var room = [UInt8](repeating: 0, count: 8)
        #expect(unsafe Glibc.read(peer, &room, 8) == 2)
        #expect(unsafe Glibc.write(peer, [7, 8, 9] as [UInt8], 3) == 3)
        #expect(try read(link, 3) == [7, 8, 9])
        #expect(try link.read() == .nothing)
        close(peer)
        #expect(Waiting.wait(for: link.descriptor, until: Waiting.now() + 1000).canRead)
        #expect(try link.read() == .ended)
    }

    @Test func streamThatNobodyAcceptsIsAnError() throws {
        let (probe, port) = try bound(SOCK_STREAM)
        close(probe)
        let address = try LinkAddress("tcp://127.0.0.1:\(port)")
        do throws(LinkError) {
            _ = try address.open()
            Issue.record("it opened")
        } catch {
            #expect(error.description == "tcp://127.0.0.1:\(port) cannot be opened: Connection refused")
        }
    }

    @Test func hostThatDoesNotExistIsNamed() throws {
        let address = try LinkAddress("tcp://no-such-host.invalid:9")
        do throws(LinkError) {
            _ = try address.open()
            Issue.record("it opened")
        } catch {
            #expect(error.description.contains("the host 'no-such-host.invalid' is not found"), "\(error)")
        }
    }

    /// A pseudo-terminal: the side of a device, and the name of the line.
    private func pair() throws -> (device: Int32, line: Int32, name: String) {
        var (device, line): (Int32, Int32) = (-1, -1)
        // Nothing but the two descriptors is asked for.
        try #require(unsafe openpty(&device, &line, nil, nil, nil) == 0)
        keepOwn(device, line)
        return (device, line, try #require(unsafe ttyname(line).map { unsafe String(cString: $0) }))
    }

    @Test func serialLineIsRawAndPutBack() throws {
        let (device, line, name) = try pair()
        defer {
            close(device)
            close(line)
        }
        var before = termios()
        #expect(unsafe tcgetattr(line, &before) == 0)
        let odd: [UInt8] = [0x03, 0x0A, 0x0D, 0x11, 0x13, 0x1A, 0x24, 0x7F, 0xFF, 0x00]
        do {
            let link = try LinkAddress("serial:\(name)?baud=9600").open()
            var now = termios()
            #expect(unsafe tcgetattr(line, &now) == 0)
            #expect(unsafe cfgetospeed(&now) == speed_t(B9600))
            #expect(now.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS8))
            #expect(now.c_cflag & tcflag_t(PARENB | CSTOPB) == 0)
            // Each octet comes through as it is, both ways, and no echo of what is written.
            #expect(unsafe Glibc.write(device, odd, odd.count) == odd.count)
            #expect(try read(link, odd.count) == odd)
            #expect(try link.write(odd[...]) == odd.count)
            var room = [UInt8](repeating: 0, count: 64)
            #expect(unsafe Glibc.read(device, &room, 64) == odd.count)
            #expect(Array(room.prefix(odd.count)) == odd)
            #expect(try link.read() == .nothing)
        }
        var after = termios()
        #expect(unsafe tcgetattr(line, &after) == 0)
        #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag && after.c_oflag == before.c_oflag)
        #expect(unsafe cfgetospeed(&after) == cfgetospeed(&before))
    }

    @Test func serialLineWhoseDeviceGoesEnds() throws {
        let (device, line, name) = try pair()
        let link = try LinkAddress("serial:\(name)").open()
        close(line)
        close(device)
        #expect(Waiting.wait(for: link.descriptor, until: Waiting.now() + 1000).canRead)
        #expect(try link.read() == .ended)
    }

    @Test func whatIsNoSerialLineIsRefused() throws {
        for (path, words) in [("/dev/null", "it is no serial line"), ("/dev/no-such-device", "No such file")] {
            do throws(LinkError) {
                _ = try LinkAddress.serial(device: path, baud: 19200).open()
                Issue.record("\(path) opened")
            } catch {
                #expect(error.description.contains("serial:\(path)?baud=19200 cannot be opened"))
                #expect(error.description.contains(words), "\(error)")
            }
        }
    }

    @Test func waitingEndsAtItsTime() throws {
        let (probe, port) = try bound(SOCK_DGRAM)
        defer { close(probe) }
        let link = try LinkAddress("udp://127.0.0.1:\(port)").open()
        let start = Waiting.now()
        #expect(!Waiting.wait(for: link.descriptor, until: start + 30).isReady)
        #expect(25..<10_000 ~= Waiting.now() - start)
        #expect(Waiting.wait(for: link.descriptor, toWrite: true, until: start + 5000).canWrite)
    }
}
