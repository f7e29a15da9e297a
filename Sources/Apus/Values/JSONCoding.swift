import Foundation

/// Values as JSON text, the same bytes for the same value wherever their types leave it to us: keys are sorted, and numbers that
/// JSON can't say are text.
package enum JSONCoding {
    package static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try encoder.encode(value)) }

    package static func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8]) throws -> Value {
        try decoder.decode(type, from: Data(json))
    }

    /// The same, with the members of `defaults` where `json` lacks them.
    package static func decode<Value: Codable>(
        _ type: Value.Type, from json: [UInt8], filling defaults: Value?
    ) throws -> Value {
        guard let defaults else { return try decode(type, from: json) }
        var known: Set<String> = []
        var writer = JSONWriter()
        var members: [(String, [UInt8])] = []
        for source in [json, try encode(defaults)] {
            var reader = JSONReader(source)
            try reader.object { key, reader throws(JSONReader.Malformed) in
                let value = try reader.raw()
                if known.insert(key).inserted { members.append((key, value)) }
            }
        }
        writer.object { object in
            for (key, value) in members {
                object.key(key)
                object.raw(value)
            }
        }
        return try decode(type, from: writer.bytes)
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }()

    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }()
}
