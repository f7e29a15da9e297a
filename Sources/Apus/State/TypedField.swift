/// A field with its value's type and its rule.
final class TypedField<State: GraphState, Rule: MergeRule>: FieldBinding {
    let name: String
    let keyPath: any WritableKeyPath<State, Rule.Value> & Sendable
    let rule: Rule

    init(name: String, path: any WritableKeyPath<State, Rule.Value> & Sendable, rule: Rule) {
        self.name = name
        keyPath = path
        self.rule = rule
    }

    var path: String { String(reflecting: keyPath) }

    var bytes: Range<Int>? {
        MemoryLayout<State>.offset(of: keyPath).map { $0..<($0 + MemoryLayout<Rule.Value>.size) }
    }

    func change(from before: State, to after: State) -> (any FieldChange<State>)? {
        let old = before[keyPath: keyPath]
        let new = after[keyPath: keyPath]
        if old == new { return nil }
        if let operation = rule.operation(from: old, to: new) {
            return TypedChange(field: self, effect: .merge(operation))
        }
        return TypedChange(field: self, effect: .replace(new))
    }

    func copy(from source: State, to target: inout State) {
        target[keyPath: keyPath] = source[keyPath: keyPath]
    }

    /// Names this field in what a rule throws.
    func naming(_ error: any Error) -> StateError {
        if error is SumOverflow { return StateError(.overflow, field: name) }
        return StateError(.mergeFailed, field: name, underlying: error)
    }
}

/// The change of one field: an operation of its rule, or a new value.
struct TypedChange<State: GraphState, Rule: MergeRule>: FieldChange {
    enum Effect: Sendable, Equatable {
        case replace(Rule.Value)
        case merge(Rule.Operation)
    }

    let field: TypedField<State, Rule>
    var effect: Effect

    var access: FieldAccess {
        guard case .merge(let operation) = effect else { return .replace }
        return field.rule.keys(of: operation).map { .keys($0.sorted()) } ?? .merge
    }

    func apply(to state: inout State) throws(StateError) {
        switch effect {
        case .replace(let value):
            state[keyPath: field.keyPath] = value
        case .merge(let operation):
            do { try field.rule.apply(operation, to: &state[keyPath: field.keyPath]) } catch {
                throw field.naming(error)
            }
        }
    }

    mutating func combine(with later: any FieldChange<State>) throws(StateError) {
        guard let later = later as? Self else { preconditionFailure("\(field.name) combined with \(later)") }
        guard case .merge(let operation) = later.effect else {
            effect = later.effect
            return
        }
        do { try effect.follow(with: operation, under: field.rule) } catch { throw field.naming(error) }
    }

    func isEqual(to other: any FieldChange<State>) -> Bool { (other as? Self)?.effect == effect }
}

extension TypedChange.Effect {
    /// Moves the payload out while it changes, so that a long list grows in place.
    fileprivate mutating func follow(with later: Rule.Operation, under rule: Rule) throws {
        switch consume self {
        case .replace(var value):
            defer { self = .replace(value) }
            try rule.apply(later, to: &value)
        case .merge(var earlier):
            defer { self = .merge(earlier) }
            try rule.combine(&earlier, with: later)
        }
    }
}
