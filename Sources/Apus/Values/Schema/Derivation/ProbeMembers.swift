/// The members of an object.
///
/// Every typed form of `decodeIfPresent` is here: the standard library's would ask whether the member is there and then
/// decode it, which makes it look required.
struct ProbeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let record: ProbeRecord
    let probe: SchemaProbe
    let codingPath: [any CodingKey]

    var allKeys: [Key] {
        record.beOpen()
        return []
    }

    func contains(_ key: Key) -> Bool {
        record.asked(about: key.stringValue)
        return true
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        record.asked(about: key.stringValue)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, value) = try probe.value(of: type, at: codingPath + [key])
        record.member(key.stringValue, schema, isRequired: true)
        return value
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try optional(type, key)
    }

    private func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
        let (schema, value) = try probe.optionalValue(of: type, at: codingPath + [key])
        record.member(key.stringValue, schema, isRequired: false)
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try nested(key.stringValue, key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try nested(key.stringValue, key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { nested("super", nil) }
    func superDecoder(forKey key: Key) throws -> any Decoder { nested(key.stringValue, key) }

    private func nested(_ name: String, _ key: Key?) -> ProbeDecoder {
        let path = codingPath + (key.map { [$0] } ?? [])
        return ProbeDecoder(record: record.nestedMember(name), probe: probe, codingPath: path)
    }
}

extension ProbeMembers {
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try optional(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try optional(type, key) }
}
