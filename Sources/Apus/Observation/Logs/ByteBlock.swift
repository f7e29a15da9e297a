/// Bytes that gather in memory that is used again and again. Adding to it costs a look whether there is room, and the copy.
struct ByteBlock: Sendable {
    private var storage = [UInt8](repeating: 0, count: 4_096)
    private(set) var count = 0

    /// The bytes, which are gone from here then.
    mutating func take() -> [UInt8] {
        defer { count = 0 }
        return Array(storage[..<count])
    }

    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        storage[count] = byte
        count += 1
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        makeRoom(bytes.count)
        storage.withUnsafeMutableBytes { $0[count...].copyBytes(from: bytes) }
        count += bytes.count
    }

    /// Sixteen lower-case digits.
    mutating func append(hex value: UInt64) {
        makeRoom(16)
        for place in 0..<16 {
            storage[count + place] = HexDigit.of(UInt8(truncatingIfNeeded: value >> UInt64(60 - place * 4)) & 15)
        }
        count += 16
    }

    mutating func append(decimal value: Int) {
        makeRoom(20)
        var rest = value.magnitude
        var digits = 1
        while rest >= 10 { (rest, digits) = (rest / 10, digits + 1) }
        if value < 0 { append(UInt8(ascii: "-")) }
        rest = value.magnitude
        for place in (count..<count + digits).reversed() {
            storage[place] = 48 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    private mutating func makeRoom(_ wanted: Int) {
        if storage.count - count < wanted { grow(wanted) }
    }

    @inline(never)
    private mutating func grow(_ wanted: Int) {
        storage += Array(repeating: 0, count: max(storage.count, wanted))
    }
}
