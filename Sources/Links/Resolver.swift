internal import Glibc

/// The address of a socket, as octets: what bind(2), connect(2) and sendto(2) take.
struct SocketAddress: Equatable {
    /// AF_INET or AF_INET6.
    var family: Int32
    /// The C structure of the family.
    var octets: [UInt8]

    /// Calls with the C structure.
    func call<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        // The octets are a C structure that the system itself wrote, of the length that is told, and are copied to memory
        // that is aligned for every family.
        var storage = sockaddr_storage()
        return unsafe withUnsafeMutableBytes(of: &storage) { room in
            unsafe room.copyBytes(from: octets.prefix(room.count))
            let length = socklen_t(min(octets.count, room.count))
            return unsafe body(room.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
    }
}

/// Names of hosts to addresses of sockets, by getaddrinfo(3).
enum Resolver {
    /// All addresses of a host, in the order in which they are to be tried; an empty host means every address of this
    /// machine.
    static func resolve(
        _ address: some CustomStringConvertible, host: String, port: UInt16
    ) throws(LinkError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        // One answer an address: which kind of socket is wanted does not change the address.
        unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV | (host.isEmpty ? AI_PASSIVE : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &list)
        // The list is the system's until it is freed; each node says how long its address is.
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        guard status == 0 else {
            if status == EAI_SYSTEM { throw LinkError(address, "cannot be opened", number: errno) }
            let words = unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
            throw LinkError(address, "cannot be opened", "the host '\(host)' is not found (\(words))")
        }
        var found: [SocketAddress] = []
        var node = unsafe list
        while let entry = unsafe node?.pointee {
            if let start = unsafe entry.ai_addr {
                let octets = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(entry.ai_addrlen)))
                found.append(SocketAddress(family: unsafe entry.ai_family, octets: octets))
            }
            unsafe node = entry.ai_next
        }
        guard !found.isEmpty else {
            throw LinkError(address, "cannot be opened", "the host '\(host)' has no address")
        }
        return found
    }
}
