/// How an activation wrote one field.
package struct FieldWrite: Sendable, Equatable {
    /// The position in the state's fields; their count stands for what no field names.
    package var field: Int
    package var access: FieldAccess

    package init(field: Int, access: FieldAccess) {
        self.field = field
        self.access = access
    }
}

package enum FieldAccess: Sendable, Equatable {
    /// Excludes every concurrent write of the field.
    case replace
    /// Excludes concurrent replacements only.
    case merge
    /// Excludes concurrent replacements and concurrent writes of these keys, which are in order of their names.
    case keys([FieldKey])
}

/// A key that one activation at a time may write.
package struct FieldKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// How errors call the key. Different keys may share a name.
    package let description: String
    /// What identifies the key unless its name does.
    private let value: (any Hashable & Sendable)?

    package init(_ key: some Hashable & Sendable) {
        if let name = key as? String {
            description = name
            value = nil
        } else {
            description = String(describing: key)
            value = key
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        guard let one = left.value, let other = right.value else {
            return left.value == nil && right.value == nil && left.description == right.description
        }
        return AnyHashable(one) == AnyHashable(other)
    }

    package func hash(into hasher: inout Hasher) {
        if let value { value.hash(into: &hasher) } else { description.hash(into: &hasher) }
    }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
