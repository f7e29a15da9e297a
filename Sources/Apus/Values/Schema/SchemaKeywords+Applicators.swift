extension SchemaKeywords {
    mutating func addArrays(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        let is7 = site.dialect.draft == .draft7
        if is7, case .array? = members["items"] {
            let prefix = try schemas("items", &compiler) ?? []
            let rest = try schema("additionalItems", &compiler)
            rules.append(.items(prefix: prefix, rest: rest, restKeyword: "additionalItems"))
        } else {
            let prefix = is7 ? nil : try schemas("prefixItems", &compiler)
            let rest = try schema("items", &compiler)
            if prefix != nil || rest != nil {
                rules.append(.items(prefix: prefix ?? [], rest: rest, restKeyword: "items"))
            }
        }
        guard let wanted = try schema("contains", &compiler) else { return }
        let counts = !is7 && site.dialect.validates
        let (least, most) = counts ? (try count("minContains"), try count("maxContains")) : (nil, nil)
        rules.append(.contains(wanted, atLeast: least ?? 1, atMost: most))
    }

    mutating func addObjects(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        var members = SchemaRule.MemberRules()
        if let value = self.members["properties"] {
            for (name, schema) in try object(value, of: "properties") {
                members.named[name] = try compiler.node(["properties", name], schema, in: site)
                members.names.append(name)
            }
        }
        if let value = self.members["patternProperties"] {
            for (source, schema) in try object(value, of: "patternProperties") {
                let pattern = try pattern(source, of: "patternProperties")
                members.patterns.append((pattern, try compiler.node(["patternProperties", source], schema, in: site)))
            }
        }
        members.others = try schema("additionalProperties", &compiler)
        if !members.names.isEmpty || !members.patterns.isEmpty || members.others != nil {
            rules.append(.members(members))
        }
        if let names = try schema("propertyNames", &compiler) { rules.append(.memberNames(names)) }
        try addDependencies(&compiler)
    }

    private mutating func addDependencies(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        let keyword = site.dialect.draft == .draft7 ? "dependencies" : "dependentSchemas"
        guard let value = members[keyword] else { return }
        var names: [(name: String, required: [String])] = []
        var schemas: [(name: String, schema: Int)] = []
        for (name, dependency) in try object(value, of: keyword) {
            if site.dialect.draft == .draft7, case .array = dependency {
                names.append((name, try strings(dependency, of: keyword)))
            } else {
                schemas.append((name, try compiler.node([keyword, name], dependency, in: site)))
            }
        }
        if !names.isEmpty { rules.append(.dependentNames(names)) }
        if !schemas.isEmpty { rules.append(.dependentSchemas(schemas)) }
    }

    mutating func addCombinations(_ compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        if let all = try schemas("allOf", &compiler) { rules.append(.all(all)) }
        if let any = try schemas("anyOf", &compiler) { rules.append(.any(any)) }
        if let one = try schemas("oneOf", &compiler) { rules.append(.exactlyOne(one)) }
        if let none = try schema("not", &compiler) { rules.append(.none(none)) }
        if let condition = try schema("if", &compiler) {
            let (then, otherwise) = (try schema("then", &compiler), try schema("else", &compiler))
            // Even without a consequence it evaluates members for others.
            rules.append(.condition(if: condition, then: then, else: otherwise))
        }
    }

    private func schemas(_ keyword: String, _ compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Int]? {
        guard let value = members[keyword] else { return nil }
        var nodes: [Int] = []
        for (place, schema) in try elements(value, of: keyword).enumerated() {
            nodes.append(try compiler.node([keyword, String(place)], schema, in: site))
        }
        return nodes
    }
}
