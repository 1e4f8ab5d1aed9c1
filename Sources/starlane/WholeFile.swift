import Bytes
import Glibc

/// Files that are read as a whole, since they are small.
enum WholeFile {
    /// Why a file is not read.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The octets of a file; `-` is standard input. Of a larger one that more are read than are allowed is for who asked to
    /// refuse.
    static func octets(_ path: String, atMost limit: Int) throws(Refusal) -> [UInt8] {
        do throws(SystemError) {
            let source = path == "-" ? DescriptorSource(descriptor: 0, closes: false) : try DescriptorSource(path: path)
            if source.isFolder { throw SystemError(number: EISDIR) }
            let buffer = ByteBuffer(capacity: 1 << 16)
            while buffer.count <= limit {
                let got = unsafe buffer.fill(room: 1 << 16) { unsafe source.read(into: $0) }
                if got == 0 { break }
            }
            if case .failed(let number, _) = source.ending { throw SystemError(number: number) }
            let bytes = buffer.bytes
            return bytes.copied()
        } catch {
            throw Refusal(description: "\(path) cannot be read: \(error)")
        }
    }
}
