/// Turns the keywords of one schema object into rules.
struct SchemaKeywords {
    let members: JSON.Object
    let site: SchemaSite
    let limits: JSONSchema.Limits
    var rules: [SchemaRule] = []
    private(set) var seesUnevaluated = false

    init(_ members: JSON.Object, at site: SchemaSite, limits: JSONSchema.Limits) {
        self.members = members
        self.site = site
        self.limits = limits
    }

    private var is2020: Bool { site.dialect.draft == .draft2020 }

    mutating func rules(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [SchemaRule] {
        if let reference = try string("$ref") {
            rules.append(try compiler.reference(reference, from: site))
            if site.hidesSiblings { return rules }
        }
        if is2020, let reference = try string("$dynamicRef") {
            rules.append(try compiler.dynamicReference(reference, from: site))
        }
        if site.dialect.validates {
            try addValues()
            try addSizes()
        }
        if site.dialect.applies {
            try addArrays(&compiler)
            try addObjects(&compiler)
            try addCombinations(&compiler)
        }
        if is2020, site.dialect.seesUnevaluated { try addUnevaluated(&compiler) }
        return rules
    }

    private mutating func addValues() throws(JSONSchemaError) {
        if let value = members["type"] {
            var types: SchemaTypes = []
            for name in value.elements ?? [value] {
                guard let type = name.text.flatMap({ SchemaTypes(name: $0) }) else {
                    throw invalid("type", "has to name JSON types")
                }
                types.insert(type)
            }
            rules.append(.type(types))
        }
        if let value = members["const"] { rules.append(.constant(value)) }
        if let value = members["enum"] { rules.append(.enumeration(try elements(value, of: "enum"))) }
        for relation in [
            SchemaRule.NumberBound.Relation.minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum,
        ] {
            guard let value = members[relation.rawValue] else { continue }
            guard value.double != nil else { throw invalid(relation.rawValue, "has to be a number") }
            rules.append(.bound(.init(relation: relation, limit: value)))
        }
        if let value = members["multipleOf"] {
            guard let divisor = ExactDecimal(value), !divisor.isZero, value.isLess(than: 0) == false else {
                throw invalid("multipleOf", "has to be a number above 0")
            }
            rules.append(.multiple(of: divisor))
        }
        if let source = try string("pattern") { rules.append(.pattern(try pattern(source, of: "pattern"))) }
        if members["uniqueItems"] == true { rules.append(.unique) }
    }

    private mutating func addSizes() throws(JSONSchemaError) {
        for kind in [
            SchemaRule.SizeBound.Kind.minLength, .maxLength, .minItems, .maxItems, .minProperties, .maxProperties,
        ] {
            if let limit = try count(kind.rawValue) { rules.append(.size(.init(kind: kind, limit: limit))) }
        }
        if let value = members["required"] { rules.append(.required(try strings(value, of: "required"))) }
        if is2020, let value = members["dependentRequired"] {
            var rows: [(name: String, required: [String])] = []
            for (name, names) in try object(value, of: "dependentRequired") {
                rows.append((name, try strings(names, of: "dependentRequired")))
            }
            rules.append(.dependentNames(rows))
        }
    }

    private mutating func addUnevaluated(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        if let schema = try schema("unevaluatedItems", &compiler) {
            rules.append(.unevaluatedItems(schema))
            seesUnevaluated = true
        }
        if let schema = try schema("unevaluatedProperties", &compiler) {
            rules.append(.unevaluatedMembers(schema))
            seesUnevaluated = true
        }
    }
}

extension SchemaKeywords {
    func invalid(_ keyword: String, _ reason: String) -> JSONSchemaError {
        JSONSchemaError(.invalid, at: "\(site.place.pointer)/\(keyword)", detail: "\(keyword) \(reason)")
    }

    private func string(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = members[keyword] else { return nil }
        guard let text = value.text else { throw invalid(keyword, "has to be a string") }
        return text
    }

    func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let value = members[keyword] else { return nil }
        guard let count = value.integerValue, count >= 0 else { throw invalid(keyword, "has to be a count") }
        return count
    }

    func elements(_ value: JSON, of keyword: String) throws(JSONSchemaError) -> [JSON] {
        guard let elements = value.elements else { throw invalid(keyword, "has to be an array") }
        return elements
    }

    func object(_ value: JSON, of keyword: String) throws(JSONSchemaError) -> JSON.Object {
        guard let members = value.members else { throw invalid(keyword, "has to be an object") }
        return members
    }

    func strings(_ value: JSON, of keyword: String) throws(JSONSchemaError) -> [String] {
        var strings: [String] = []
        for element in try elements(value, of: keyword) {
            guard let text = element.text else { throw invalid(keyword, "has to be an array of strings") }
            strings.append(text)
        }
        return strings
    }

    func pattern(_ source: String, of keyword: String) throws(JSONSchemaError) -> SchemaPattern {
        do {
            return try SchemaPattern(source, limits: limits)
        } catch {
            throw JSONSchemaError(.pattern, at: "\(site.place.pointer)/\(keyword)", detail: error.detail)
        }
    }

    /// The node of the schema that is the keyword's value.
    func schema(_ keyword: String, _ compiler: inout SchemaCompiler) throws(JSONSchemaError) -> Int? {
        guard let value = members[keyword] else { return nil }
        return try compiler.node([keyword], value, in: site)
    }
}
