/// Compiles what can be reached from a schema, one schema after the other, without recursion.
struct SchemaCompiler {
    private var library: SchemaLibrary
    let limits: JSONSchema.Limits
    private var program = SchemaProgram()
    private var known: [SchemaSite.Place: Int] = [:]
    private var open: [(node: Int, site: SchemaSite)] = []
    private var resources: [String: Int] = [:]
    private var anchors: [String] = []

    init(registry: JSONSchema.Registry, limits: JSONSchema.Limits) {
        library = SchemaLibrary(registry: registry)
        self.limits = limits
    }

    mutating func compile(_ schema: JSON, draft: JSONSchema.Draft) throws(JSONSchemaError) -> SchemaProgram {
        let root = try library.add(schema, at: URIReference(""), SchemaDialect(draft))
        program.root = node(root)
        repeat {
            while let (node, site) = open.popLast() {
                guard program.nodes.count <= limits.parts else {
                    throw JSONSchemaError(.tooLarge, at: site.place.pointer, detail: "more than \(limits.parts) parts")
                }
                program.nodes[node].rules = try rules(of: site)
            }
            linkAnchors()
        } while !open.isEmpty
        return program
    }

    /// The index of a schema's node; it is compiled later.
    mutating func node(_ site: SchemaSite) -> Int {
        if let node = known[site.place] { return node }
        let node = program.nodes.count
        program.nodes.append(SchemaNode(resource: resource(at: site.base)))
        known[site.place] = node
        open.append((node, site))
        return node
    }

    /// The node of a schema within `site`.
    mutating func node(_ tokens: [String], _ value: JSON, in site: SchemaSite) throws(JSONSchemaError) -> Int {
        node(try library.site(tokens, value, in: site))
    }

    mutating func reference(_ reference: String, from site: SchemaSite) throws(JSONSchemaError) -> SchemaRule {
        .reference(node(try library.resolve(reference, from: site).site))
    }

    mutating func dynamicReference(_ text: String, from site: SchemaSite) throws(JSONSchemaError) -> SchemaRule {
        let (target, name) = try library.resolve(text, from: site)
        let otherwise = node(target)
        guard let name else { return .reference(otherwise) }
        let anchor = anchors.firstIndex(of: name) ?? anchors.count
        if anchor == anchors.count { anchors.append(name) }
        return .dynamicReference(anchor: anchor, otherwise: otherwise)
    }

    private mutating func resource(at base: URIReference) -> Int {
        let number = resources[base.text] ?? resources.count
        resources[base.text] = number
        return number
    }

    /// Every schema that a dynamic reference in use may lead to.
    private mutating func linkAnchors() {
        program.dynamicAnchors = anchors.map { name in
            var targets: [Int: Int] = [:]
            for site in library.dynamicAnchors[name] ?? [] { targets[resource(at: site.base)] = node(site) }
            return targets
        }
    }

    private mutating func rules(of site: SchemaSite) throws(JSONSchemaError) -> [SchemaRule] {
        switch site.value {
        case .bool(true): return []
        case .bool(false): return [.never]
        case .object(let members):
            var keywords = SchemaKeywords(members, at: site, limits: limits)
            let rules = try keywords.rules(&self)
            if keywords.seesUnevaluated { program.seesUnevaluated = true }
            return rules
        default: throw JSONSchemaError(.invalid, at: site.place.pointer, detail: "a schema is an object or a boolean")
        }
    }
}
