/// A decoder without data: it notes what it is asked for, and answers with the simplest values.
struct ProbeDecoder: Decoder {
    let record: ProbeRecord
    let probe: SchemaProbe
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        record.beObject()
        return KeyedDecodingContainer(ProbeMembers<Key>(record: record, probe: probe, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        record.beArray()
        return ProbeElements(record: record, probe: probe, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        ProbeValue(record: record, probe: probe, codingPath: codingPath)
    }
}

/// One value, which is what its type is.
struct ProbeValue: SingleValueDecodingContainer {
    let record: ProbeRecord
    let probe: SchemaProbe
    let codingPath: [any CodingKey]

    func decodeNil() -> Bool {
        record.beNullable()
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try probe.value(of: type, at: codingPath)
        record.single(schema)
        return value
    }
}

/// Elements: one where the end is asked for, as many as are read where it is not.
struct ProbeElements: UnkeyedDecodingContainer {
    let record: ProbeRecord
    let probe: SchemaProbe
    let codingPath: [any CodingKey]
    /// How many elements an `init(from:)` may read that goes on until an error.
    private static let maximumCount = 64

    init(record: ProbeRecord, probe: SchemaProbe, codingPath: [any CodingKey]) {
        self.record = record
        self.probe = probe
        self.codingPath = codingPath
    }

    var count: Int? {
        record.beList()
        return nil
    }

    var isAtEnd: Bool { record.isAtEnd }

    var currentIndex: Int { record.elementCount }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try probe.value(of: type, at: codingPath)
        try refuseTooMany()
        record.element(schema)
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try superDecoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        try refuseTooMany()
        return ProbeDecoder(record: record.nestedElement(), probe: probe, codingPath: codingPath)
    }

    private func refuseTooMany() throws {
        guard record.elementCount >= Self.maximumCount else { return }
        record.beList()
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: "the probe has no more elements")
        throw DecodingError.valueNotFound(JSON.self, context)
    }
}
