import Foundation

/// How Codable values become bytes: JSON with sorted keys, so that equal values are equal bytes, and with infinities and "not a
/// number" as text.
enum StorageCoding {
    private static let infinity = "Infinity"
    private static let nan = "NaN"

    static func encode<Value: Encodable>(_ value: Value, at key: StorageKey) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: nan)
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw StorageError(.coding, key: key, detail: detail(Value.self, error))
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], at key: StorageKey) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: nan)
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch {
            throw StorageError(.coding, key: key, detail: detail(type, error))
        }
    }

    /// The type, the place in it and the kind of trouble; never a value.
    private static func detail(_ type: Any.Type, _ error: any Error) -> String {
        let (path, trouble): ([any CodingKey], String) =
            switch error {
            case DecodingError.typeMismatch(let wanted, let context): (context.codingPath, "no \(wanted) is there")
            case DecodingError.valueNotFound(let wanted, let context): (context.codingPath, "null instead of \(wanted)")
            case DecodingError.keyNotFound(let key, let context): (context.codingPath + [key], "it is missing")
            case DecodingError.dataCorrupted(let context): (context.codingPath, "it has another form")
            case EncodingError.invalidValue(_, let context): (context.codingPath, "it can't be written as JSON")
            default: ([], "\(Swift.type(of: error)) was thrown")
            }
        let place = path.map(\.stringValue).joined(separator: ".")
        return place.isEmpty ? "\(type), \(trouble)" : "\(type) at \(place), \(trouble)"
    }
}

extension StorageBatch {
    /// Puts a value as JSON.
    public mutating func save(_ value: some Encodable, at key: StorageKey, expires: WallTime? = nil) throws {
        put(try StorageCoding.encode(value, at: key), at: key, expires: expires)
    }
}

extension StorageEntry {
    /// The value that was saved as JSON; throws ``StorageError/Code/coding`` if it is none of this type.
    public func load<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try StorageCoding.decode(type, from: value, at: key)
    }
}
