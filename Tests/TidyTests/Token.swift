/// A word or a punctuation mark of Swift code, without comments and without the text of string literals.
struct Token: Equatable {
    /// A word keeps its backticks; a string literal stands as one quotation mark, its interpolations follow as code.
    var text: String
    /// Counts from 1.
    var line: Int
}

extension Token {
    var isWord: Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return first == "_" || first == "$" || first == "`" || first.properties.isAlphabetic || first.value >= 0x80
    }
}

extension [Token] {
    /// The first token of each place where these tokens follow each other.
    func places(of pattern: [String]) -> [Index] {
        indices.filter { start in
            start + pattern.count <= count
                && pattern.indices.allSatisfy { self[start + $0].text == pattern[$0] }
        }
    }

    /// The bracket that closes the one at `opening`; `nil` if it is never closed.
    func closing(of opening: Index) -> Index? {
        let pairs = ["{": "}", "(": ")", "[": "]", "<": ">"]
        guard let close = pairs[self[opening].text] else { return nil }
        let open = self[opening].text
        var depth = 0
        for index in opening..<endIndex {
            if self[index].text == open { depth += 1 }
            // The arrow of a function type closes nothing.
            if self[index].text == close, !(close == ">" && self[index - 1].text == "-") { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
