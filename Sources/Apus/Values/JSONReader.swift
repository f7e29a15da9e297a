/// Reads JSON text piece by piece, and hands out values as the bytes they are written in.
///
/// It is strict: what RFC 8259 does not allow is an error, and nothing is read beyond the depth limit.
package struct JSONReader: Sendable {
    /// The text is not JSON, or not of the shape expected.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package var offset: Int
        package var expected: String
        package var description: String { "byte \(offset): \(expected) expected" }
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var depth = 0
    /// How deep values may be nested.
    static let maximumDepth = 512

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)[...]
        position = 0
    }

    /// Reads an object; `member` reads the value of each key.
    package mutating func object(
        _ member: (String, inout JSONReader) throws(Malformed) -> Void
    ) throws(Malformed) {
        try expect("{")
        try enter()
        if !takes("}") {
            repeat {
                let key = try string()
                try expect(":")
                try member(key, &self)
            } while takes(",")
            try expect("}")
        }
        depth -= 1
    }

    package mutating func array(_ element: (inout JSONReader) throws(Malformed) -> Void) throws(Malformed) {
        try expect("[")
        try enter()
        if !takes("]") {
            repeat { try element(&self) } while takes(",")
            try expect("]")
        }
        depth -= 1
    }

    /// The bytes of the next value, whatever it is.
    package mutating func raw() throws(Malformed) -> [UInt8] {
        skipSpace()
        let start = position
        try skip()
        return Array(bytes[start..<position])
    }

    package mutating func integer() throws(Malformed) -> Int64 {
        let text = try raw()
        guard let value = Int64(String(decoding: text, as: UTF8.self)) else { throw malformed("an integer") }
        return value
    }

    /// Throws if anything but space follows.
    package mutating func end() throws(Malformed) {
        skipSpace()
        if position < bytes.endIndex { throw malformed("the end") }
    }

    package mutating func string() throws(Malformed) -> String {
        let start = try stringBounds()
        let content = bytes[start..<(position - 1)]
        if !content.contains(UInt8(ascii: "\\")) {
            guard let text = String(validating: content, as: UTF8.self) else { throw malformed("UTF-8") }
            return text
        }
        return try unescaped(content)
    }
}

extension JSONReader {
    private func malformed(_ expected: String) -> Malformed { Malformed(offset: position, expected: expected) }

    private mutating func enter() throws(Malformed) {
        depth += 1
        if depth > Self.maximumDepth { throw malformed("at most \(Self.maximumDepth) levels") }
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Malformed) {
        if !takes(character) { throw malformed("\"\(character)\"") }
    }

    private mutating func skip() throws(Malformed) {
        skipSpace()
        guard position < bytes.endIndex else { throw malformed("a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"): try object { _, reader throws(Malformed) in try reader.skip() }
        case UInt8(ascii: "["): try array { reader throws(Malformed) in try reader.skip() }
        case UInt8(ascii: "\""): _ = try stringBounds()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func word(_ word: StaticString) throws(Malformed) {
        let count = word.utf8CodeUnitCount
        guard bytes[position...].prefix(count).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count))
        else { throw malformed("\(word)") }
        position += count
    }

    private mutating func number() throws(Malformed) {
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        try digits()
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 { throw malformed("no leading zero") }
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < bytes.endIndex, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.endIndex, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits()
        }
    }

    private mutating func digits() throws(Malformed) {
        let start = position
        while position < bytes.endIndex, (48...57).contains(bytes[position]) { position += 1 }
        if position == start { throw malformed("a digit") }
    }

    /// Passes over a string; returns where its content begins. It ends before the last byte passed.
    private mutating func stringBounds() throws(Malformed) -> Int {
        try expect("\"")
        let start = position
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte < 0x20 { throw malformed("no control character") }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return start }
        }
        position = bytes.endIndex
        throw malformed("the end of a string")
    }

    private func unescaped(_ content: ArraySlice<UInt8>) throws(Malformed) -> String {
        var plain: [UInt8] = []
        do throws(JSONError) {
            try content.withUnsafeBufferPointer { content throws(JSONError) in
                try JSONEscapes.unescape(content, at: 0, into: &plain, loneSurrogates: .refused)
            }
        } catch {
            throw malformed(error.expected)
        }
        guard let text = String(validating: plain, as: UTF8.self) else { throw malformed("UTF-8") }
        return text
    }
}
