public import Bytes
internal import CPcap
internal import Glibc
internal import Synchronization

/// A capture filter: an expression of libpcap's language (pcap-filter(7)), compiled by libpcap for each link type that is
/// met and run over packets, as `tcpdump -r FILE EXPRESSION` does.
///
/// One of these belongs to one task at a time. It can be used for capture after capture.
public final class CaptureFilter {
    /// Why an expression is not taken.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// The expression.
        public let expression: String
        /// The link type that it was compiled for; nil where no link type takes it.
        public let linkType: LinkType?
        /// What libpcap says of it, or what stands against the link.
        public let reason: String

        /// One line for people.
        public var description: String {
            let words =
                switch linkType {
                case nil: "is no capture filter"
                case .bareStream?: "cannot be used on a bare file"
                case let link?: "cannot be used on packets of \(link.name)"
                }
            return "'\(expression)' \(words): \(reason)"
        }
    }

    /// What the ledger calls packets that did not match.
    public static let notMatched = "not matched by the capture filter"

    /// The expression, as the user wrote it.
    public let expression: String
    private var programs: [FilterProgram] = []
    /// The program for each interface of the capture in hand.
    private var programOfInterface: [Int] = []

    /// A filter from its expression. Throws when no common link type takes it, with libpcap's words on Ethernet.
    public init(_ expression: String) throws(Refusal) {
        self.expression = expression
        // An expression may be one of other links: `type mgt` is of wireless networks, `hsio` of signalling.
        var first: String?
        for link: UInt32 in [1, 101, 113, 276, 0, 9, 105, 127, 123, 140] {
            do {
                programs.append(try FilterProgram(expression, LinkType(rawValue: link)))
                return
            } catch {
                first = first ?? error.words
            }
        }
        throw Refusal(expression: expression, linkType: nil, reason: first ?? "")
    }

    /// Begins packets of another capture, whose interfaces are others.
    public func beginCapture() { programOfInterface = [] }

    /// Drops the packets that do not match, in place and in order, and enters their octets in the ledger.
    ///
    /// Throws when the expression cannot be used on the link type of an interface that was not there before; then nothing
    /// of the batch was dropped. Numbers and counts of packets stay as the reader gave them.
    public func apply(
        to packets: inout Batch<Packet>, interfaces: [Interface], ledger: inout Ledger
    ) throws(Refusal) {
        while programOfInterface.count < interfaces.count {
            programOfInterface.append(try program(for: interfaces[programOfInterface.count].linkType))
        }
        let count = packets.count
        var (kept, dropped) = (0, 0)
        for index in 0..<count {
            let packet = packets[index]
            let interface = Int(packet.interface)
            // A packet of an interface that is not there is for the next stage to reject.
            let passes =
                interface >= programOfInterface.count
                || programs[programOfInterface[interface]].matches(packets.bytes(of: packet), packet.originalLength)
            if passes {
                if kept != index { packets[kept] = packet }
                kept += 1
            } else {
                dropped += packet.extent.count
            }
        }
        guard kept < count else { return }
        packets.truncate(to: kept)
        ledger.leave(Self.notMatched, count: count - kept, bytes: dropped)
    }

    /// The program for a link type, compiled where there is none yet.
    private func program(for link: LinkType) throws(Refusal) -> Int {
        if let known = programs.firstIndex(where: { $0.linkType == link }) { return known }
        guard link.isInFiles else {
            let reason =
                link == .bareStream ? "it has no packets; choose by fields" : "libpcap has no number for it"
            throw Refusal(expression: expression, linkType: link, reason: reason)
        }
        do {
            programs.append(try FilterProgram(expression, link))
        } catch {
            throw Refusal(expression: expression, linkType: link, reason: error.words)
        }
        return programs.count - 1
    }
}

/// An expression, compiled for one link type.
@safe private final class FilterProgram {
    let linkType: LinkType
    private let program: UnsafeMutablePointer<bpf_program>

    /// libpcap's words.
    struct Failure: Error {
        let words: String
    }

    /// Older versions of libpcap keep the state of their compiler in global variables.
    private static let compiler = Mutex(())

    init(_ expression: String, _ linkType: LinkType) throws(Failure) {
        self.linkType = linkType
        unsafe program = .allocate(capacity: 1)
        unsafe program.initialize(to: bpf_program())
        let program = unsafe self.program
        let words = Self.compiler.withLock { _ in unsafe Self.compile(expression, linkType, program) }
        if let words { throw Failure(words: words) }
    }

    deinit {
        // Freed as libpcap made it; one that was never filled is empty, which is free of cost.
        unsafe pcap_freecode(program)
        unsafe program.deallocate()
    }

    /// Compiles, and says why not.
    ///
    /// The compiler is asked in the name of a file with no packet, and not of a "dead" capture: then it refuses what only
    /// a live capture knows (`inbound`), as it does for `tcpdump -r`, and takes link types by the numbers of files.
    private static func compile(
        _ expression: String, _ linkType: LinkType, _ program: UnsafeMutablePointer<bpf_program>
    ) -> String? {
        var header: [UInt8] = []
        for word: UInt32 in [0xA1B2_C3D4, 4 << 16 | 2, 0, 0, UInt32(linkType.longestPacket), linkType.rawValue] {
            header.append(le: word)
        }
        return unsafe header.withUnsafeMutableBytes { octets -> String? in
            var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
            guard let file = unsafe fmemopen(octets.baseAddress, octets.count, "r") else {
                return "there is no memory for compiling it"
            }
            guard let capture = unsafe pcap_fopen_offline(file, &words) else {
                unsafe fclose(file)
                return String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            // Closes the file, too; both are used up to here and no longer.
            defer { unsafe pcap_close(capture) }
            // Broadcast addresses of IPv4 depend on a netmask, which a file does not know.
            guard unsafe pcap_compile(capture, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
                return unsafe String(cString: pcap_geterr(capture))
            }
            return nil
        }
    }

    /// Whether a packet matches.
    @inline(__always)
    func matches(_ octets: RawSpan, _ originalLength: UInt32) -> Bool {
        unsafe octets.withUnsafeBytes { octets in
            // The program was checked when it was compiled, and reads inside the octets alone, which are lent meanwhile.
            unsafe bpf_filter(
                program.pointee.bf_insns, octets.bindMemory(to: UInt8.self).baseAddress, originalLength,
                UInt32(truncatingIfNeeded: octets.count)) != 0
        }
    }
}
