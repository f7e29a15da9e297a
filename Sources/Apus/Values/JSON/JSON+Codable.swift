extension JSON {
    /// What `value` encodes, with members in the order in which they were encoded.
    ///
    /// Dates are text as RFC 3339 has it, to the millisecond; data is Base64 text. Integers beyond 64 signed bits become a
    /// `Double`.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, and what `value` throws itself.
    public init(encoding value: some Encodable) throws { self = try JSONSlot.json(of: value, at: []) }

    /// A value that decodes itself from this. Dates are text as RFC 3339 has it, data is Base64 text.
    ///
    /// - Throws: `DecodingError` with the path of what doesn't fit, what was expected and what is there.
    public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONValueDecoder(value: self, codingPath: []).decode(type)
    }
}

extension JSON: Codable {
    /// The order of members is kept if the decoder keeps it; otherwise they are sorted by key.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self = decoder.value
        } else if let container = try? decoder.container(keyedBy: JSONKey.self) {
            let keys = container.allKeys.map(\.stringValue).sorted()
            self = .object(Object(try keys.map { ($0, try container.decode(JSON.self, forKey: JSONKey($0))) }))
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [JSON] = []
            while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
            self = .array(elements)
        } else {
            self = try Self.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSON {
        if container.decodeNil() { return .null }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(String.self) { return .string(value) }
        if let value = try? container.decode(Int64.self) { return .integer(value) }
        return .number(try container.decode(Double.self))
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: JSONKey.self)
            for (key, value) in members { try container.encode(value, forKey: JSONKey(key)) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .bool(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .number(let value) where value.isFinite: try container.encode(value)
            case .string(let value): try container.encode(value)
            default: try container.encodeNil()
            }
        }
    }
}

extension JSON.Object: Codable {
    public init(from decoder: any Decoder) throws {
        guard case .object(let members) = try JSON(from: decoder) else {
            let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "expected an object")
            throw DecodingError.typeMismatch(Self.self, context)
        }
        self = members
    }

    public func encode(to encoder: any Encoder) throws { try JSON.object(self).encode(to: encoder) }
}

/// A key, or a place in an array.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ key: String) {
        stringValue = key
        intValue = nil
    }

    init(place: Int) {
        stringValue = "\(place)"
        intValue = place
    }

    init(stringValue: String) { self.init(stringValue) }
    init(intValue: Int) { self.init(place: intValue) }
}
