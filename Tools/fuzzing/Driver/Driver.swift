import CFuzzer
import Glibc

/// Hands the process to libFuzzer, which calls `test` with one input after the other and does not come back.
///
/// Swift's package manager gives every executable a main function of its own, so libFuzzer's cannot be used. `test`
/// lets the bytes go when it returns, and returns 0.
public func drive(_ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) -> Never {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &arguments, test))
}
