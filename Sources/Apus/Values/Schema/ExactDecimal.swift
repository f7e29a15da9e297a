/// A number as the decimal that it is written as: digits × 10^exponent, without trailing zeros.
struct ExactDecimal: Sendable, Hashable {
    private let digits: UInt64
    private let exponent: Int

    /// `nil` if `value` is no number.
    init?(_ value: JSON) {
        switch value {
        case .integer(let integer): self.init(digits: integer.magnitude, exponent: 0)
        case .number(let number) where number.isFinite: self.init(shortest: number)
        default: return nil
        }
    }

    private init(digits: UInt64, exponent: Int) {
        var (digits, exponent) = (digits, exponent)
        while digits > 0, digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        self.digits = digits
        self.exponent = exponent
    }

    /// The shortest decimal that is read as `number`: at most 17 digits.
    private init(shortest number: Double) {
        var (digits, exponent) = (UInt64(0), 0)
        var isFraction = false
        var rest = "\(number.magnitude)".utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"):
                exponent += Int(String(decoding: rest.drop { $0 == UInt8(ascii: "+") }, as: UTF8.self)) ?? 0
                rest = rest[rest.endIndex...]
            default:
                // "100000.0" has zeros behind the point that would not count.
                if digits > UInt64.max / 10 - 10 {
                    exponent += isFraction ? 0 : 1
                } else {
                    digits = digits * 10 + UInt64(byte - 48)
                    if isFraction { exponent -= 1 }
                }
            }
        }
        self.init(digits: digits, exponent: exponent)
    }

    var isZero: Bool { digits == 0 }

    /// Its digits, with an exponent where there is one.
    var text: String {
        guard exponent < 0 else { return exponent == 0 ? "\(digits)" : "\(digits)e\(exponent)" }
        let digits = String(digits)
        let missing = max(0, 1 - exponent - digits.count)
        let padded = String(repeating: "0", count: missing) + digits
        return "\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
    }

    /// Whether this is a whole number of times `divisor`, exactly.
    func isMultiple(of divisor: ExactDecimal) -> Bool {
        if digits == 0 { return true }
        // Without trailing zeros the digits have no factor of ten to give.
        guard divisor.digits > 0, exponent >= divisor.exponent else { return false }
        var remainder = digits % divisor.digits
        for _ in 0..<(exponent - divisor.exponent) where remainder > 0 {
            let product = remainder.multipliedFullWidth(by: 10)
            remainder = divisor.digits.dividingFullWidth(product).remainder
        }
        return remainder == 0
    }
}

extension JSON {
    /// Whether this number is less than `other`, exactly; `nil` unless both are numbers.
    func isLess(than other: JSON) -> Bool? {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.number(let left), .number(let right)): left < right
        case (.integer(let left), .number(let right)): Self.isLess(left, right)
        case (.number(let left), .integer(let right)):
            // Not "right ≤ left", which is left's being less or equal.
            Int64(exactly: left) == right ? false : !Self.isLess(right, left)
        default: nil
        }
    }

    private static func isLess(_ integer: Int64, _ number: Double) -> Bool {
        if number.isNaN { return false }
        if number >= 0x1p63 { return true }
        if number < -0x1p63 { return false }
        // Exact: what remains fits, and a fraction only matters where the whole parts are equal.
        return integer < Int64(number.rounded(.up))
    }
}
