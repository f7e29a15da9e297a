import Apus
import Foundation
import Testing

@Suite struct SchemaDerivationTests {
    private func properties(_ schema: JSONSchema) -> JSON? { schema.json["properties"] }

    @Test func `every typed form of an optional property may be missing or null`() throws {
        struct Optionals: Codable {
            var bool: Bool?
            var string: String?
            var double: Double?
            var float: Float?
            var int: Int?
            var int8: Int8?
            var int16: Int16?
            var int32: Int32?
            var int64: Int64?
            var uint: UInt?
            var uint8: UInt8?
            var uint16: UInt16?
            var uint32: UInt32?
            var uint64: UInt64?
            var date: Date?
            var list: [Int]?
        }
        let schema = try JSONSchema(of: Optionals.self)
        #expect(schema.json["required"] == nil && properties(schema)?.members?.count == 16)
        let validator = try JSONSchema.Validator(schema)
        for (name, _) in properties(schema)?.members ?? [:] {
            #expect(validator.validate([name: nil]).isEmpty, "\(name)")
        }
        #expect(
            validator.validate(["int": "1"]).map(\.description) == ["/int: expected an integer or null, got a string"])
    }

    @Test func `widths of integers are bounds`() throws {
        #expect(try JSONSchema(of: Int.self).json == ["type": "integer"])
        #expect(try JSONSchema(of: Int8.self).json == ["type": "integer", "minimum": -128, "maximum": 127])
        #expect(try JSONSchema(of: UInt32.self).json == ["type": "integer", "minimum": 0, "maximum": 4_294_967_295])
        #expect(try JSONSchema(of: UInt64.self).json == ["type": "integer", "minimum": 0])
    }

    @Test func `types of Foundation are what they are written as`() throws {
        struct Order: Codable {
            var day: Date
            var link: URL
            var id: UUID
            var file: Data
            var price: Decimal
            var rest: JSON
        }
        #expect(
            try properties(JSONSchema(of: Order.self)) == [
                "day": ["type": "string", "format": "date-time"], "link": ["type": "string", "format": "uri"],
                "id": ["type": "string", "format": "uuid"], "file": ["type": "string", "contentEncoding": "base64"],
                "price": ["type": "number"], "rest": [:],
            ])
    }

    @Test func `collections, generic types and enums are taken apart`() throws {
        enum Unit: String, Codable, CaseIterable { case celsius, fahrenheit }
        enum Level: Int, Codable, CaseIterable { case low = 1, high }
        struct Box<Content: Codable>: Codable { var content: Content }
        struct Report: Codable {
            var names: Set<String>
            var table: [String: [Int?]]
            var box: Box<Unit>
            var level: Level?
        }
        let schema = try JSONSchema(of: Report.self)
        #expect(
            properties(schema) == [
                "names": ["type": "array", "items": ["type": "string"], "uniqueItems": true],
                "table": [
                    "type": "object",
                    "additionalProperties": ["type": "array", "items": ["type": ["integer", "null"]]],
                ],
                "box": [
                    "type": "object",
                    "properties": ["content": ["type": "string", "enum": ["celsius", "fahrenheit"]]],
                    "required": ["content"], "additionalProperties": false,
                ],
                "level": ["type": ["integer", "null"], "enum": [1, 2, nil]],
            ])
        #expect(schema.json["required"] == ["names", "table", "box"] && schema.json["additionalProperties"] == false)
    }

    @Test func `types that contain themselves refer to a definition`() throws {
        struct Tree: Codable {
            var name: String
            var children: [Tree]
        }
        let schema = try JSONSchema(of: Tree.self)
        #expect(schema.json["$defs"]?["Tree"]?["properties"]?["children"]?["items"] == ["$ref": "#/$defs/Tree"])
        let validator = try JSONSchema.Validator(schema)
        #expect(validator.validate(["name": "a", "children": [["name": "b", "children": []]]]).isEmpty)
        #expect(
            validator.validate(["name": "a", "children": [["name": 1, "children": []]]]).map(\.path)
                == ["/children/0/name"])
    }

    @Test func `descriptions and constraints go by the names in JSON`() throws {
        struct Person: Codable, SchemaDescribed, SchemaConstrained {
            var firstName: String
            var age: Int?
            enum CodingKeys: String, CodingKey { case firstName = "first_name", age }
            static let descriptions = ["first_name": "As on the passport."]
            static let constraints: [String: [SchemaConstraint]] = [
                "first_name": [.minLength(1), .pattern("^[A-Z]")], "age": [.minimum(0), .maximum(150), .default(18)],
            ]
        }
        #expect(
            try properties(JSONSchema(of: Person.self)) == [
                "first_name": [
                    "type": "string", "description": "As on the passport.", "minLength": 1, "pattern": "^[A-Z]",
                ],
                "age": ["type": ["integer", "null"], "minimum": 0, "maximum": 150, "default": 18],
            ])
    }

    @Test func `what a probe can't see is said by the type`() throws {
        struct Drawing: Codable {
            var shape: Shape
            var more: [Shape]
        }
        let schema = try JSONSchema(of: Drawing.self)
        #expect(properties(schema)?["shape"] == Shape.jsonSchema.json)
        let drawing = JSON.object(["shape": ["circle": ["radius": 2]], "more": []])
        #expect(try JSONSchema.Validator(schema).validate(drawing).isEmpty)
        #expect(try JSON(encoding: drawing.decode(as: Drawing.self)) == drawing)
    }

    private enum Shape: Codable, SchemaProviding {
        case circle(radius: Double)
        case line(length: Double)

        static var jsonSchema: JSONSchema {
            func one(_ name: String, _ property: String) -> JSON {
                let payload: JSON = [
                    "type": "object", "properties": [property: ["type": "number"]], "required": [.string(property)],
                ]
                return ["type": "object", "properties": [name: payload], "required": [.string(name)]]
            }
            return ["oneOf": [one("circle", "radius"), one("line", "length")]]
        }
    }

    @Test func `tuples, nested containers and inherited properties are seen`() throws {
        struct Journey: Decodable {
            enum Name: CodingKey { case stops, first, via }
            init(from decoder: any Decoder) throws {
                var pair = try decoder.container(keyedBy: Name.self).nestedUnkeyedContainer(forKey: .stops)
                _ = try (pair.decode(String.self), pair.decode(Int.self))
                let inner = try decoder.container(keyedBy: Name.self).nestedContainer(keyedBy: Name.self, forKey: .via)
                _ = try inner.decodeIfPresent(Int.self, forKey: .first)
            }
        }
        #expect(
            try properties(JSONSchema(of: Journey.self)) == [
                "stops": [
                    "type": "array", "prefixItems": [["type": "string"], ["type": "integer"]], "items": false,
                    "minItems": 2,
                ],
                "via": [
                    "type": "object", "properties": ["first": ["type": ["integer", "null"]]],
                    "additionalProperties": false,
                ],
            ])
    }
}
