/// Encodes into a JSON value in memory.
struct JSONValueEncoder: Encoder {
    let slot: JSONSlot
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        slot.beObject()
        return KeyedEncodingContainer(JSONMembersEncoder<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.beArray()
        return JSONElementsEncoder(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    func encodeNil() { slot.put(.null) }
    func encode(_ value: Bool) { slot.put(.bool(value)) }
    func encode(_ value: String) { slot.put(.string(value)) }

    func encode(_ value: Double) throws {
        guard value.isFinite else {
            let context = EncodingError.Context(codingPath: codingPath, debugDescription: "\(value) is no JSON number")
            throw EncodingError.invalidValue(value, context)
        }
        slot.put(.number(value))
    }

    /// The shortest decimal of a `Float` is shorter than that of the same `Double`.
    func encode(_ value: Float) throws { try encode(Double("\(value)") ?? Double(value)) }

    func encode(_ value: Int) { integer(value) }
    func encode(_ value: Int8) { integer(value) }
    func encode(_ value: Int16) { integer(value) }
    func encode(_ value: Int32) { integer(value) }
    func encode(_ value: Int64) { integer(value) }
    func encode(_ value: UInt) { integer(value) }
    func encode(_ value: UInt8) { integer(value) }
    func encode(_ value: UInt16) { integer(value) }
    func encode(_ value: UInt32) { integer(value) }
    func encode(_ value: UInt64) { integer(value) }

    func encode(_ value: some Encodable) throws { slot.put(try JSONSlot.json(of: value, at: codingPath)) }

    private func integer(_ value: some BinaryInteger) {
        slot.put(Int64(exactly: value).map { .integer($0) } ?? .number(Double(value)))
    }
}

/// The members of an object, encoded one by one.
struct JSONMembersEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: JSONSlot
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { slot.append(key.stringValue, JSONSlot(.null)) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        slot.append(key.stringValue, JSONSlot(try JSONSlot.json(of: value, at: codingPath + [key])))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { encoder(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder(JSONKey("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: any CodingKey) -> JSONValueEncoder {
        JSONValueEncoder(slot: slot.append(key.stringValue, JSONSlot()), codingPath: codingPath + [key])
    }
}

/// The elements of an array, encoded in turn.
struct JSONElementsEncoder: UnkeyedEncodingContainer {
    let slot: JSONSlot
    let codingPath: [any CodingKey]
    var count: Int { slot.count }

    func encodeNil() { slot.append(JSONSlot(.null)) }

    func encode(_ value: some Encodable) throws {
        slot.append(JSONSlot(try JSONSlot.json(of: value, at: codingPath + [JSONKey(place: count)])))
    }

    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        encoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> JSONValueEncoder {
        let path = codingPath + [JSONKey(place: count)]
        return JSONValueEncoder(slot: slot.append(JSONSlot()), codingPath: path)
    }
}
