extension JSONSchema {
    /// The schema of what `type` decodes, found by letting it decode from a probe. No macros, and no value is needed.
    ///
    /// ```swift
    /// struct Weather: Codable, SchemaDescribed {
    ///     var city: String
    ///     var days: Int?
    ///     static let descriptions = ["city": "The city's name in English."]
    /// }
    /// let schema = try JSONSchema(of: Weather.self)
    /// ```
    ///
    /// Objects allow no further members. Optional properties may be left out or `null`. Types that contain themselves stand
    /// in `$defs`. Enums need raw values and `CaseIterable`; what a probe can't see, such as payloads of enums, is said by
    /// ``SchemaProviding``. See also ``SchemaDescribed`` and ``SchemaConstrained``.
    ///
    /// - Throws: ``JSONSchemaError`` with the type and its property where the probe can't go on, or where a description or
    ///   constraint belongs to no property.
    public init<Value: Decodable>(of type: Value.Type) throws(JSONSchemaError) {
        let session = SchemaProbe()
        self.init(try session.document(of: type))
        _ = try Validator(self)
    }
}
