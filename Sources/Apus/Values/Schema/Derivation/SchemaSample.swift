/// Finds the simplest value that a schema seems to allow.
struct SchemaSample {
    let root: JSON
    private static let maximumDepth = 32

    func value(for schema: JSON, depth: Int = 0) -> JSON {
        guard depth < Self.maximumDepth else { return .null }
        if let said = schema["examples"]?[0] ?? schema["default"] ?? schema["const"] ?? schema["enum"]?[0] {
            return said
        }
        if let target = schema["$ref"]?.text.flatMap(target) { return value(for: target, depth: depth + 1) }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[keyword]?[0] { return value(for: first, depth: depth + 1) }
        }
        switch schema["type"]?.text ?? schema["type"]?[0]?.text {
        case "object": return object(schema, depth)
        case "array": return array(schema, depth)
        case "string": return text(schema["format"]?.text, schema["minLength"]?.integerValue ?? 0)
        case "integer", "number": return schema["minimum"] ?? 0
        case "boolean": return false
        default: return schema["properties"] == nil ? .null : object(schema, depth)
        }
    }

    private func target(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#") else { return nil }
        return JSONPointer.tokens(reference.dropFirst()).reduce(root) { value, token in value?[token: token] }
    }

    private func object(_ schema: JSON, _ depth: Int) -> JSON {
        var members: JSON.Object = [:]
        for name in schema["required"]?.elements?.compactMap(\.text) ?? [] {
            members[name] = value(for: schema["properties"]?[name] ?? true, depth: depth + 1)
        }
        return .object(members)
    }

    private func array(_ schema: JSON, _ depth: Int) -> JSON {
        var elements = (schema["prefixItems"]?.elements ?? []).map { value(for: $0, depth: depth + 1) }
        while elements.count < min(schema["minItems"]?.integerValue ?? 0, 16) {
            elements.append(value(for: schema["items"] ?? true, depth: depth + 1))
        }
        return .array(elements)
    }

    private func text(_ format: String?, _ length: Int) -> JSON {
        switch format {
        case "date-time": "2001-01-01T00:00:00Z"
        case "date": "2001-01-01"
        case "uuid": "00000000-0000-0000-0000-000000000000"
        case "uri": "https://example.com"
        case "email": "a@example.com"
        default: .string(String(repeating: "a", count: min(length, 1_000)))
        }
    }
}
