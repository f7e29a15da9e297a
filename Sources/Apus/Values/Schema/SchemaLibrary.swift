import Foundation

/// Every document that was needed so far, and what in it can be referred to by an address.
struct SchemaLibrary {
    private let registry: JSONSchema.Registry
    private var documents = 0
    /// By address without fragment.
    private var resources: [String: SchemaSite] = [:]
    /// By address with the name as fragment.
    private var anchors: [String: SchemaSite] = [:]
    /// The `$dynamicAnchor`s of a name, in the order in which they were found.
    private(set) var dynamicAnchors: [String: [SchemaSite]] = [:]

    init(registry: JSONSchema.Registry) { self.registry = registry }

    /// Takes a document in; the site of its root.
    mutating func add(_ value: JSON, at base: URIReference, _ dialect: SchemaDialect) throws(JSONSchemaError)
        -> SchemaSite
    {
        let (ownBase, ownDialect) = try identity(of: value, in: base, dialect, isRoot: true)
        let place = SchemaSite.Place(document: documents, pointer: "")
        documents += 1
        let root = SchemaSite(place: place, value: value, base: ownBase, dialect: ownDialect)
        if resources[base.text] == nil { resources[base.text] = root }
        var open = [root]
        while let site = open.popLast() {
            note(site)
            for child in site.children.reversed() { open.append(try self.site(child.tokens, child.value, in: site)) }
        }
        return root
    }

    private mutating func note(_ site: SchemaSite) {
        guard let members = site.members, !site.hidesSiblings else { return }
        let address = site.base.text
        if let id = members["$id"]?.text {
            let reference = URIReference(id)
            if site.dialect.draft == .draft7, let name = reference.fragment, !name.isEmpty {
                let named = site.base.resolving(reference)
                anchors[named.withoutFragment.text + "#" + name] = site
            }
            if !reference.isOnlyFragment { resources[address] = site }
        } else if site.place.pointer.isEmpty {
            resources[address] = site
        }
        guard site.dialect.draft == .draft2020 else { return }
        if let name = members["$anchor"]?.text { anchors["\(address)#\(name)"] = site }
        if let name = members["$dynamicAnchor"]?.text {
            anchors["\(address)#\(name)"] = site
            dynamicAnchors[name, default: []].append(site)
        }
    }

    /// A schema inside `site`.
    mutating func site(_ tokens: [String], _ value: JSON, in site: SchemaSite) throws(JSONSchemaError) -> SchemaSite {
        let (base, dialect) = try identity(of: value, in: site.base, site.dialect, isRoot: false)
        let pointer = tokens.reduce(into: site.place.pointer) { $0 += "/" + JSONPointer.escaped($1) }
        let place = SchemaSite.Place(document: site.place.document, pointer: pointer)
        return SchemaSite(place: place, value: value, base: base, dialect: dialect)
    }

    private mutating func identity(
        of value: JSON, in base: URIReference, _ dialect: SchemaDialect, isRoot: Bool
    ) throws(JSONSchemaError) -> (URIReference, SchemaDialect) {
        guard let members = value.members else { return (base, dialect) }
        var dialect = dialect
        if isRoot || members["$id"] != nil, let name = members["$schema"]?.text {
            dialect = try self.dialect(named: name, than: dialect)
        }
        if dialect.draft == .draft7, members["$ref"]?.text != nil { return (base, dialect) }
        guard let id = members["$id"]?.text else { return (base, dialect) }
        let reference = URIReference(id)
        return (reference.isOnlyFragment ? base : base.resolving(reference).withoutFragment, dialect)
    }

    private func dialect(named name: String, than outer: SchemaDialect) throws(JSONSchemaError) -> SchemaDialect {
        let address = URIReference(name).withoutFragment.text
        if let draft = JSONSchema.Draft(rawValue: address) { return SchemaDialect(draft) }
        // Draft 7 only added keywords to draft 6.
        if address == "http://json-schema.org/draft-06/schema" { return SchemaDialect(.draft7) }
        guard let meta = registry.documents[address] else {
            throw JSONSchemaError(.unsupported, at: "/$schema", detail: "the dialect \(name) is not understood")
        }
        guard let vocabularies = meta["$vocabulary"]?.members else {
            let draft = meta["$schema"]?.text.flatMap {
                JSONSchema.Draft(rawValue: URIReference($0).withoutFragment.text)
            }
            return draft.map(SchemaDialect.init) ?? outer
        }
        guard let dialect = SchemaDialect(vocabularies: vocabularies) else {
            throw JSONSchemaError(
                .unsupported, at: "/$schema", detail: "\(name) requires a vocabulary that is not understood")
        }
        return dialect
    }
}

extension SchemaLibrary {
    /// Where a reference from `site` leads, and whether to a `$dynamicAnchor`.
    mutating func resolve(
        _ reference: String, from site: SchemaSite
    ) throws(JSONSchemaError) -> (site: SchemaSite, dynamicName: String?) {
        let target = site.base.resolving(URIReference(reference))
        let address = target.withoutFragment.text
        guard let root = try resource(at: address, for: site) else { throw unresolved(reference, from: site) }
        let fragment = target.fragment?.removingPercentEncoding ?? ""
        if fragment.isEmpty { return (root, nil) }
        if fragment.hasPrefix("/") {
            var found = root
            for token in JSONPointer.tokens(fragment) {
                guard let value = found.value[token: token] else { throw unresolved(reference, from: site) }
                found = try self.site([token], value, in: found)
            }
            return (found, nil)
        }
        guard let found = anchors["\(address)#\(fragment)"] else { throw unresolved(reference, from: site) }
        let isDynamic = found.dialect.draft == .draft2020 && found.members?["$dynamicAnchor"]?.text == fragment
        return (found, isDynamic ? fragment : nil)
    }

    private mutating func resource(at address: String, for site: SchemaSite) throws(JSONSchemaError) -> SchemaSite? {
        if let known = resources[address] { return known }
        guard let document = registry.documents[address] ?? MetaSchemas.document(at: address) else { return nil }
        _ = try add(document, at: URIReference(address), site.dialect)
        return resources[address]
    }

    private func unresolved(_ reference: String, from site: SchemaSite) -> JSONSchemaError {
        JSONSchemaError(
            .unresolved, at: site.place.pointer,
            detail: "the reference \(reference) leads nowhere; schemas elsewhere have to be in the registry")
    }
}
