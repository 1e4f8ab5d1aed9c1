import Driver
import Terminals

/// Any octets are read as messages of any dialect, cut anywhere. The last octet chooses the cuts.
@main
enum Target {
    static func main() {
        drive { start, count in
            guard count > 1 else { return 0 }
            let input = octets(start, count)
            scan(Array(input.dropLast()), piece: Int(input[count - 1]) * 4 + 1)
            return 0
        }
    }
}
