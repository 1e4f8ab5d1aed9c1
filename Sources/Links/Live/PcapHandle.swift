internal import Bytes
internal import CPcap
internal import Capture
internal import Glibc

/// An interface that is captured from: a thin layer over libpcap.
@safe
final class PcapHandle {
    /// Octets of a packet that are taken: as in tcpdump.
    static let snapLength: UInt32 = 262_144
    /// Octets that wait to be read at the most.
    static let buffer = 32 << 20

    /// A packet that was taken, whose octets stay until the next read.
    struct Captured {
        let extent: Extent
        let time: CaptureTime
        let original: UInt32
    }

    private let handle: OpaquePointer
    /// What is ready when packets are there.
    let descriptor: Int32
    private let arena = Arena(chunkSize: 1 << 20)
    private(set) var packets: [Captured] = []
    /// Whether times count nanoseconds.
    let hasNanoseconds: Bool

    init(_ address: SourceAddress, interface: String, filter: String?) throws(LinkError) {
        var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let made = unsafe pcap_create(interface, &words) else {
            throw LinkError(address, "cannot be opened", Self.text(words))
        }
        unsafe pcap_set_snaplen(made, Int32(Self.snapLength))
        unsafe pcap_set_promisc(made, 1)
        // The system hands over what it has gathered in so many milliseconds.
        unsafe pcap_set_timeout(made, Int32(LiveCounts.patience / 2))
        unsafe pcap_set_buffer_size(made, Int32(Self.buffer))
        hasNanoseconds = unsafe pcap_set_tstamp_precision(made, Int32(PCAP_TSTAMP_PRECISION_NANO)) == 0
        let status = unsafe pcap_activate(made)
        guard status >= 0 else {
            let reason = unsafe Self.reason(status, made, interface)
            unsafe pcap_close(made)
            throw LinkError(address, "cannot be opened", reason)
        }
        if let filter {
            var program = unsafe bpf_program()
            var reason: String?
            if unsafe pcap_compile(made, &program, filter, 1, bpf_u_int32.max) != 0 {
                reason = "'\(filter)' is no filter: \(unsafe String(cString: pcap_geterr(made)))"
            } else {
                if unsafe pcap_setfilter(made, &program) != 0 { reason = unsafe String(cString: pcap_geterr(made)) }
                unsafe pcap_freecode(&program)
            }
            if let reason {
                unsafe pcap_close(made)
                throw LinkError(address, "cannot be opened", reason)
            }
        }
        // libpcap itself waits for ever on Linux, through signals too: the waiting is ours.
        unsafe pcap_setnonblock(made, 1, &words)
        unsafe handle = made
        descriptor = unsafe pcap_get_selectable_fd(made)
    }

    deinit { unsafe pcap_close(handle) }

    /// How packets of the interface begin.
    var linkType: LinkType {
        let number = unsafe pcap_datalink(handle)
        // DLT_RAW has other numbers in the system than in files (tcpdump.org/linktypes.html).
        return number == 12 || number == 14 ? .raw : LinkType(rawValue: UInt32(number))
    }

    /// Takes the packets that are there; false when that failed.
    func read(most: Int) -> Bool {
        arena.reset()
        packets.removeAll(keepingCapacity: true)
        // The callback runs before the call comes back, on this thread, and this object outlives the call.
        let owner = unsafe UnsafeMutablePointer<UInt8>(OpaquePointer(Unmanaged.passUnretained(self).toOpaque()))
        let status = unsafe pcap_dispatch(handle, Int32(clamping: most), Self.callback, owner)
        return status >= 0 || status == PCAP_ERROR_BREAK
    }

    /// What libpcap calls with each packet.
    private static let callback: pcap_handler = { owner, header, octets in
        guard let owner = unsafe owner, let header = unsafe header, let octets = unsafe octets else { return }
        let handle = unsafe Unmanaged<PcapHandle>.fromOpaque(UnsafeRawPointer(owner)).takeUnretainedValue()
        unsafe handle.take(header.pointee, octets)
    }

    private func take(_ header: pcap_pkthdr, _ octets: UnsafePointer<UInt8>) {
        // libpcap says how many octets it lends until the callback comes back.
        let bytes = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(octets), byteCount: Int(header.caplen))
        let fraction = Int64(header.ts.tv_usec) * (hasNanoseconds ? 1 : 1000)
        packets.append(
            Captured(
                extent: arena.copy(bytes),
                time: CaptureTime(nanoseconds: Int64(header.ts.tv_sec) * 1_000_000_000 + fraction),
                original: header.len))
    }

    /// How many packets the system and the interface have dropped so far, modulo 2^32.
    var dropped: UInt32? {
        var counts = pcap_stat()
        return unsafe pcap_stats(handle, &counts) == 0 ? counts.ps_drop &+ counts.ps_ifdrop : nil
    }

    /// The words for what failed last.
    var lastError: String { unsafe String(cString: pcap_geterr(handle)) }

    private static func text(_ words: [CChar]) -> String {
        String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Why an interface cannot be captured from, and what to do.
    private static func reason(_ status: Int32, _ handle: OpaquePointer, _ interface: String) -> String {
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            return "capturing is not permitted; run as root, or once: "
                + "sudo setcap cap_net_raw,cap_net_admin=eip \"$(command -v starlane)\""
        case PCAP_ERROR_NO_SUCH_DEVICE:
            let names = names()
            let near = LinkAddress.nearest(interface, among: names).map { ", near it is \($0)" } ?? ""
            return "there is no interface '\(interface)'\(near); there are \(names.joined(separator: ", "))"
        case PCAP_ERROR_IFACE_NOT_UP: return "the interface is down; 'ip link set \(interface) up' starts it"
        default:
            let words = unsafe String(cString: pcap_geterr(handle))
            return words.isEmpty ? unsafe String(cString: pcap_statustostr(status)) : words
        }
    }

    /// The interfaces that can be captured from.
    static func names() -> [String] {
        var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        var list: UnsafeMutablePointer<pcap_if_t>?
        guard unsafe pcap_findalldevs(&list, &words) == 0 else { return [] }
        // The list is libpcap's until it is freed.
        defer { unsafe pcap_freealldevs(list) }
        var names: [String] = []
        var node = unsafe list
        while let entry = unsafe node?.pointee {
            if let name = unsafe entry.name { names.append(unsafe String(cString: name)) }
            unsafe node = entry.next
        }
        return names
    }
}
