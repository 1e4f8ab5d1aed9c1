public import Glibc

// What tests open themselves is theirs alone: a program that another test starts meanwhile would inherit it, and to close it
// would end nothing.

/// A socket of IPv4.
public func ownSocket(_ kind: __socket_type) -> Int32 {
    socket(AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
}

/// Lets no program inherit descriptors.
public func keepOwn(_ descriptors: Int32...) {
    for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
}
