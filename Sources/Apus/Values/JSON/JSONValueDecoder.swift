import Foundation

/// Decodes from a JSON value in memory.
struct JSONValueDecoder: Decoder {
    let value: JSON
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch(JSON.Object.self, "an object") }
        return KeyedDecodingContainer(JSONMembersDecoder<Key>(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([JSON].self, "an array") }
        return JSONElementsDecoder(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "expected \(expected), got \(value.words)")
        if value.isNull { return .valueNotFound(type, context) }
        return .typeMismatch(type, context)
    }

    func corrupted(_ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "expected \(expected), got \(value.excerpt)")
        return .dataCorrupted(context)
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let special: Any? =
            switch type {
            case is JSON.Type: value
            case is Date.Type: try date()
            case is Data.Type: try data()
            case is URL.Type: try url()
            case is Decimal.Type: try decimal()
            default: nil
            }
        // An absent one would be cast to an optional type with success.
        if let special, let value = special as? Value { return value }
        return try Value(from: self)
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard let flag = value.flag else { throw mismatch(type, "a boolean") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard let text = value.text else { throw mismatch(type, "a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let number = value.double else { throw mismatch(type, "a number") }
        return number
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        let exact: Value? =
            switch value {
            case .integer(let integer): Value(exactly: integer)
            case .number(let number): Value(exactly: number)
            default: nil
            }
        if let exact { return exact }
        if value.double.map({ $0.rounded() == $0 }) == true {
            throw corrupted("an integer from \(Value.min) to \(Value.max)")
        }
        throw mismatch(Value.self, "an integer")
    }
}

extension JSONValueDecoder {
    private func date() throws -> Date {
        let text = try decode(String.self)
        for isFraction in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: isFraction)
            if let date = try? style.parse(text) { return date }
        }
        throw corrupted("a time such as 2001-02-03T04:05:06Z")
    }

    private func data() throws -> Data {
        guard let data = Data(base64Encoded: try decode(String.self)) else { throw corrupted("Base64 text") }
        return data
    }

    private func url() throws -> URL {
        guard let url = URL(string: try decode(String.self)) else { throw corrupted("a URL") }
        return url
    }

    /// The decimal that the number is written as, not its nearest binary fraction.
    private func decimal() throws -> Decimal {
        guard value.double != nil, let decimal = Decimal(string: "\(value)") else {
            throw mismatch(Decimal.self, "a number")
        }
        return decimal
    }
}
