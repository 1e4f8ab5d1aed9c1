import Bytes
import Driver

/// A bit field of any place and size inside the input is what its bits say, one by one.
///
/// The first two octets choose the place and the size, so that the fuzzer can.
@main
enum Target {
    static func main() {
        drive { start, count in
            guard let start, count > 2 else { return 0 }
            let bytes = UnsafeRawBufferPointer(start: start, count: count).bytes
            let size = Int(bytes.u8(at: 1) & 63) + 1
            guard count * 8 >= size else { return 0 }
            let place = Int(bytes.u8(at: 0)) % (count * 8 - size + 1)
            var expected: UInt64 = 0
            for bit in place..<place + size {
                expected = expected << 1 | UInt64(bytes.u8(at: bit >> 3) >> UInt8(7 - bit & 7) & 1)
            }
            precondition(bytes.bits(at: place, count: size) == expected, "the bit field differs from its bits")
            return 0
        }
    }
}
