/// The cyclic redundancy code of 16 bits that CCSDS frames and packets end with: x^16 + x^12 + x^5 + 1 (0x1021), the
/// most significant bit first, no reflection, no final inversion (132.0-B-3, 4.1; known elsewhere as
/// CRC-16/IBM-3740).
public enum CRC16 {
    /// The code of some octets; over data and the code behind it the result is 0.
    ///
    /// - Parameters:
    ///   - bytes: what is protected.
    ///   - preset: where the register starts; CCSDS presets it to all ones. A result given here goes on from there.
    public static func of(_ bytes: RawSpan, preset: UInt16 = 0xFFFF) -> UInt16 {
        var crc = preset
        let end = bytes.byteCount
        var at = 0
        unsafe tables.withUnsafeBufferPointer { (table: UnsafeBufferPointer<UInt16>) in
            // Every index is an octet plus 256 times a number below 32: inside the 8,192 entries.
            guard let table = table.baseAddress else { return }
            // 32 octets a round, one table a place: only the first two of them wait for the round before.
            while at &+ 32 <= end {
                let a = bytes.u64(at: at) ^ UInt64(crc) &<< 48
                let b = unsafe eight(bytes.u64(at: at &+ 8), table + 16 * 256)
                let c = unsafe eight(bytes.u64(at: at &+ 16), table + 8 * 256)
                let d = unsafe eight(bytes.u64(at: at &+ 24), table)
                crc = unsafe eight(a, table + 24 * 256) ^ (b ^ c ^ d)
                at &+= 32
            }
            while at < end {
                crc = unsafe crc &<< 8 ^ table[Int(crc &>> 8 ^ UInt16(bytes.u8(at: at)))]
                at &+= 1
            }
        }
        return crc
    }

    /// Whether the code of a frame that ends with it stays as right as it was though bits are turned over: the code of what was
    /// turned over, without a preset, is 0 then, as it is linear. Fewer than four bits, and an odd number, are always seen
    /// (in frames of up to 32,751 bits).
    ///
    /// - Parameters:
    ///   - bits: each once; bit 0 is the most significant one of the first octet.
    ///   - octets: length of the frame with its code.
    package static func overlooks(_ bits: some Collection<UInt32>, octets count: Int) -> Bool {
        guard bits.count >= 4, bits.count.isMultiple(of: 2) else { return false }
        var turned = [UInt8](repeating: 0, count: count)
        for bit in bits {
            guard bit / 8 < count else { return false }
            turned[Int(bit / 8)] ^= 0x80 >> UInt8(bit % 8)
        }
        return of(turned.octets, preset: 0) == 0
    }

    /// What eight octets add; `table` is that of the last of them.
    @inline(__always) @unsafe
    private static func eight(_ word: UInt64, _ table: UnsafePointer<UInt16>) -> UInt16 {
        let t = unsafe table
        let a = unsafe t[Int(word &>> 56) &+ 1792] ^ t[Int(word &>> 48 & 0xFF) &+ 1536]
        let b = unsafe t[Int(word &>> 40 & 0xFF) &+ 1280] ^ t[Int(word &>> 32 & 0xFF) &+ 1024]
        let c = unsafe t[Int(word &>> 24 & 0xFF) &+ 768] ^ t[Int(word &>> 16 & 0xFF) &+ 512]
        let d = unsafe t[Int(word &>> 8 & 0xFF) &+ 256] ^ t[Int(word & 0xFF)]
        return (a ^ b) ^ (c ^ d)
    }

    /// Table k holds what an octet with k octets of zero behind it leaves in the register.
    private static let tables: [UInt16] = {
        var tables = [UInt16](repeating: 0, count: 32 * 256)
        for octet in 0..<256 {
            var crc = UInt16(octet) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
            tables[octet] = crc
        }
        for place in 256..<32 * 256 {
            let before = tables[place - 256]
            tables[place] = before << 8 ^ tables[Int(before >> 8)]
        }
        return tables
    }()
}
