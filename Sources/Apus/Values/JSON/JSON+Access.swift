extension JSON {
    /// The member of an object; `nil` where there is none or this is no object.
    ///
    /// Setting it makes an object of anything else; setting `nil` removes the member.
    public subscript(key: String) -> JSON? {
        get { members?[key] }
        set {
            var object = members ?? Object()
            // Whoever changes a member in place would otherwise change a copy.
            self = .null
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element of an array; `nil` where there is none or this is no array.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The characters of a string.
    public var text: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// A number without a fraction that fits, also one that was written as `2.0`.
    public var integerValue: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Any number. Integers beyond 2⁵³ are rounded.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// `true` or `false`.
    public var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array.
    public var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    public var members: Object? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}
