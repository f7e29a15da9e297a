/// Zeros as gzip has them, some 158 to a byte.
struct Squeezed {
    private(set) var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    private var bit = 0
    private var last: UInt8 = 0

    /// A multiple of 258 zeros, and one.
    init(zeros runs: Int) {
        write(0b1, 1)  // the last block
        write(0b01, 2)  // with the codes that are fixed
        code(0x30, 8)  // a zero
        for _ in 0..<runs {
            code(0b1100_0101, 8)  // 258 bytes again
            code(0, 5)  // of what stands one before
        }
        code(0, 7)
        if bit > 0 { bytes.append(last) }
        trailer(count: runs * 258 + 1)
    }

    /// The lowest bit comes first, but the highest of a code.
    private mutating func code(_ value: Int, _ width: Int) {
        for place in stride(from: width - 1, through: 0, by: -1) { write(value >> place & 1, 1) }
    }

    private mutating func write(_ value: Int, _ width: Int) {
        for place in 0..<width {
            last |= UInt8(value >> place & 1) << UInt8(bit)
            bit += 1
            guard bit == 8 else { continue }
            bytes.append(last)
            (bit, last) = (0, 0)
        }
    }

    /// What becomes of a byte in the check sum.
    private static let remainders: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }

    private mutating func trailer(count: Int) {
        var check: UInt32 = .max
        for _ in 0..<count { check = check >> 8 ^ Self.remainders[Int(check & 0xFF)] }
        for word in [~check, UInt32(truncatingIfNeeded: count)] {
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * place))) }
        }
    }
}
