/// How wide text will be, without asking a font: average advances of common sans-serif fonts, on the generous side.
enum GlyphWidths {
    /// Advances of U+0020 to U+007E in hundredths of the font's size, as in DejaVu Sans, the widest of the usual fonts.
    private static let ascii: [UInt8] = [
        32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34,
        84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68,
        99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41,
        52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
    ]

    /// The width of one line of text, in the unit of `size`.
    static func width(of text: String, size: Double) -> Double {
        var hundredths = 0
        for scalar in text.unicodeScalars { hundredths += advance(of: scalar) }
        return Double(hundredths) * size / 100
    }

    /// Breaks text into lines no wider than `width`, at spaces and punctuation where it can; what exceeds
    /// `limit` lines ends in an ellipsis. Reads no more of the text than it shows.
    static func lines(of text: String, size: Double, width: Double, limit: Int) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first == " " {
                rest.removeFirst()
                continue
            }
            let end = breakPoint(of: rest, size: size, width: width)
            if lines.count == limit - 1, end < rest.endIndex {
                let fitting = breakPoint(of: rest, size: size, width: width - size, anywhere: true)
                lines.append(rest[..<fitting] + "…")
                return lines
            }
            lines.append(String(rest[..<end]))
            rest = rest[end...]
        }
        return lines.isEmpty ? [" "] : lines
    }

    private static func breakPoint(
        of text: Substring, size: Double, width: Double, anywhere: Bool = false
    ) -> Substring.Index {
        var used = 0.0
        var index = text.startIndex
        var opportunity: Substring.Index?
        while index < text.endIndex {
            let character = text[index]
            used += character.unicodeScalars.reduce(0) { $0 + Double(advance(of: $1)) } * size / 100
            if used > width, index > text.startIndex { return anywhere ? index : opportunity ?? index }
            index = text.index(after: index)
            if " -_./:,".contains(character) { opportunity = index }
        }
        return text.endIndex
    }

    private static func advance(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E: return Int(ascii[Int(scalar.value) - 0x20])
        case 0x00...0x1F, 0x0300...0x036F, 0x200B...0x200F, 0x20D0...0x20FF, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF00...0xFF60: return 102
        case 0x1F000...0x1FAFF, 0x2600...0x27BF: return 135
        case 0x20000...0x3FFFD: return 102
        default: return 66
        }
    }
}
