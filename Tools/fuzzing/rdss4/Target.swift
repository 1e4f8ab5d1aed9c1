import BeiDou
import Driver
import Terminals

/// Any octets are the address and body of a frame of protocol 4.0 whose name, length and checksum agree. The first octet
/// chooses the name.
@main
enum Target {
    static let names = MessageTypes.all.filter { $0.dialect == .rdss4 && $0.name.utf8.count == 4 }.map(\.name)

    static func main() {
        drive { start, count in
            guard count > 4, count < 2_000 else { return 0 }
            let input = octets(start, count)
            let name = Array(Target.names[Int(input[0]) % Target.names.count].utf8)
            let length = count - 1 + 8
            var frame = [0x24] + name + [UInt8(length >> 8), UInt8(length & 0xFF)] + input.dropFirst()
            frame.append(frame.reduce(0, ^))
            scan(frame, piece: 4_096)
            return 0
        }
    }
}
