import Apus

/// A sum of 64 bits over everything that a row says, by which damage shows.
///
/// Each word goes through a bijection of the sum so far, so damage within one aligned word of eight bytes always shows. Damage
/// elsewhere as well escapes with a chance of 2⁻⁶⁴.
struct RowChecksum {
    private(set) var value: UInt64 = 0x4170_7573_2D72_6F77

    init(key: UnsafeRawBufferPointer, value bytes: UnsafeRawBufferPointer, expires: WallTime?) {
        mix(UInt64(key.count))
        mix(UInt64(bytes.count))
        mix(expires == nil ? 0 : 1)
        mix(UInt64(bitPattern: expires?.milliseconds ?? 0))
        mix(key)
        mix(bytes)
        // The last word would otherwise reach the upper bits only.
        mix(0)
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        let product = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value = product ^ (product >> 32)
    }

    private mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        guard offset < bytes.count else { return }
        var last: UInt64 = 0
        for byte in bytes[offset...].reversed() { last = last << 8 | UInt64(byte) }
        mix(last)
    }
}
