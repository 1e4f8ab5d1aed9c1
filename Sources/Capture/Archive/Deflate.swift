internal import CDeflate
internal import Bytes

/// Compressing and unpacking whole members: libdeflate does the work.
enum Deflate {
    /// The check of gzip.
    static func crc32(_ octets: RawSpan) -> UInt32 {
        unsafe octets.withUnsafeBytes { unsafe libdeflate_crc32(0, $0.baseAddress, $0.count) }
    }
}

/// Compresses; one serves one thread at a time.
@safe
final class Deflater {
    // libdeflate gives and takes it back.
    private let compressor: OpaquePointer?

    /// - Parameter level: 0 (none) to 12, as libdeflate counts.
    init(level: Int) { unsafe compressor = libdeflate_alloc_compressor(Int32(level)) }

    deinit { unsafe libdeflate_free_compressor(compressor) }

    /// Adds the compressed octets to a buffer; gives how many they are.
    func compress(_ octets: RawSpan, into buffer: ByteBuffer) -> Int {
        let room = unsafe libdeflate_deflate_compress_bound(compressor, octets.byteCount)
        return unsafe buffer.fill(room: room) { out in
            unsafe octets.withUnsafeBytes { source in
                unsafe libdeflate_deflate_compress(
                    compressor, source.baseAddress, source.count, out.baseAddress, out.count)
            }
        }
    }
}

/// Unpacks; one serves one thread at a time.
@safe
final class Inflater {
    private let decompressor: OpaquePointer?

    init() { unsafe decompressor = libdeflate_alloc_decompressor() }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    /// Adds the octets of a whole gzip member to a buffer, if they are as many as they should be and their check agrees.
    func unpack(_ member: RawSpan, size: Int, into buffer: ByteBuffer) -> Bool {
        let before = buffer.count
        var status = LIBDEFLATE_SUCCESS
        let made = unsafe buffer.fill(room: size) { out in
            var made = 0
            status = unsafe member.withUnsafeBytes { source in
                unsafe libdeflate_gzip_decompress(
                    decompressor, source.baseAddress, source.count, out.baseAddress, out.count, &made)
            }
            return status == LIBDEFLATE_SUCCESS ? made : 0
        }
        return status == LIBDEFLATE_SUCCESS && made == size && buffer.count == before + size
    }
}
