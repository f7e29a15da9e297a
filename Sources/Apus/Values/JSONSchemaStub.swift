extension JSONSchema {
    // To be replaced by the real derivation, which keeps this signature.
    public init<T>(of type: T.Type) throws { json = [:] }
}

public protocol SchemaDescribed {
    static var descriptions: [String: String] { get }
}
