/// Why a schema can't be used, or can't be derived.
public struct JSONSchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A keyword has a value that it can't have, or the schema is neither an object nor a boolean.
        case invalid
        /// A reference leads nowhere; schemas elsewhere have to be in the registry.
        case unresolved
        /// `$schema` names a dialect, or it requires a vocabulary, that is not understood.
        case unsupported
        /// A pattern is no regular expression, or longer than allowed.
        case pattern
        /// The schema has more parts than allowed.
        case tooLarge
        /// A type can't be described by probing it.
        case underivable
    }

    public var code: Code
    /// Where in the schema, as a JSON Pointer; or the type and its property.
    public var place: String
    public var detail: String

    public init(_ code: Code, at place: String, detail: String = "") {
        self.code = code
        self.place = place
        self.detail = detail
    }

    /// Equal codes at equal places; the detail is for a person.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.place == right.place }

    public var description: String {
        let place = place.isEmpty ? "the schema" : place
        return "\(place): \(detail)."
    }
}
