/// What the escapes in JSON strings mean.
enum JSONEscapes {
    /// What becomes of an escaped half of a surrogate pair without its other half.
    enum LoneSurrogates { case refused, replaced }

    /// Appends the UTF-8 of `content`, which stands `offset` bytes behind the start of the text.
    static func unescape(
        _ content: UnsafeBufferPointer<UInt8>, at offset: Int, into text: inout [UInt8], loneSurrogates: LoneSurrogates
    ) throws(JSONError) {
        var place = 0
        while place < content.count {
            let byte = content[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard place < content.count else { throw malformed(offset + place, "an escape") }
            let code = content[place]
            place += 1
            if code != UInt8(ascii: "u") {
                guard let value = meaning(of: code) else { throw malformed(offset + place - 1, "an escape") }
                text.append(value)
                continue
            }
            let scalar = try scalar(content, &place, at: offset)
            if scalar == nil, loneSurrogates == .refused { throw malformed(offset + place, "a surrogate pair") }
            text += Array(String(Character(scalar ?? "\u{FFFD}")).utf8)
        }
    }

    /// Reads what follows `\u`, and a second escape where both are one pair; `nil` for a lone surrogate.
    private static func scalar(
        _ content: UnsafeBufferPointer<UInt8>, _ place: inout Int, at offset: Int
    ) throws(JSONError) -> Unicode.Scalar? {
        let unit = try self.unit(content, &place, at: offset)
        guard UTF16.isSurrogate(unit) else { return Unicode.Scalar(unit) }
        guard UTF16.isLeadSurrogate(unit), place + 1 < content.count, content[place] == UInt8(ascii: "\\"),
            content[place + 1] == UInt8(ascii: "u")
        else { return nil }
        var behind = place + 2
        let trail = try self.unit(content, &behind, at: offset)
        guard UTF16.isTrailSurrogate(trail) else { return nil }
        place = behind
        return Unicode.Scalar(0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(trail) & 0x3FF)
    }

    private static func unit(
        _ content: UnsafeBufferPointer<UInt8>, _ place: inout Int, at offset: Int
    ) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard place < content.count, let digit = HexDigit.value(content[place]) else {
                throw malformed(offset + place, "four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }

    private static func malformed(_ offset: Int, _ expected: String) -> JSONError {
        JSONError(.malformed, offset: offset, expected: expected)
    }

    private static func meaning(of code: UInt8) -> UInt8? {
        switch code {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): code
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        default: nil
        }
    }
}
