import Apus

/// A schema as OpenAI can hold a model to it: every object requires all of its members and allows no others, and only some keywords are known.
///
/// A member that may be left out and may be `null` becomes a required one, for which the model writes `null`. Source: OpenAI's guide to
/// structured outputs, its section on supported schemas.
struct StrictSchema {
    let json: JSON

    /// `nil` where OpenAI would refuse to hold a model to all that the schema says.
    init?(_ schema: JSONSchema) {
        guard schema.json["type"] == "object", let json = Self.strict(schema.json) else { return nil }
        self.json = json
    }

    private static let known: Set<String> = [
        "$defs", "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum",
        "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maximum", "minItems", "minimum",
        "multipleOf", "pattern", "properties", "required", "title", "type",
    ]
    private static let formats: Set<String> = [
        "date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid",
    ]

    private static func strict(_ schema: JSON) -> JSON? {
        guard let members = schema.members, members.keys.allSatisfy(known.contains) else { return nil }
        if schema["$ref"] != nil { return members.count == 1 ? schema : nil }
        if let format = schema["format"], !formats.contains(format.text ?? "") { return nil }
        let types = schema["type"]?.elements ?? [schema["type"]].compactMap(\.self)
        guard !types.isEmpty || schema["anyOf"] != nil else { return nil }
        var json = schema
        if types.contains("object") {
            guard let object = object(schema) else { return nil }
            json = object
        }
        if types.contains("array") {
            guard let items = schema["items"].flatMap(strict) else { return nil }
            json["items"] = items
        }
        if let choices = schema["anyOf"]?.elements {
            let all = choices.compactMap(strict)
            guard all.count == choices.count else { return nil }
            json["anyOf"] = .array(all)
        }
        if let definitions = schema["$defs"]?.members {
            guard let all = strict(definitions) else { return nil }
            json["$defs"] = .object(all)
        }
        return json
    }

    private static func object(_ schema: JSON) -> JSON? {
        guard let members = schema["properties"]?.members, schema["additionalProperties"]?.flag == false,
            let properties = strict(members)
        else { return nil }
        let required = Set((schema["required"]?.elements ?? []).compactMap(\.text))
        for (name, member) in members where !required.contains(name) {
            guard allowsNull(member) else { return nil }
        }
        var json = schema
        json["properties"] = .object(properties)
        json["required"] = .array(members.keys.map { .string($0) })
        return json
    }

    private static func strict(_ schemas: JSON.Object) -> JSON.Object? {
        var all = JSON.Object()
        for (name, schema) in schemas {
            guard let schema = strict(schema) else { return nil }
            all[name] = schema
        }
        return all
    }

    private static func allowsNull(_ schema: JSON) -> Bool {
        schema["type"] == "null" || schema["type"]?.elements?.contains("null") == true
            || schema["anyOf"]?.elements?.contains(where: allowsNull) == true
    }
}
