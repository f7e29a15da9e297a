/// What happened to one field: a new value, or an operation of its rule.
///
/// Only the field's ``FieldBinding`` knows what the payload is. Nothing here is generic, so that whoever keeps
/// changes and hands them on looks no metadata up.
package struct FieldEffect: Sendable {
    let isReplacement: Bool
    private var payload: FieldPayload

    static func replace<Value: Sendable>(_ value: Value) -> FieldEffect {
        FieldEffect(isReplacement: true, payload: TypedPayload(value))
    }

    static func merge<Operation: Sendable>(_ operation: TypedPayload<Operation>) -> FieldEffect {
        FieldEffect(isReplacement: false, payload: operation)
    }

    /// The payload, which must be of this type.
    func payload<Value: Sendable>(_ type: Value.Type) -> TypedPayload<Value> {
        unsafeDowncast(payload, to: TypedPayload<Value>.self)
    }

    /// The same to be changed in place: a copy if another effect holds it, too.
    mutating func ownPayload<Value: Sendable>(_ type: Value.Type) -> TypedPayload<Value> {
        if !isKnownUniquelyReferenced(&payload) { payload = TypedPayload(payload(type).value) }
        return payload(type)
    }
}

/// A value or an operation whose type only a ``FieldBinding`` knows.
package class FieldPayload: @unchecked Sendable {
    // Invariant: it changes only while one effect alone holds it.
}

/// The same with its type.
package final class TypedPayload<Value: Sendable>: FieldPayload, @unchecked Sendable {
    // Invariant: as for every payload.
    var value: Value

    package init(_ value: Value) { self.value = value }
}
