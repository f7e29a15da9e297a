import Apus
import Testing

/// Types that a probe can't describe, and hostile ones.
@Suite struct SchemaDiagnosticsTests {
    private enum Payload: Codable { case number(Int), text(String) }
    private enum Raw: String, Codable { case a }

    private struct Picky: Decodable {
        init(from decoder: any Decoder) throws {
            let number = try decoder.singleValueContainer().decode(Int.self)
            if number < 5 { throw JSONSchemaError(.invalid, at: "elsewhere") }
        }
    }

    @Test func `the type and the property are named where a probe can't go on`() {
        struct Message: Codable { var payloads: [Payload] }
        struct Thread: Codable { var message: Message? }
        struct Reading: Codable { var raw: Raw? }
        struct Holder: Decodable { var picky: Picky }
        struct Table: Codable { var rows: [[Int]: Int] }
        func expect(_ place: String, _ derive: () throws -> JSONSchema) {
            #expect(throws: JSONSchemaError(.underivable, at: place)) { try derive() }
        }
        expect("Message.payloads") { try JSONSchema(of: Thread.self) }
        expect("Reading.raw") { try JSONSchema(of: Reading.self) }
        expect("Holder.picky") { try JSONSchema(of: Holder.self) }
        expect("Picky") { try JSONSchema(of: Picky.self) }
        expect("Table.rows") { try JSONSchema(of: Table.self) }
    }

    private enum Odd: Decodable, SchemaProviding {
        case odd(Int)
        static let jsonSchema: JSONSchema = ["not": ["type": "string"]]
        init(from decoder: any Decoder) throws {
            self = .odd(try decoder.singleValueContainer().decode(Int.self))
        }
    }

    @Test func `a value of a type that says its schema is only needed where it can't be missing`() throws {
        struct Some: Decodable { var odd: Odd }
        struct Maybe: Decodable {
            var odd: Odd?
            var more: [Odd]
        }
        #expect(throws: JSONSchemaError(.underivable, at: "Some.odd")) { try JSONSchema(of: Some.self) }
        #expect(try JSONSchema(of: Maybe.self).json["properties"]?["more"]?["items"] == Odd.jsonSchema.json)
    }

    @Test func `a description of no property is an error`() {
        struct Order: Codable, SchemaDescribed {
            var orderID: Int
            enum CodingKeys: String, CodingKey { case orderID = "order_id" }
            static let descriptions = ["orderID": "The number."]
        }
        #expect(throws: JSONSchemaError(.underivable, at: "Order")) { try JSONSchema(of: Order.self) }
    }

    @Test func `a constraint that makes no sense is an error`() {
        struct Order: Codable, SchemaConstrained {
            var name: String
            static let constraints: [String: [SchemaConstraint]] = ["name": [.pattern("(")]]
        }
        #expect(throws: JSONSchemaError(.pattern, at: "/properties/name/pattern")) { try JSONSchema(of: Order.self) }
    }

    @Test func `a failure that a type hides is told all the same`() {
        struct Hiding: Decodable {
            var picky: Picky?
            enum Name: CodingKey { case picky }
            init(from decoder: any Decoder) throws {
                picky = try? decoder.container(keyedBy: Name.self).decode(Picky.self, forKey: .picky)
            }
        }
        #expect(throws: JSONSchemaError(.underivable, at: "Hiding.picky")) { try JSONSchema(of: Hiding.self) }
    }

    @Test func `types that read without end are refused`() {
        struct Endless: Decodable {
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                while !container.isAtEnd {}
                while true { _ = try container.decode(Int.self) }
            }
        }
        struct Growing<Content>: Decodable {
            init(from decoder: any Decoder) throws {
                _ = try decoder.singleValueContainer().decode(Growing<Growing<Content>>.self)
            }
        }
        final class Ring: Decodable {
            var next: Ring
            init(next: Ring) { self.next = next }
        }
        #expect(throws: JSONSchemaError.self) { try JSONSchema(of: Endless.self) }
        #expect(throws: JSONSchemaError.self) { try JSONSchema(of: Growing<Int>.self) }
        #expect(throws: JSONSchemaError(.underivable, at: "Ring.next")) { try JSONSchema(of: Ring.self) }
    }
}
