/// Derives the schemas of a type and of all types in it, each once.
///
/// It is used by one call of ``JSONSchema/init(of:)`` and never leaves it.
final class SchemaProbe {
    /// What is known of a type: its schema, and a value to go on with where one could be had.
    struct Finding {
        var schema: JSON
        var value: Any?
    }

    /// How deep types may contain each other; generic types can do so without end.
    private static let maximumDepth = 64

    private var findings: [ObjectIdentifier: Finding] = [:]
    /// Types that are being probed, outermost first.
    private var open: [any Decodable.Type] = []
    /// Where each of them was found: a type and its property.
    private var trail: [String] = []
    /// The names in `$defs` of types that contain themselves.
    private var names: [ObjectIdentifier: String] = [:]
    private var definitions: JSON.Object = [:]
    /// The first thing that went wrong, even if an `init(from:)` hid it.
    private var failure: JSONSchemaError?

    func document<Value: Decodable>(of type: Value.Type) throws(JSONSchemaError) -> JSON {
        var schema: JSON
        do {
            schema = try finding(of: type).schema
        } catch {
            throw note(error, in: type)
        }
        if let failure { throw failure }
        if let name = names[ObjectIdentifier(type)], let whole = definitions[name] { schema = whole }
        if !definitions.isEmpty { schema["$defs"] = .object(definitions) }
        return schema
    }

    /// A value of `type` for an `init(from:)` to go on with.
    func value<Value: Decodable>(of type: Value.Type, at path: [any CodingKey]) throws -> (schema: JSON, value: Value) {
        let finding = try finding(of: type, at: path)
        guard let value = finding.value as? Value else {
            let isOpen = open.contains { $0 == type }
            throw fail(
                isOpen
                    ? "\(Self.name(type)) contains itself without an end"
                    : "no value of \(Self.name(type)) could be decoded; add one that can to \"examples\" of its schema",
                at: path)
        }
        return (finding.schema, value)
    }

    /// The same where none is an answer too.
    func optionalValue<Value: Decodable>(
        of type: Value.Type, at path: [any CodingKey]
    ) throws -> (schema: JSON, value: Value?) {
        let finding = try finding(of: type, at: path)
        return (finding.schema, finding.value as? Value)
    }

    func fail(_ detail: String, at path: [any CodingKey] = []) -> JSONSchemaError {
        let place = path.isEmpty ? trail.last ?? open.first.map(Self.name) ?? "" : place(path)
        let error = failure ?? JSONSchemaError(.underivable, at: place, detail: detail)
        failure = error
        return error
    }

    private func finding<Value: Decodable>(of type: Value.Type, at path: [any CodingKey]) throws -> Finding {
        trail.append(place(path))
        defer { trail.removeLast() }
        return try finding(of: type)
    }

    /// The schema of a type as a part of others.
    func finding<Value: Decodable>(of type: Value.Type) throws -> Finding {
        let id = ObjectIdentifier(type)
        if let known = findings[id] { return known }
        if let collection = type as? any ProbedCollection.Type { return try collection.finding(by: self) }
        if open.contains(where: { $0 == type }) { return Finding(schema: reference(to: type), value: nil) }
        guard open.count < Self.maximumDepth else {
            throw fail("types contain each other more than \(Self.maximumDepth) deep")
        }
        open.append(type)
        defer { open.removeLast() }
        var finding = try probe(type)
        if let name = names[id] {
            definitions[name] = finding.schema
            finding.schema = reference(to: type)
        }
        findings[id] = finding
        return finding
    }

    private func probe<Value: Decodable>(_ type: Value.Type) throws -> Finding {
        if let provider = type as? any SchemaProviding.Type { return provided(by: provider, type) }
        if let scalar = type as? any ProbedScalar.Type { return scalar.finding }
        if let cases = type as? any (CaseIterable & RawRepresentable).Type { return try listed(cases) }
        if let cases = type as? any (CaseIterable & Encodable).Type { return try listed(cases) }
        let record = ProbeRecord()
        let value: Value
        do {
            value = try Value(from: ProbeDecoder(record: record, probe: self, codingPath: []))
        } catch {
            throw note(error, in: type)
        }
        return Finding(schema: try annotated(record.schema, type), value: value)
    }
}

