/// A type that says itself what its JSON looks like, because probing can't find out: an enum with payloads, or an
/// `init(from:)` that decides by what it reads.
///
/// Where such a type is a property, probing needs a value of it. It decodes one from the schema's `examples`, `default`,
/// `const` or `enum`, or from the simplest value that the schema seems to allow.
public protocol SchemaProviding {
    static var jsonSchema: JSONSchema { get }
}

/// A type whose properties are described to whoever has to fill them in, such as a language model.
public protocol SchemaDescribed {
    /// One or two sentences by the name that a property has in JSON. A name that no property has is an error.
    static var descriptions: [String: String] { get }
}

/// A type whose properties allow less than their types do.
public protocol SchemaConstrained {
    /// By the name that a property has in JSON. A name that no property has is an error.
    static var constraints: [String: [SchemaConstraint]] { get }
}

/// One thing that a schema says of a property besides its type.
public struct SchemaConstraint: Sendable, Hashable {
    let keyword: String
    let value: JSON

    /// Any keyword of JSON Schema.
    public init(_ keyword: String, _ value: JSON) {
        self.keyword = keyword
        self.value = value
    }

    public static func minimum(_ value: JSON) -> Self { Self("minimum", value) }
    public static func maximum(_ value: JSON) -> Self { Self("maximum", value) }
    public static func multipleOf(_ value: JSON) -> Self { Self("multipleOf", value) }
    public static func minLength(_ count: Int) -> Self { Self("minLength", .integer(Int64(count))) }
    public static func maxLength(_ count: Int) -> Self { Self("maxLength", .integer(Int64(count))) }
    public static func pattern(_ expression: String) -> Self { Self("pattern", .string(expression)) }
    public static func format(_ name: String) -> Self { Self("format", .string(name)) }
    public static func minItems(_ count: Int) -> Self { Self("minItems", .integer(Int64(count))) }
    public static func maxItems(_ count: Int) -> Self { Self("maxItems", .integer(Int64(count))) }
    public static func oneOf(_ values: [JSON]) -> Self { Self("enum", .array(values)) }
    /// What is meant if the property is left out. It does not make a required property optional.
    public static func `default`(_ value: JSON) -> Self { Self("default", value) }
    public static func examples(_ values: [JSON]) -> Self { Self("examples", .array(values)) }
}
