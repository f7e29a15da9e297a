/// The change of one field: an operation of its rule, or a new value.
struct TypedChange<Rule: MergeRule>: FieldChange {
    enum Effect: Sendable, Equatable {
        case replace(Rule.Value)
        case merge(Rule.Operation)
    }

    let field: TypedField<Rule>
    var effect: Effect

    var access: FieldAccess {
        guard case .merge(let operation) = effect else { return .replace }
        return field.rule.keys(of: operation).map { .keys($0.sorted()) } ?? .merge
    }

    func apply(to state: UnsafeMutableRawPointer) throws(StateError) {
        let target = field.value(in: state)
        switch effect {
        case .replace(let value):
            target.pointee = value
        case .merge(let operation):
            do { try field.rule.apply(operation, to: &target.pointee) } catch { throw field.naming(error) }
        }
    }

    mutating func combine(with later: any FieldChange) throws(StateError) {
        guard let later = later as? Self else {
            preconditionFailure("the field \"\(field.name)\" and \(type(of: later))")
        }
        guard case .merge(let operation) = later.effect else {
            effect = later.effect
            return
        }
        do { try effect.follow(with: operation, under: field.rule) } catch { throw field.naming(error) }
    }

    func isEqual(to other: any FieldChange) -> Bool { (other as? Self)?.effect == effect }
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
