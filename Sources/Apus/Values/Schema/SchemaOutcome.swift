/// What applying a schema to a value came to.
struct SchemaOutcome {
    private(set) var isValid = true
    private(set) var violations: [JSONSchema.Violation] = []
    /// Which members or elements were looked at by schemas that hold.
    private(set) var evaluated = Evaluated()

    /// Places of members in an object, or of elements in an array.
    struct Evaluated {
        var isAll = false
        var places: Set<Int> = []

        func contains(_ place: Int) -> Bool { isAll || places.contains(place) }
    }

    mutating func fail(_ violation: JSONSchema.Violation? = nil) {
        isValid = false
        evaluated = Evaluated()
        if let violation { violations.append(violation) }
    }

    mutating func evaluate(_ place: Int) { evaluated.places.insert(place) }
    mutating func evaluateAll() { evaluated.isAll = true }

    /// Takes over what another schema said about the same value.
    mutating func join(_ other: SchemaOutcome, atMost limit: Int) {
        joinPart(other, atMost: limit)
        evaluated.isAll = evaluated.isAll || other.evaluated.isAll
        evaluated.places.formUnion(other.evaluated.places)
    }

    /// Takes over what another schema said about a member or an element.
    mutating func joinPart(_ other: SchemaOutcome, atMost limit: Int) {
        if other.isValid { return }
        isValid = false
        violations += other.violations.prefix(max(0, limit - violations.count))
    }
}
