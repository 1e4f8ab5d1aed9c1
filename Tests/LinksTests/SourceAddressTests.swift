import Links
import Testing

@Suite struct SourceAddressTests {
    @Test func addressesSayWhereAndHow() throws {
        #expect(
            try SourceAddress("udp://0.0.0.0:10015").kind
                == .udp(host: "0.0.0.0", port: 10015, groups: [], interface: nil))
        #expect(try SourceAddress("udp://:7").kind == .udp(host: "", port: 7, groups: [], interface: nil))
        #expect(
            try SourceAddress("udp://[::]:7?multicast=ff02::1,ff02::2&interface=eth0").kind
                == .udp(host: "::", port: 7, groups: ["ff02::1", "ff02::2"], interface: "eth0"))
        let stream = try SourceAddress("tcp://gateway:10017?framing=length:4,strip=0")
        #expect(stream.kind == .tcp(host: "gateway", port: 10017))
        #expect(stream.framing == "length:4,strip=0")
        #expect(stream.description == "tcp://gateway:10017?framing=length:4,strip=0")
        #expect(try SourceAddress("tcp-listen://:9").kind == .tcpListen(host: "", port: 9))
        let line = try SourceAddress("serial:/dev/ttyS0?framing=fixed:9&baud=9600")
        #expect(line.kind == .serial(device: "/dev/ttyS0", baud: 9600))
        #expect(line.framing == "fixed:9")
        #expect(
            try SourceAddress("pcap://any?filter=udp%20port%205%2f6").kind
                == .pcap(interface: "any", filter: "udp port 5/6"))
    }

    @Test func namesOfFilesAreNoAddresses() {
        for name in ["-", "pass.pcapng", "/tmp/a:b", "C:\\x", "a/b://c", "udp", "2024-01-01T00:00:00.pcap", "://x"] {
            #expect(!SourceAddress.isMeant(by: name), "\(name)")
        }
        for name in ["udp://x", "nothing://x", "serial:/dev/ttyUSB0", "serial:", "tcp-listen://"] {
            #expect(SourceAddress.isMeant(by: name), "\(name)")
        }
    }

    @Test(arguments: [
        "", "udp", "udp:", "udp:/h:1", "udp://h", "udp://h:", "udp://h:65536", "udp://h:-1", "udp://[::1:5",
        "udp://[::1]5",
        "udp://a:b:5", "udp://h:5?interface", "udp://h:5?interface=", "udp://h:5?interface=a&interface=b",
        "udp://h:5?baud=1", "udp://h:5?filter=%", "udp://h:5?multicast=%zz", "tcp://:5", "tcp://h:5/path",
        "tcp://u@h:5", "tcp-listen://h", "serial:x", "serial:/dev/a?baud=1", "serial:/dev/a?parity=even", "pcap:eth0",
        "pcap://a/b", "pcap://eth0?snaplen=9", "http://h:5",
    ])
    func malformedAddressesAreRefused(_ text: String) {
        #expect(throws: SourceAddress.Refusal.self) { try SourceAddress(text) }
    }

    @Test func refusalsSayWhatIsNear() {
        for (text, near) in [("upd://h:1", "udp:"), ("tcp-lisen://h:1", "tcp-listen:"), ("pcab://lo", "pcap:")] {
            do {
                _ = try SourceAddress(text)
                Issue.record("\(text) is taken")
            } catch {
                #expect("\(error)".contains("near it is \(near)"), "\(error)")
            }
        }
    }
}
