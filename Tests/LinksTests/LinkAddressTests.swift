import Links
import Testing

@Test(arguments: [
    ("udp://10.0.0.7:5000", LinkAddress.udp(host: "10.0.0.7", port: 5000)),
    ("udp://0.0.0.0:5000", .udp(host: "0.0.0.0", port: 5000)), ("udp://:5000", .udp(host: "", port: 5000)),
    ("tcp://gateway.example:7", .tcp(host: "gateway.example", port: 7)),
    ("tcp://[::1]:65535", .tcp(host: "::1", port: 65535)),
    ("serial:/dev/ttyUSB0", .serial(device: "/dev/ttyUSB0", baud: 19200)),
    ("serial:/dev/ttyUSB0?baud=115200", .serial(device: "/dev/ttyUSB0", baud: 115_200)),
    ("serial:///dev/ttyUSB0", .serial(device: "/dev/ttyUSB0", baud: 19200)),
])
func addressIsReadAndWrittenAgain(_ text: String, _ address: LinkAddress) throws {
    #expect(try LinkAddress(text) == address)
    #expect(try LinkAddress(address.description) == address)
}

@Test(arguments: [
    ("", "'' is no link"), ("/dev/ttyUSB0", "did you mean serial:/dev/ttyUSB0?"), ("upd://a:1", "near it is udp"),
    ("http://a:1", "allowed are udp://HOST:PORT, tcp://HOST:PORT or serial:/dev/DEVICE?baud=RATE"),
    ("127.0.0.1:5000", "did you mean udp://127.0.0.1:5000 or tcp://127.0.0.1:5000?"),
    ("udp:a:1", "has no // behind udp:"), ("udp://a", "has no port"),
    ("udp://a:0", "a port is a number from 1 to 65535"),
    ("udp://a:65536", "a port is a number from 1 to 65535"), ("udp://a:x", "has the port 'x'"),
    ("udp://::1:5000", "an IPv6 address stands in brackets"), ("udp://[::1:5000", "has a [ without its ]"),
    ("udp://[::1]5000", "has no port"), ("tcp://:5000", "names no host"), ("tcp://a:1/x", "has the port '1/x'"),
    ("tcp://me@a:1", "is no name of a host"), ("serial:ttyUSB0", "a device is a whole path"),
    ("serial:/", "a device is a whole path"), ("serial:/dev/t?baud=19201", "near it is 19200; allowed are 1200, 2400"),
    ("serial:/dev/t?baud=fast", "has the rate 'fast'; allowed are 1200"),
    ("serial:/dev/t?parity=odd", "the only one is baud"), ("serial:/dev/t?", "the only one is baud"),
])
func whatIsNoAddressIsRefusedWithWhatWouldBeOne(_ text: String, _ words: String) {
    do throws(LinkAddress.Refusal) {
        let address = try LinkAddress(text)
        Issue.record("'\(text)' was read as \(address)")
    } catch {
        #expect(error.description.contains(words), "\(error)")
    }
}
