/// Hexadecimal digits as bytes of text.
enum HexDigit {
    /// The lower-case digit of a value from 0 to 15.
    @inline(__always)
    static func of(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - 55
        default: nil
        }
    }
}
