/// A named part of a state, together with the way concurrent changes of it come together.
public struct Field<State: GraphState>: Sendable {
    /// How errors and journals call the field; a rename makes older journals unreadable.
    public let name: String
    package let binding: any FieldBinding

    /// Names the stored property at `path`. Building a graph refuses computed, observed and overlapping ones.
    public init<Value: Codable & Equatable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<State, Value> & Sendable, merging: Merge<Value> = .exclusive
    ) {
        self.name = name
        binding = merging.rule.binding(named: name, at: path)
    }
}
