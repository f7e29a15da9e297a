/// Cuts Swift source text into tokens, well enough for rules about words and brackets.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(text)
        lexer.code(until: nil)
        return lexer.tokens
    }

    private init(_ text: String) { bytes = Array(text.utf8) }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    private func sees(_ text: StaticString) -> Bool {
        (0..<text.utf8CodeUnitCount).allSatisfy { peek($0) == text.utf8Start[$0] }
    }

    private mutating func skip(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private mutating func emit(_ length: Int) {
        tokens.append(Token(text: String(decoding: bytes[position..<position + length], as: UTF8.self), line: line))
        skip(length)
    }

    /// Reads code up to the end, or up to the parenthesis that ends an interpolation.
    private mutating func code(until end: UInt8?) {
        var depth = 0
        while let byte = peek() {
            if byte == end, depth == 0 { return }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            token(startingWith: byte)
        }
    }

    private mutating func token(startingWith byte: UInt8) {
        if byte <= UInt8(ascii: " ") {
            skip()
        } else if sees("//") {
            while let next = peek(), next != UInt8(ascii: "\n") { skip() }
        } else if sees("/*") {
            blockComment()
        } else if let hashes = literalHashes(before: UInt8(ascii: "\"")) {
            string(hashes: hashes)
        } else if let hashes = literalHashes(before: UInt8(ascii: "/")), hashes > 0 {
            extendedPattern(hashes: hashes)
        } else if byte == UInt8(ascii: "`") {
            var length = 1
            while let next = peek(length), next != byte, next != UInt8(ascii: "\n") { length += 1 }
            emit(min(length + 1, bytes.count - position))
        } else {
            emit(max(1, wordLength()))
        }
    }

    private func wordLength() -> Int {
        var length = 0
        while let byte = peek(length), Self.isWordByte(byte) { length += 1 }
        return length
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                skip(2)
            } else if sees("*/") {
                depth -= 1
                skip(2)
            } else {
                skip()
            }
        } while depth > 0 && position < bytes.count
    }
}

// MARK: - Literals

extension Lexer {
    /// How many `#` stand here before a literal that opens with `mark`; `nil` if no such literal begins here.
    private func literalHashes(before mark: UInt8) -> Int? {
        var count = 0
        while peek(count) == UInt8(ascii: "#") { count += 1 }
        return peek(count) == mark ? count : nil
    }

    private func seesHashes(_ count: Int, after ahead: Int) -> Bool {
        (0..<count).allSatisfy { peek(ahead + $0) == UInt8(ascii: "#") }
    }

    private mutating func string(hashes: Int) {
        tokens.append(Token(text: "\"", line: line))
        skip(hashes)
        let quotes = sees("\"\"\"") ? 3 : 1
        skip(quotes)
        while let byte = peek() {
            if quotes == 3 ? sees("\"\"\"") : byte == UInt8(ascii: "\""), seesHashes(hashes, after: quotes) {
                return skip(quotes + hashes)
            }
            // An unterminated literal ends with its line, so that one mistake does not blind the rest of the file.
            if quotes == 1, byte == UInt8(ascii: "\n") { return }
            guard byte == UInt8(ascii: "\\"), seesHashes(hashes, after: 1) else {
                skip()
                continue
            }
            skip(1 + hashes)
            guard peek() == UInt8(ascii: "(") else {
                skip()
                continue
            }
            emit(1)
            code(until: UInt8(ascii: ")"))
            if peek() != nil { emit(1) }
        }
    }

    private mutating func extendedPattern(hashes: Int) {
        skip(hashes + 1)
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), seesHashes(hashes, after: 1) { return skip(1 + hashes) }
            skip()
        }
    }
}
