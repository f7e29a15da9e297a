/// Reads a whole JSON text in one pass over its bytes, without recursion.
///
/// What is complete but not yet part of an array or object waits on a stack.
struct JSONScanner: ~Copyable {
    private struct Frame {
        let isObject: Bool
        let firstValue: Int
        let firstKey: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private let maximumDepth: Int
    private var values = MoveStack<JSON>(capacity: 16)
    private var keys = MoveStack<String>(capacity: 16)
    private var open: [Frame] = []
    private var scratch: [UInt8] = []

    /// The bytes must outlive the scanner.
    init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSON {
        repeat { try value() } while try goesOn()
        skipSpace()
        if position < bytes.count { throw malformed("the end") }
        return values.pop()
    }

    /// Reads a scalar, or what opens an array or object up to its first scalar.
    private mutating func value() throws(JSONError) {
        while true {
            switch next() {
            case UInt8(ascii: "{"):
                try enter(isObject: true)
                if next() == UInt8(ascii: "}") { return }
                try key()
            case UInt8(ascii: "["):
                try enter(isObject: false)
                if next() == UInt8(ascii: "]") { return }
            default:
                let scalar = try scalar()
                values.push(scalar)
                return
            }
        }
    }

    /// Ends the arrays and objects that end here; whether another value follows.
    private mutating func goesOn() throws(JSONError) -> Bool {
        while let frame = open.last {
            let byte = next()
            let isEmpty = frame.isObject ? keys.count == frame.firstKey : values.count == frame.firstValue
            if byte == UInt8(ascii: ","), !isEmpty {
                position += 1
                if frame.isObject { try key() }
                return true
            }
            guard byte == UInt8(ascii: frame.isObject ? "}" : "]") else {
                throw malformed(frame.isObject ? "\",\" or \"}\"" : "\",\" or \"]\"")
            }
            position += 1
            close(frame)
        }
        return false
    }

    private mutating func enter(isObject: Bool) throws(JSONError) {
        guard open.count < maximumDepth else {
            throw JSONError(.tooDeep, offset: position, expected: "at most \(maximumDepth) levels")
        }
        position += 1
        open.append(Frame(isObject: isObject, firstValue: values.count, firstKey: keys.count))
    }

    private mutating func close(_ frame: Frame) {
        open.removeLast()
        let value: JSON
        if frame.isObject {
            value = keys.moveAll(from: frame.firstKey) { keys, count in
                values.moveAll(from: frame.firstValue) { values, _ in
                    .object(JSON.Object(movingKeys: keys, values: values, count: count))
                }
            }
        } else {
            value = values.moveAll(from: frame.firstValue) { values, count in
                // All empty arrays share one storage, and this initialiser would write to it.
                guard count > 0 else { return .array([]) }
                return .array(
                    [JSON](unsafeUninitializedCapacity: count) { buffer, filled in
                        buffer.baseAddress!.moveInitialize(from: values, count: count)
                        filled = count
                    })
            }
        }
        values.push(value)
    }

    private mutating func key() throws(JSONError) {
        guard next() == UInt8(ascii: "\"") else { throw malformed("a key") }
        let key = try string()
        keys.push(key)
        guard next() == UInt8(ascii: ":") else { throw malformed("\":\"") }
        position += 1
    }
}

extension JSONScanner {
    private func malformed(_ expected: String) -> JSONError {
        JSONError(.malformed, offset: position, expected: expected)
    }

    /// The next byte that is no space, 0 at the end.
    @inline(__always)
    private mutating func next() -> UInt8 {
        skipSpace()
        return position < bytes.count ? bytes[position] : 0
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func scalar() throws(JSONError) -> JSON {
        guard position < bytes.count else { throw malformed("a value") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            var number = JSONNumber(bytes, at: position)
            let value = try number.value()
            position = number.position
            return value
        default: throw malformed("a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let count = word.utf8CodeUnitCount
        guard bytes[position...].prefix(count).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count))
        else { throw malformed("\(word)") }
        position += count
        return value
    }

    /// Reads a string from its opening quotation mark on.
    private mutating func string() throws(JSONError) -> String {
        let start = position + 1
        var (place, isEscaped, union) = (start, false, UInt8(0))
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                let content = UnsafeBufferPointer(rebasing: bytes[start..<place])
                position = place + 1
                if isEscaped { return try unescaped(content, at: start) }
                return try plain(content, isASCII: union < 0x80, at: start)
            }
            if byte < 0x20 {
                position = place
                throw malformed("no control character")
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                place += 1
            }
            union |= byte
            place += 1
        }
        position = bytes.count
        throw malformed("the end of a string")
    }

    @inline(__always)
    private func plain(
        _ content: UnsafeBufferPointer<UInt8>, isASCII: Bool, at offset: Int
    ) throws(JSONError) -> String {
        if isASCII { return String(decoding: content, as: UTF8.self) }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONError(.notUnicode, offset: offset, expected: "UTF-8")
        }
        return text
    }

    private mutating func unescaped(
        _ content: UnsafeBufferPointer<UInt8>, at offset: Int
    ) throws(JSONError) -> String {
        scratch.removeAll(keepingCapacity: true)
        try JSONEscapes.unescape(content, at: offset, into: &scratch, loneSurrogates: .replaced)
        return try scratch.withUnsafeBufferPointer { buffer throws(JSONError) in
            try plain(buffer, isASCII: !buffer.contains { $0 >= 0x80 }, at: offset)
        }
    }
}
