/// A schema where it stands: in which document, under which base address, in which dialect.
struct SchemaSite: Sendable {
    struct Place: Hashable {
        let document: Int
        let pointer: String
    }

    let place: Place
    let value: JSON
    /// The address of the resource that the schema belongs to.
    let base: URIReference
    let dialect: SchemaDialect

    var members: JSON.Object? { value.members }

    /// The schemas that stand in this one, with the tokens that lead there.
    var children: [(tokens: [String], value: JSON)] {
        guard let members, !hidesSiblings else { return [] }
        var found: [(tokens: [String], value: JSON)] = []
        for (keyword, position) in dialect.positions {
            guard let value = members[keyword] else { continue }
            switch (position, value) {
            case (.schema, .object), (.schema, .bool): found.append(([keyword], value))
            case (.list, .array(let elements)):
                found += elements.enumerated().map { ([keyword, String($0.offset)], $0.element) }
            case (.map, .object(let members)): found += members.map { ([keyword, $0.key], $0.value) }
            default: break
            }
        }
        return found
    }

    /// In draft 7 a reference stands alone: what stands beside it means nothing.
    var hidesSiblings: Bool { dialect.draft == .draft7 && members?["$ref"]?.text != nil }
}
