// To be replaced by the real schema and validator, which keep these signatures.
public struct JSONSchema: Sendable, Hashable, Codable {
    public var json: JSON
    public init(_ json: JSON) { self.json = json }
    public init<T>(of type: T.Type) throws { json = [:] }
    public struct Validator: Sendable {
        public init(_ schema: JSONSchema) throws {}
        public func validate(_ value: JSON) -> [Violation] { [] }
    }
    public struct Violation: Sendable {}
}

public protocol SchemaDescribed {
    static var descriptions: [String: String] { get }
}
