import Foundation

/// Reads one JSON number.
struct JSONNumber {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let start: Int
    private(set) var position: Int
    /// The digits without point, as long as they fit.
    private var digits: UInt64 = 0
    private var count = 0
    private var exponent = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        self.bytes = bytes
        self.start = start
        position = start
    }

    mutating func value() throws(JSONError) -> JSON {
        let isNegative = takes(UInt8(ascii: "-"))
        let first = position
        try readDigits()
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
            position = first
            throw malformed("no leading zero")
        }
        var isInteger = true
        if takes(UInt8(ascii: ".")) {
            isInteger = false
            let fraction = position
            try readDigits()
            exponent = fraction - position
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            try readExponent()
        }
        if isInteger, count <= 18 { return .integer(isNegative ? -Int64(digits) : Int64(digits)) }
        if let number = exact(isNegative) { return number }
        return try slow(isInteger)
    }

    /// Powers of ten that a `Double` holds exactly.
    private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

    /// Where digits and power are exact in a `Double`, so is one operation with them.
    private func exact(_ isNegative: Bool) -> JSON? {
        guard count <= 18, digits < 1 << 53, (-22...22).contains(exponent) else { return nil }
        let whole = isNegative ? -Double(digits) : Double(digits)
        return .number(exponent < 0 ? whole / Self.powers[-exponent] : whole * Self.powers[exponent])
    }

    private func slow(_ isInteger: Bool) throws(JSONError) -> JSON {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(.tooLarge, offset: start, expected: "a number below 1.8e308")
        }
        return .number(number)
    }

    private mutating func readDigits() throws(JSONError) {
        let first = position
        while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
            if count < 18 { digits = digits &* 10 &+ UInt64(digit) }
            if count > 0 || digit > 0 { count += 1 }
            position += 1
        }
        if position == first { throw malformed("a digit") }
    }

    private mutating func readExponent() throws(JSONError) {
        let isNegative = takes(UInt8(ascii: "-"))
        if !isNegative { _ = takes(UInt8(ascii: "+")) }
        let first = position
        var value = 0
        while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
            if value < 10_000 { value = value * 10 + Int(digit) }
            position += 1
        }
        if position == first { throw malformed("a digit") }
        exponent += isNegative ? -value : value
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func malformed(_ expected: String) -> JSONError {
        JSONError(.malformed, offset: position, expected: expected)
    }
}
