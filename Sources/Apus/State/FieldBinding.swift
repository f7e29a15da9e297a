/// A field whose types are known only to itself.
package protocol FieldBinding<State>: AnyObject, Sendable {
    associatedtype State: GraphState
    /// The key path as Swift prints it.
    var path: String { get }
    /// The bytes of the state that the field occupies; `nil` when it is not a stored property.
    var bytes: Range<Int>? { get }
    /// What happened to the field; `nil` when its values are equal.
    func change(from before: State, to after: State) -> (any FieldChange<State>)?
    func copy(from source: State, to target: inout State)
}

/// What happened to one field.
package protocol FieldChange<State>: Sendable {
    associatedtype State: GraphState
    var access: FieldAccess { get }
    func apply(to state: inout State) throws(StateError)
    /// Lets `later`, a change of the same field, follow this one.
    mutating func combine(with later: any FieldChange<State>) throws(StateError)
    func isEqual(to other: any FieldChange<State>) -> Bool
}

extension MergeRule {
    func binding<State: GraphState>(
        named name: String, at path: any WritableKeyPath<State, Value> & Sendable
    ) -> any FieldBinding<State> {
        TypedField(name: name, path: path, rule: self)
    }
}
