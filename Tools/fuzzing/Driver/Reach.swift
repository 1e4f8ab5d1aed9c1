/// What was read of all inputs: a place for results, so that no reading is left out.
nonisolated(unsafe) private var seen: UInt8 = 0

/// Reads the first and last octets and some between: the address sanitizer ends the process where they are not there.
public func reach(_ bytes: RawSpan) {
    let count = bytes.byteCount
    var index = 0
    while index < count {
        seen &+= bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        index += index < 64 || count - index <= 64 ? 1 : 61
    }
    if count > 0 { seen &+= bytes.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self) }
}

/// The input as an array; libFuzzer's own memory is gone when the target returns.
public func octets(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}
