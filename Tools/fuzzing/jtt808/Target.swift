import Driver
import Terminals

/// Any octets are headers and bodies of JT/T 808: the length in the properties is set right, the check is added, and all of
/// it is escaped. A first octet that is odd makes a header of 2019; each input is sent twice, so that sub-packages meet.
@main
enum Target {
    static func main() {
        drive { start, count in
            guard count > 22, count < 1_000 else { return 0 }
            let input = octets(start, count)
            var message = Array(input.dropFirst())
            let is2019 = input[0] & 1 == 1
            let hasParts = message[2] & 0x20 != 0
            let header = (is2019 ? 17 : 12) + (hasParts ? 4 : 0)
            guard message.count >= header else { return 0 }
            let length = message.count - header
            message[2] = message[2] & 0xBC | (is2019 ? 0x40 : 0) | UInt8(length >> 8)
            message[3] = UInt8(length & 0xFF)
            if is2019 { message[4] = 1 }
            message.append(message.reduce(0, ^))
            var frame: [UInt8] = [0x7E]
            for octet in message {
                switch octet {
                case 0x7E: frame += [0x7D, 0x02]
                case 0x7D: frame += [0x7D, 0x01]
                default: frame.append(octet)
                }
            }
            frame.append(0x7E)
            scan(frame + frame, piece: 700)
            return 0
        }
    }
}
