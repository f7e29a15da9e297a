/// A field whose types are known only to itself, working on the memory of a state.
///
/// Every pointer leads to an initialised state of the type the field was declared for, and every effect is one of this field's.
/// Nothing here is generic over these types, which spares each change a dozen lookups of type metadata.
package protocol FieldBinding: AnyObject, Sendable {
    /// The key path as Swift prints it.
    var path: String { get }
    /// The bytes of the state that the field occupies; `nil` when it is not a stored property.
    var bytes: Range<Int>? { get }
    /// What happened to the field; `nil` when its values are equal.
    func effect(from before: UnsafeRawPointer, to after: UnsafeRawPointer) -> FieldEffect?
    func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer)
    func access(of effect: FieldEffect) -> FieldAccess
    func apply(_ effect: FieldEffect, to state: UnsafeMutableRawPointer) throws(StateError)
    /// Lets `later` follow `earlier`, in place.
    func combine(_ earlier: inout FieldEffect, with later: FieldEffect) throws(StateError)
    func isEqual(_ effect: FieldEffect, to other: FieldEffect) -> Bool
    /// The effect as JSON. `base` is any state: what a replacement of the rest says about declared fields is taken from it.
    func encode(_ effect: FieldEffect, base: UnsafeRawPointer) throws -> [UInt8]
    func decode(_ json: [UInt8], isReplacement: Bool) throws -> FieldEffect
}

extension MergeRule {
    func binding<State>(
        named name: String, at path: any WritableKeyPath<State, Value> & Sendable
    ) -> any FieldBinding {
        TypedField(name: name, path: path, offset: MemoryLayout<State>.offset(of: path), rule: self)
    }
}
