/// Which keywords have a meaning, and where schemas stand within schemas.
struct SchemaDialect: Sendable, Hashable {
    let draft: JSONSchema.Draft
    /// Whether keywords such as `minimum` and `type` assert anything.
    var validates = true
    var applies = true
    var seesUnevaluated = true

    init(_ draft: JSONSchema.Draft) { self.draft = draft }

    /// The dialect of a meta-schema that lists its vocabularies; `nil` if it requires one that is not understood.
    init?(vocabularies: JSON.Object) {
        self.init(.draft2020)
        let prefix = "https://json-schema.org/draft/2020-12/vocab/"
        let names = vocabularies.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        for (address, isRequired) in vocabularies where isRequired == true {
            let name = address.hasPrefix(prefix) ? String(address.dropFirst(prefix.count)) : ""
            guard Self.vocabularies.contains(name) else { return nil }
        }
        validates = names.contains("validation")
        applies = names.contains("applicator")
        seesUnevaluated = names.contains("unevaluated")
    }

    private static let vocabularies = [
        "core", "applicator", "unevaluated", "validation", "format-annotation", "format-assertion", "content",
        "meta-data",
    ]

    /// How schemas stand in the value of a keyword.
    enum Position: Sendable { case schema, list, map }

    var positions: [(keyword: String, position: Position)] {
        switch draft {
        case .draft7: Self.positions7
        case .draft2020: Self.positions2020
        }
    }

    private static let shared: [(keyword: String, position: Position)] = [
        ("additionalProperties", .schema), ("propertyNames", .schema), ("not", .schema), ("if", .schema),
        ("then", .schema), ("else", .schema), ("contains", .schema), ("items", .schema), ("allOf", .list),
        ("anyOf", .list), ("oneOf", .list), ("properties", .map), ("patternProperties", .map), ("definitions", .map),
    ]

    private static let positions7 =
        shared + [
            ("additionalItems", .schema), ("items", .list), ("dependencies", .map),
        ]

    private static let positions2020 =
        shared + [
            ("unevaluatedItems", .schema), ("unevaluatedProperties", .schema), ("contentSchema", .schema),
            ("prefixItems", .list), ("dependentSchemas", .map), ("$defs", .map),
        ]
}
