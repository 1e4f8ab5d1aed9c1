import Driver
import Terminals

/// Any octets stand in a sentence whose checksum agrees, so that what is behind the checksum is reached.
@main
enum Target {
    static func main() {
        drive { start, count in
            guard count > 1 else { return 0 }
            let input = octets(start, count).dropLast().filter { $0 != 0x0A && $0 != 0x0D }
            let check = input.reduce(0, ^)
            let digits = Array("0123456789ABCDEF".utf8)
            let tail = [0x2A, digits[Int(check >> 4)], digits[Int(check & 15)], 0x0D, 0x0A]
            scan([0x24] + input + tail, piece: 4_096)
            return 0
        }
    }
}
