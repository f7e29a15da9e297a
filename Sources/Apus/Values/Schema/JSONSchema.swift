/// What JSON values have to look like, as JSON Schema says it: `true`, `false` or an object.
///
/// ```swift
/// let schema: JSONSchema = ["type": "object", "properties": ["age": ["type": "integer", "minimum": 0]]]
/// let validator = try JSONSchema.Validator(schema)
/// let violations = validator.validate(["age": "old"])    // /age: expected an integer, got a string
/// ```
///
/// The value is only held here; ``Validator`` checks what it says.
public struct JSONSchema: Sendable, Hashable {
    public var json: JSON

    public init(_ json: JSON) { self.json = json }

    /// The editions of JSON Schema that are understood. A schema names its own by `$schema`.
    public enum Draft: String, Sendable, Hashable, Codable, CaseIterable {
        case draft7 = "http://json-schema.org/draft-07/schema"
        case draft2020 = "https://json-schema.org/draft/2020-12/schema"
    }
}

extension JSONSchema: Codable {
    public init(from decoder: any Decoder) throws { json = try JSON(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

extension JSONSchema: ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral {
    public init(booleanLiteral value: Bool) { json = .bool(value) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        json = .object(JSON.Object(elements.lazy.map { (key: $0.0, value: $0.1) }))
    }
}

extension JSONSchema: CustomStringConvertible {
    public var description: String { json.description }
}

extension JSONSchema {
    /// Schemas that others may refer to, by their address. Nothing is ever fetched; the meta-schemas of the drafts are
    /// always known.
    public struct Registry: Sendable {
        private(set) var documents: [String: JSON] = [:]

        public init() {}

        public init(_ documents: [String: JSONSchema]) {
            for (address, schema) in documents { self[address] = schema }
        }

        /// The schema at an absolute address; a fragment doesn't count.
        public subscript(address: String) -> JSONSchema? {
            get { documents[URIReference(address).withoutFragment.text].map { JSONSchema($0) } }
            set { documents[URIReference(address).withoutFragment.text] = newValue?.json }
        }
    }
}
