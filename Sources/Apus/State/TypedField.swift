/// A field with its value's type and its rule.
final class TypedField<Rule: MergeRule>: FieldBinding {
    let name: String
    let rule: Rule
    private let keyPath: any AnyKeyPath & Sendable
    private let offset: Int?

    init(name: String, path: any AnyKeyPath & Sendable, offset: Int?, rule: Rule) {
        self.name = name
        keyPath = path
        self.offset = offset
        self.rule = rule
    }

    var path: String { String(reflecting: keyPath) }
    var bytes: Range<Int>? { offset.map { $0..<($0 + MemoryLayout<Rule.Value>.size) } }

    func change(from before: UnsafeRawPointer, to after: UnsafeRawPointer) -> (any FieldChange)? {
        let old = value(in: before)
        let new = value(in: after)
        return old.pointee == new.pointee ? nil : difference(from: old, to: new)
    }

    /// Apart from the comparison, which most fields do not get past: its locals cost lookups of their types.
    @inline(never)
    private func difference(
        from old: UnsafePointer<Rule.Value>, to new: UnsafePointer<Rule.Value>
    ) -> any FieldChange {
        if let operation = rule.operation(from: old.pointee, to: new.pointee) {
            return TypedChange(field: self, effect: .merge(operation))
        }
        return TypedChange(field: self, effect: .replace(new.pointee))
    }

    func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        value(in: target).pointee = value(in: source).pointee
    }

    func value(in state: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Rule.Value> {
        UnsafeMutablePointer(mutating: value(in: UnsafeRawPointer(state)))
    }

    private func value(in state: UnsafeRawPointer) -> UnsafePointer<Rule.Value> {
        guard let offset else { preconditionFailure("the field \"\(name)\" is not a stored property") }
        return (state + offset).assumingMemoryBound(to: Rule.Value.self)
    }

    /// Names this field in what a rule throws.
    func naming(_ error: any Error) -> StateError {
        if error is SumOverflow { return StateError(.overflow, field: name) }
        return StateError(.mergeFailed, field: name, underlying: error)
    }
}
