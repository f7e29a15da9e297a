/// A type that holds others: only their schema counts, not what they decode.
protocol ProbedCollection {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding
}

extension Optional: ProbedCollection where Wrapped: Decodable {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding {
        let schema = SchemaNull.allowed(besides: try probe.finding(of: Wrapped.self).schema)
        return SchemaProbe.Finding(schema: schema, value: Self.none as Any)
    }
}

extension Array: ProbedCollection where Element: Decodable {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding {
        let schema: JSON = ["type": "array", "items": try probe.finding(of: Element.self).schema]
        return SchemaProbe.Finding(schema: schema, value: Self())
    }
}

extension ContiguousArray: ProbedCollection where Element: Decodable {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding {
        SchemaProbe.Finding(schema: try probe.finding(of: [Element].self).schema, value: Self())
    }
}

extension Set: ProbedCollection where Element: Decodable {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding {
        var schema = try probe.finding(of: [Element].self).schema
        schema["uniqueItems"] = true
        return SchemaProbe.Finding(schema: schema, value: Self())
    }
}

extension Dictionary: ProbedCollection where Key: Decodable, Value: Decodable {
    static func finding(by probe: SchemaProbe) throws -> SchemaProbe.Finding {
        guard Key.self == String.self || Key.self == Int.self || Key.self is any CodingKeyRepresentable.Type else {
            throw probe.fail("keys of dictionaries have to be text; conform \(Key.self) to CodingKeyRepresentable")
        }
        var schema: JSON = [
            "type": "object", "additionalProperties": try probe.finding(of: Value.self).schema,
        ]
        if Key.self is any CaseIterable.Type { schema["propertyNames"] = try probe.finding(of: Key.self).schema }
        return SchemaProbe.Finding(schema: schema, value: Self())
    }
}
