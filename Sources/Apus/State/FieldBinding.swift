/// A field whose types are known only to itself, working on the memory of a state.
///
/// Every pointer leads to an initialised state of the type the field was declared for. Nothing here is generic over that type,
/// which spares each change a dozen lookups of type metadata.
package protocol FieldBinding: AnyObject, Sendable {
    /// The key path as Swift prints it.
    var path: String { get }
    /// The bytes of the state that the field occupies; `nil` when it is not a stored property.
    var bytes: Range<Int>? { get }
    /// What happened to the field; `nil` when its values are equal.
    func change(from before: UnsafeRawPointer, to after: UnsafeRawPointer) -> (any FieldChange)?
    func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer)
}

/// What happened to one field.
package protocol FieldChange: Sendable {
    var access: FieldAccess { get }
    func apply(to state: UnsafeMutableRawPointer) throws(StateError)
    /// Lets `later`, a change of the same field, follow this one.
    mutating func combine(with later: any FieldChange) throws(StateError)
    func isEqual(to other: any FieldChange) -> Bool
}

extension MergeRule {
    func binding<State>(
        named name: String, at path: any WritableKeyPath<State, Value> & Sendable
    ) -> any FieldBinding {
        TypedField(name: name, path: path, offset: MemoryLayout<State>.offset(of: path), rule: self)
    }
}
