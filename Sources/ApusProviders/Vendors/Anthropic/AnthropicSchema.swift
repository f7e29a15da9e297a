import Apus
import ApusAgents

/// A schema as Anthropic takes it for answers: objects are closed, alternatives stand in `anyOf`, and what can't be promised is told in the
/// description. Source: Anthropic's guide to structured outputs, its section on limits.
struct AnthropicSchema {
    let json: JSON

    /// - Throws: where the schema lets a value be anything, lets members have any names, or refers to itself: there are no words for that.
    init(_ schema: JSONSchema) throws(AnswerFault) {
        let definitions = schema.json["$defs"]?.members ?? [:]
        for name in definitions.keys where Self.references(of: name, in: definitions).contains(name) {
            throw .unsupported("a schema that refers to itself")
        }
        json = try Self.outline(schema.json)
    }

    private static let formats: Set<String> = [
        "date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid",
    ]

    private static func outline(_ schema: JSON) throws(AnswerFault) -> JSON {
        guard var rest = schema.members, rest.count > 0 else { throw .unsupported("a schema that allows anything") }
        func take(_ key: String) -> JSON? {
            defer { rest[key] = nil }
            return rest[key]
        }
        var json: JSON = [:]
        if let definitions = take("$defs")?.members { json["$defs"] = .object(try outline(definitions)) }
        if let reference = take("$ref") {
            json["$ref"] = reference
            return json
        }
        json.put("title", take("title"))
        let description = take("description")?.text
        if let literals = take("enum") {
            json["enum"] = literals
            rest["type"] = nil
        } else if let literal = take("const") {
            json["const"] = literal
            rest["type"] = nil
        } else if let choices = (take("anyOf") ?? take("oneOf"))?.elements {
            json["anyOf"] = .array(try outline(choices))
        } else if let types = take("type")?.elements {
            json["anyOf"] = .array(try outline(choices(of: types, in: rest)))
            rest = [:]
        } else {
            rest["type"] = schema["type"]
            try shape(&rest, into: &json)
        }
        describe(description, rest, in: &json)
        return json
    }

    /// A schema of one type, without what can't be promised.
    private static func shape(_ rest: inout JSON.Object, into json: inout JSON) throws(AnswerFault) {
        guard let type = rest["type"] else { throw .unsupported("a schema without a type") }
        json["type"] = type
        rest["type"] = nil
        switch type {
        case "object":
            let members = rest["properties"]?.members
            let others = rest["additionalProperties"]
            guard others?.members == nil, members != nil, others?.flag == false || members?.isEmpty == false else {
                throw .unsupported("a schema whose members may have any names")
            }
            json["properties"] = .object(try outline(members ?? [:]))
            json["additionalProperties"] = false
            json.put("required", rest["required"])
            for key in ["properties", "additionalProperties", "required"] { rest[key] = nil }
        case "array":
            guard let items = rest["items"] else { throw .unsupported("a schema of a list of anything") }
            json["items"] = try outline(items)
            rest["items"] = nil
            if rest["minItems"] == 0 || rest["minItems"] == 1 {
                json.put("minItems", rest["minItems"])
                rest["minItems"] = nil
            }
        case "string":
            guard formats.contains(rest["format"]?.text ?? "") else { break }
            json.put("format", rest["format"])
            rest["format"] = nil
        default: break
        }
    }

    private static func choices(of types: [JSON], in rest: JSON.Object) -> [JSON] {
        types.map { type in
            var choice = type == "null" ? [:] : rest
            choice["type"] = type
            return .object(choice)
        }
    }

    /// The model is told what nothing holds it to.
    private static func describe(_ description: String?, _ rest: JSON.Object, in json: inout JSON) {
        let untold = rest.filter { $0.key != "$schema" && $0.key != "$id" }.map { "\($0.key): \($0.value)" }
        let words = [description, untold.isEmpty ? nil : "{" + untold.joined(separator: ", ") + "}"]
        let text = words.compactMap(\.self).joined(separator: "\n\n")
        json.put("description", text.isEmpty ? nil : text)
    }

    private static func outline(_ schemas: [JSON]) throws(AnswerFault) -> [JSON] {
        var all: [JSON] = []
        for schema in schemas { all.append(try outline(schema)) }
        return all
    }

    private static func outline(_ schemas: JSON.Object) throws(AnswerFault) -> JSON.Object {
        var all = JSON.Object()
        for (name, schema) in schemas { all[name] = try outline(schema) }
        return all
    }

    /// The names of all definitions that one needs, also by way of others.
    private static func references(of name: String, in definitions: JSON.Object) -> Set<String> {
        var found: Set<String> = []
        var open = definitions[name].map(references) ?? []
        while let next = open.popLast() {
            guard found.insert(next).inserted, let definition = definitions[next] else { continue }
            open += references(definition)
        }
        return found
    }

    private static func references(_ schema: JSON) -> [String] {
        if let elements = schema.elements { return elements.flatMap(references) }
        guard let members = schema.members else { return [] }
        return members.flatMap { key, value -> [String] in
            guard key == "$ref", let text = value.text else { return references(value) }
            return text.hasPrefix("#/$defs/") ? [String(text.dropFirst(8))] : []
        }
    }
}