extension SchemaProbe {
    private func note(_ error: any Error, in type: any Decodable.Type) -> JSONSchemaError {
        failure
            ?? fail(
                "init(from:) of \(Self.name(type)) refuses the values that a probe gives it; make an enum CaseIterable with "
                    + "raw values, or conform the type to SchemaProviding")
    }

    /// The innermost type and its property.
    private func place(_ path: [any CodingKey]) -> String {
        path.reduce(into: open.last.map(Self.name) ?? "") { $0 += "." + $1.stringValue }
    }

    private static func name(_ type: any Decodable.Type) -> String {
        let name = "\(type)"
        return name.count <= 80 ? name : name.prefix(76) + " …"
    }

    private func reference(to type: any Decodable.Type) -> JSON {
        let id = ObjectIdentifier(type)
        if let name = names[id] { return ["$ref": .string("#/$defs/\(name)")] }
        let plain = String("\(type)".map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        var name = plain
        var number = 2
        while names.values.contains(name) {
            name = "\(plain)_\(number)"
            number += 1
        }
        names[id] = name
        return ["$ref": .string("#/$defs/\(name)")]
    }

    private func provided<Value: Decodable>(by provider: any SchemaProviding.Type, _ type: Value.Type) -> Finding {
        var schema = provider.jsonSchema.json
        let sample = SchemaSample(root: schema).value(for: schema)
        if schema["$defs"] != nil, schema["$id"] == nil, open.count > 1 {
            // Its references mean its own definitions.
            schema["$id"] = .string("urn:swift:\("\(type)".filter { $0.isASCII && ($0.isLetter || $0.isNumber) })")
        }
        return Finding(schema: schema, value: try? sample.decode(as: type))
    }

    private func listed<Cases: CaseIterable & RawRepresentable>(_ type: Cases.Type) throws -> Finding {
        let values = type.allCases.compactMap { value -> JSON? in
            switch value.rawValue {
            case let text as String: .string(text)
            case let number as any BinaryInteger: Int64(exactly: number).map { .integer($0) }
            case let number as Double: .number(number)
            default: nil
            }
        }
        guard !values.isEmpty, values.count == type.allCases.count else {
            throw fail("the cases of \(type) need raw values that are text or numbers")
        }
        let kind: JSON = values[0].text != nil ? "string" : values[0].integerValue != nil ? "integer" : "number"
        return Finding(schema: ["type": kind, "enum": .array(values)], value: type.allCases.first)
    }

    private func listed<Cases: CaseIterable & Encodable>(_ type: Cases.Type) throws -> Finding {
        let values = try type.allCases.map { try JSON(encoding: $0) }
        guard !values.isEmpty else { throw fail("\(type) has no cases") }
        return Finding(schema: ["enum": .array(values)], value: type.allCases.first)
    }

    /// The schema with what the type says of its properties.
    private func annotated<Value>(_ schema: JSON, _ type: Value.Type) throws -> JSON {
        var notes: [(name: String, constraints: [SchemaConstraint])] = []
        if let described = type as? any SchemaDescribed.Type {
            notes += described.descriptions.map { ($0.key, [SchemaConstraint("description", .string($0.value))]) }
        }
        if let constrained = type as? any SchemaConstrained.Type {
            notes += constrained.constraints.map { ($0.key, $0.value) }
        }
        var schema = schema
        for (name, constraints) in notes.sorted(by: { $0.name < $1.name }) {
            guard var property = schema["properties"]?[name] else {
                throw fail("\(type) says something of \"\(name)\", but has no property of that name in JSON")
            }
            let isNullable = SchemaNull.isAllowed(by: property)
            for constraint in constraints {
                property[constraint.keyword] = constraint.value
                if constraint.keyword == "enum", isNullable {
                    property["enum"] = SchemaNull.added(to: constraint.value)
                }
            }
            schema["properties"]?[name] = property
        }
        return schema
    }
}
