internal import CZlib

/// Portable Network Graphics (ISO/IEC 15948, RFC 2083): true colour, eight bits, not interlaced. zlib does the work.
enum PNG {
    /// Writes a picture of red, green and blue octets, row by row; nil when there is no memory for it.
    static func encode(width: Int, height: Int, pixels: [UInt8]) -> [UInt8]? {
        precondition(pixels.count == width * height * 3, "three octets a pixel")
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + height)
        for y in 0..<height {
            // Lines of one colour pack best as they are: filter type 0.
            rows.append(0)
            rows += pixels[y * width * 3..<(y + 1) * width * 3]
        }
        guard let packed = deflate(rows) else { return nil }
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        chunk("IHDR", number(width) + number(height) + [8, 2, 0, 0, 0], &out)
        chunk("IDAT", packed, &out)
        chunk("IEND", [], &out)
        return out
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func chunk(_ name: String, _ octets: [UInt8], _ out: inout [UInt8]) {
        out += number(octets.count)
        let start = out.count
        out += name.utf8
        out += octets
        // The pointer is that of an array that is borrowed meanwhile, and as long as is said.
        let sum = unsafe out[start...].withUnsafeBufferPointer { part in
            unsafe crc32(0, part.baseAddress, UInt32(part.count))
        }
        out += number(Int(sum))
    }

    private static func deflate(_ octets: [UInt8]) -> [UInt8]? {
        var size = compressBound(UInt(octets.count))
        var out = [UInt8](repeating: 0, count: Int(size))
        // zlib writes at most `size` octets, which the array has, and reads what the other array has.
        let status = unsafe out.withUnsafeMutableBufferPointer { room in
            unsafe octets.withUnsafeBufferPointer { source in
                unsafe compress2(room.baseAddress, &size, source.baseAddress, UInt(source.count), 9)
            }
        }
        guard status == Z_OK else { return nil }
        return Array(out.prefix(Int(size)))
    }
}
