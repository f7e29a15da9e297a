/// A new value for what no field names.
struct RestChange<State: GraphState>: FieldChange {
    let fields: FieldTable<State>
    /// Only its undeclared properties count.
    var value: State

    var access: FieldAccess { .replace }

    func apply(to state: UnsafeMutableRawPointer) {
        let target = state.assumingMemoryBound(to: State.self)
        var next = value
        fields.copy(from: target.pointee, to: &next)
        target.pointee = next
    }

    mutating func combine(with later: any FieldChange) {
        guard let later = later as? Self else { preconditionFailure("the rest and \(type(of: later))") }
        value = later.value
    }

    func isEqual(to other: any FieldChange) -> Bool {
        guard let other = other as? Self else { return false }
        return !fields.restDiffers(value, other.value)
    }
}
