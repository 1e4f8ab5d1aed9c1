internal import Bytes
internal import Glibc

/// A serial line: raw octets, 8 data bits, no parity, 1 stop bit, no flow control. The line's settings are put back when
/// the link is closed.
final class SerialLink: Link {
    /// The rates that are allowed, in bit/s, with the system's constants.
    static let rates: [(baud: Int, constant: Int32)] = [
        (1200, B1200), (2400, B2400), (4800, B4800), (9600, B9600), (19200, B19200), (38400, B38400), (57600, B57600),
        (115_200, B115200), (230_400, B230400), (460_800, B460800), (921_600, B921600),
    ]

    let address: LinkAddress
    private let line: Descriptor
    private let before: termios
    private let baud: Int
    /// Whether it was waited in vain for what was written.
    private var isStuck = false

    var descriptor: Int32 { line.number }
    var hasPeer: Bool { true }

    /// Opens a device; `baud` is one of ``rates``.
    init(device: String, baud: Int) throws(LinkError) {
        let address = LinkAddress.serial(device: device, baud: baud)
        guard let rate = Self.rates.first(where: { $0.baud == baud }) else {
            throw LinkError(address, "cannot be opened", "the rate is none of the usual ones")
        }
        // Not to wait for a modem's carrier, and not to become the program's controlling terminal.
        let number = unsafe open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw LinkError(address, "cannot be opened", number: errno) }
        let line = Descriptor(number)
        var settings = termios()
        guard unsafe tcgetattr(number, &settings) == 0 else {
            if errno == ENOTTY { throw LinkError(address, "cannot be opened", "it is no serial line") }
            throw LinkError(address, "cannot be opened", number: errno)
        }
        let before = settings
        // Two programs on one line take each other's octets: the second one is refused (and root is not).
        guard ioctl(number, UInt(TIOCEXCL)) == 0 else {
            throw LinkError(address, "cannot be kept for this program alone", number: errno)
        }
        unsafe cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CREAD | CLOCAL | CS8)
        settings.c_cflag &= ~tcflag_t(PARENB | CSTOPB)
        settings.c_cflag &= ~tcflag_t(CRTSCTS)
        unsafe cfsetspeed(&settings, speed_t(rate.constant))
        // What came before anybody asked belongs to nobody. Nothing is thrown away any more when the line is raw: who waits for
        // that on its other side loses nothing.
        tcflush(number, TCIFLUSH)
        guard unsafe tcsetattr(number, TCSANOW, &settings) == 0 else {
            throw LinkError(address, "does not take the rate of \(baud) bit/s", number: errno)
        }
        self.address = address
        self.line = line
        self.before = before
        self.baud = baud
    }

    deinit {
        // At another rate nobody could read what is still on its way.
        let isEmpty = !isStuck && finish(patience: 0, grace: nil).untaken == 0
        var settings = before
        // What is in the device itself is waited for, but nothing that it does not take.
        _ = unsafe tcsetattr(line.number, isEmpty ? TCSADRAIN : TCSANOW, &settings)
        _ = ioctl(line.number, UInt(TIOCNXCL))
    }

    func read() throws(LinkError) -> LinkInput {
        let (octets, outcome) = line.read()
        switch outcome {
        case .wouldWait: return .nothing
        // A line that hangs up ends like a file.
        case .moved(let count): return count == 0 ? .ended : .octets(octets)
        // So does a pseudo-terminal whose other side is closed.
        case .failed(EIO): return .ended
        case .failed(let number): throw LinkError(address, "cannot be read", number: number)
        }
    }

    func write(_ octets: ArraySlice<UInt8>) throws(LinkError) -> Int {
        switch line.write(octets) {
        case .moved(let count): return count
        case .wouldWait: return 0
        case .failed(let number): throw LinkError(address, "cannot be written", number: number)
        }
    }

    /// Waits until all has gone out, at the most for as long as that takes and a second: a device may take nothing any more.
    func finish(patience: Int64, grace: Int64?) -> (untaken: Int, reason: SystemError?) {
        var left = SystemQueue.outgoing(line.number)
        let end = Waiting.now() + Self.duration(of: left, baud: baud) + 1_000
        while left > 0, Waiting.now() < end {
            SteadyClock.pause(milliseconds: 5)
            left = SystemQueue.outgoing(line.number)
        }
        isStuck = left > 0
        return (left, nil)
    }

    /// Milliseconds that octets take: ten bits each, with those at the beginning and the end.
    static func duration(of octets: Int, baud: Int) -> Int64 { Int64(octets) * 10_000 / Int64(baud) }
}
