/// What one `init(from:)` asked of the probe.
final class ProbeRecord {
    private enum Shape { case object, array, single }

    private enum Part {
        case schema(JSON)
        /// What the same `init(from:)` goes on probing.
        case record(ProbeRecord)

        var schema: JSON {
            switch self {
            case .schema(let schema): schema
            case .record(let record): record.schema
            }
        }
    }

    private var shape: Shape?
    private var isNullable = false
    private var single: JSON = [:]

    /// The names in the order in which they were asked for.
    private var names: [String] = []
    private var members: [String: Part] = [:]
    private var optional: Set<String> = []
    /// Whether all names were asked for, so that any may come.
    private var isOpen = false

    private var elements: [Part] = []
    /// Whether the end of an array was asked for, so that it may have any length.
    private var isList = false
    private var questions = 0

    func beObject() { shape = .object }
    func beArray() { shape = .array }
    func beOpen() { isOpen = true }
    func beList() { isList = true }
    func beNullable() { isNullable = true }

    func single(_ schema: JSON) {
        shape = .single
        single = schema
    }

    /// Notes a member. Asked for twice, it is what it was first.
    func member(_ name: String, _ schema: JSON, isRequired: Bool) {
        if members[name] == nil {
            names.append(name)
            members[name] = .schema(schema)
        }
        if !isRequired { optional.insert(name) }
    }

    /// Someone asked whether the member is there, or null, and so can do without it.
    func asked(about name: String) { optional.insert(name) }

    func nestedMember(_ name: String) -> ProbeRecord {
        if case .record(let record)? = members[name] { return record }
        let record = ProbeRecord()
        if members[name] == nil { names.append(name) }
        members[name] = .record(record)
        return record
    }

    var elementCount: Int { elements.count }

    func element(_ schema: JSON) { elements.append(.schema(schema)) }

    func nestedElement() -> ProbeRecord {
        let record = ProbeRecord()
        elements.append(.record(record))
        return record
    }

    /// Whether an array's end has come: after one element, and for those who only ask and never read.
    var isAtEnd: Bool {
        isList = true
        questions += 1
        return !elements.isEmpty || questions > 100
    }
}

extension ProbeRecord {
    /// A type that asks for nothing is written as an empty object.
    var schema: JSON {
        let plain: JSON =
            switch shape ?? .object {
            case .object: object
            case .array: array
            case .single: single
            }
        return isNullable ? SchemaNull.allowed(besides: plain) : plain
    }

    private var object: JSON {
        var properties: JSON.Object = [:]
        var required: [JSON] = []
        for name in names {
            guard let schema = members[name]?.schema else { continue }
            let isOptional = optional.contains(name)
            properties[name] = isOptional ? SchemaNull.allowed(besides: schema) : schema
            if !isOptional { required.append(.string(name)) }
        }
        var schema: JSON = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required) }
        if !isOpen { schema["additionalProperties"] = false }
        return schema
    }

    private var array: JSON {
        let schemas = elements.map(\.schema)
        guard let first = schemas.first else { return ["type": "array"] }
        if isList { return ["type": "array", "items": first] }
        let count = JSON.integer(Int64(schemas.count))
        return ["type": "array", "prefixItems": .array(schemas), "items": false, "minItems": count]
    }
}
