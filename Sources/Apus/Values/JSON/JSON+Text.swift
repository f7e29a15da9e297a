extension JSON {
    /// Reads JSON text as RFC 8259 has it, in one pass.
    ///
    /// Where a key comes twice the last value is kept. An escaped half of a surrogate pair without its other half becomes
    /// U+FFFD, because models send them. Integers beyond 64 bits become a `Double`.
    ///
    /// - Throws: where `bytes` are anything but one value and space, or nested deeper than `depth` or than ``maximumDepth``.
    public init(parsing bytes: some Sequence<UInt8>, depth: Int = defaultDepth) throws(JSONError) {
        let parsed =
            bytes.withContiguousStorageIfAvailable { JSON.parse($0, depth: depth) }
            ?? Array(bytes).withUnsafeBufferPointer { JSON.parse($0, depth: depth) }
        self = try parsed.get()
    }

    /// Reads JSON text as RFC 8259 has it, in one pass, with the rules of the initialiser that takes bytes.
    public init(parsing text: String, depth: Int = defaultDepth) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { JSON.parse($0, depth: depth) }.get()
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) -> Result<JSON, JSONError> {
        var scanner = JSONScanner(bytes, maximumDepth: min(depth, maximumDepth))
        do throws(JSONError) { return .success(try scanner.document()) } catch { return .failure(error) }
    }

    /// Compact text, with members in their order.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.raw("null".utf8)
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.number(value)
        case .number(let value): writer.raw((value.isFinite ? "\(value)" : "null").utf8)
        case .string(let value): writer.string(value)
        case .array(let elements):
            writer.array { writer in
                for element in elements { element.write(to: &writer) }
            }
        case .object(let members):
            writer.object { writer in
                for (key, value) in members {
                    writer.key(key)
                    value.write(to: &writer)
                }
            }
        }
    }
}

extension JSON: CustomStringConvertible {
    /// Compact text, with members in their order.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
