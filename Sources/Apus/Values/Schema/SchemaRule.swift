/// One assertion or applicator of a compiled schema. Schemas within it are indices into ``SchemaProgram/nodes``.
enum SchemaRule: Sendable {
    case never
    case type(SchemaTypes)
    case constant(JSON)
    case enumeration([JSON])
    case bound(NumberBound)
    case multiple(of: ExactDecimal)
    /// Of a string's scalars, an array's elements or an object's members.
    case size(SizeBound)
    case pattern(SchemaPattern)
    case unique
    case items(prefix: [Int], rest: Int?, restKeyword: String)
    case contains(Int, atLeast: Int, atMost: Int?)
    case members(MemberRules)
    case memberNames(Int)
    case required([String])
    /// Members that are required if another one is there.
    case dependentNames([(name: String, required: [String])])
    case dependentSchemas([(name: String, schema: Int)])
    case all([Int])
    case any([Int])
    case exactlyOne([Int])
    case none(Int)
    case condition(if: Int, then: Int?, else: Int?)
    case reference(Int)
    /// The outermost resource in scope that has the anchor decides.
    case dynamicReference(anchor: Int, otherwise: Int)
    case unevaluatedItems(Int)
    case unevaluatedMembers(Int)

    struct NumberBound: Sendable {
        enum Relation: String { case minimum, maximum, exclusiveMinimum, exclusiveMaximum }
        let relation: Relation
        let limit: JSON
    }

    struct SizeBound: Sendable {
        enum Kind: String {
            case minLength, maxLength, minItems, maxItems, minProperties, maxProperties
        }
        let kind: Kind
        let limit: Int
    }

    struct MemberRules: Sendable {
        var named: [String: Int] = [:]
        /// The names in the order of the schema, for sentences.
        var names: [String] = []
        var patterns: [(pattern: SchemaPattern, schema: Int)] = []
        var others: Int?
    }
}

/// A compiled schema: its rules, those that look at what others left unevaluated last.
struct SchemaNode: Sendable {
    /// Which resource it belongs to, for dynamic scopes.
    var resource: Int
    var rules: [SchemaRule] = []

    /// Whether it allows nothing at all.
    var isNever: Bool {
        if case .never? = rules.first { true } else { false }
    }
}

/// All parts of a compiled schema.
struct SchemaProgram: Sendable {
    var nodes: [SchemaNode] = []
    var root = 0
    /// For each dynamic anchor the schema that each resource gives it.
    var dynamicAnchors: [[Int: Int]] = []
    /// Whether any rule asks what was evaluated.
    var seesUnevaluated = false
}

/// The types that a value may have.
struct SchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = Self(rawValue: 1)
    static let boolean = Self(rawValue: 2)
    static let integer = Self(rawValue: 4)
    static let number = Self(rawValue: 8)
    static let string = Self(rawValue: 16)
    static let array = Self(rawValue: 32)
    static let object = Self(rawValue: 64)

    static let named: [(name: String, type: SchemaTypes)] = [
        ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
        ("array", .array), ("object", .object),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.type
    }

    /// The types that `value` has: an integer is a number too.
    init(of value: JSON) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .integer: self = [.integer, .number]
        case .number(let number): self = number.rounded() == number ? [.integer, .number] : .number
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        }
    }
}
