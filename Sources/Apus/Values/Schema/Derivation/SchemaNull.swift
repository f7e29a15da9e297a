/// Schemas that allow `null` as well.
enum SchemaNull {
    /// `schema`, or `null`.
    static func allowed(besides schema: JSON) -> JSON {
        if isAllowed(by: schema) { return schema }
        guard let type = schema["type"]?.text else { return ["anyOf": [schema, ["type": "null"]]] }
        var schema = schema
        schema["type"] = [.string(type), "null"]
        if let values = schema["enum"] { schema["enum"] = added(to: values) }
        return schema
    }

    static func isAllowed(by schema: JSON) -> Bool {
        if schema == true || schema == [:] { return true }
        if schema["type"]?.elements?.contains("null") == true { return true }
        return schema["anyOf"]?.elements?.contains(["type": "null"]) == true
    }

    static func added(to values: JSON) -> JSON {
        let values = values.elements ?? []
        return .array(values.contains(.null) ? values : values + [.null])
    }
}
