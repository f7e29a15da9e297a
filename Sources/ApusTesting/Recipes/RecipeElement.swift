/// An element of a recipe's forEach: its position and a fingerprint of the state that the composite sees.
public struct RecipeElement: Sendable, Codable {
    public var index: Int
    public var seen: UInt64
}

extension RecipeState {
    /// So many elements, for a forEach over the state.
    public subscript(elements count: Int) -> [RecipeElement] {
        let seen = fingerprint
        return (0..<count).map { RecipeElement(index: $0, seen: seen) }
    }
}

/// What a recipe's node throws when it is to fail.
public struct RecipeFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public var activation: String

    public var description: String { "\(activation) was to fail" }
}
