/// Names as the markup languages of the drawings need them, whatever characters they hold.
enum MarkupText {
    /// The text on one line: line breaks and tabs become spaces; control characters, characters that reverse the
    /// direction of text and what XML cannot hold become U+FFFD.
    static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: scalars.append(" ")
            case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
                scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Text for the content and the attributes of an XML element.
    static func xml(_ text: String) -> String {
        replacing(in: plain(text)) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: nil
            }
        }
    }

    /// Text for the inside of a quoted string of DOT, which reads backslashes and HTML entities.
    static func dot(_ text: String) -> String {
        replacing(in: plain(text)) { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "&": "&amp;"
            default: nil
            }
        }
    }

    /// Text for the inside of a quoted string of Mermaid, whose lexer, directives and Markdown have opinions about most
    /// punctuation; it stays as it is only between letters and digits.
    ///
    /// An empty name becomes a space, since Mermaid refuses an empty string.
    static func mermaid(_ text: String) -> String {
        guard !text.isEmpty else { return "#32;" }
        return sparingly(text) { "#\($0.value);" }
    }

    /// Text for a double-quoted scalar in the front matter of Mermaid, without anything that looks like a directive.
    static func yaml(_ text: String) -> String {
        sparingly(text) { scalar in
            let digits = String(scalar.value, radix: 16)
            return "\\x" + (digits.count < 2 ? "0" : "") + digits
        }
    }

    /// Replaces ASCII punctuation except single `-`, `_`, `.` and `/` within a word and single spaces between words.
    private static func sparingly(_ text: String, _ replacement: (Unicode.Scalar) -> String) -> String {
        let scalars = Array(plain(text).unicodeScalars)
        func isWord(_ index: Int) -> Bool {
            guard scalars.indices.contains(index) else { return false }
            return !scalars[index].isASCII || scalars[index].properties.isAlphabetic || isDigit(scalars[index])
        }
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            let isInside = isWord(index - 1) && isWord(index + 1) && ["-", "_", ".", "/", " "].contains(scalar)
            // Mermaid's lexer takes any line with these two words for a statement, even where they are quoted.
            let isTrap = scalar.properties.isWhitespace && result.hasSuffix("direction")
            if !isTrap, isWord(index) || isInside {
                result.unicodeScalars.append(scalar)
            } else {
                result += replacement(scalar)
            }
        }
        return result
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func replacing(in text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if let replaced = replacement(scalar) {
                result += replaced
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
