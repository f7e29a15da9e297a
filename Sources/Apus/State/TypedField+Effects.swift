extension TypedField {
    func effect(from before: UnsafeRawPointer, to after: UnsafeRawPointer) -> FieldEffect? {
        let old = value(in: before)
        let new = value(in: after)
        return old.pointee == new.pointee ? nil : difference(from: old, to: new)
    }

    /// Apart from the comparison, which most fields do not get past: its locals cost lookups of their types.
    @inline(never)
    private func difference(from old: UnsafePointer<Rule.Value>, to new: UnsafePointer<Rule.Value>) -> FieldEffect {
        if let operation = rule.payload(from: old.pointee, to: new.pointee) { return .merge(operation) }
        return .replace(new.pointee)
    }

    func access(of effect: FieldEffect) -> FieldAccess {
        if effect.isReplacement { return .replace }
        return rule.keys(of: effect.payload(Rule.Operation.self).value).map { .keys($0.sorted()) } ?? .merge
    }

    func apply(_ effect: FieldEffect, to state: UnsafeMutableRawPointer) throws(StateError) {
        let target = value(in: state)
        if effect.isReplacement {
            target.pointee = effect.payload(Rule.Value.self).value
            return
        }
        do {
            try rule.apply(effect.payload(Rule.Operation.self).value, to: &target.pointee)
        } catch {
            throw naming(error)
        }
    }

    func combine(_ earlier: inout FieldEffect, with later: FieldEffect) throws(StateError) {
        if later.isReplacement {
            earlier = later
            return
        }
        let operation = later.payload(Rule.Operation.self)
        do {
            if earlier.isReplacement {
                try rule.apply(operation.value, to: &earlier.ownPayload(Rule.Value.self).value)
            } else {
                try rule.combine(&earlier.ownPayload(Rule.Operation.self).value, with: operation.value)
            }
        } catch {
            throw naming(error)
        }
    }

    func isEqual(_ effect: FieldEffect, to other: FieldEffect) -> Bool {
        guard effect.isReplacement == other.isReplacement else { return false }
        return effect.isReplacement
            ? effect.payload(Rule.Value.self).value == other.payload(Rule.Value.self).value
            : effect.payload(Rule.Operation.self).value == other.payload(Rule.Operation.self).value
    }

    func encode(_ effect: FieldEffect, base: UnsafeRawPointer) throws -> [UInt8] {
        effect.isReplacement
            ? try JSONCoding.encode(effect.payload(Rule.Value.self).value)
            : try JSONCoding.encode(effect.payload(Rule.Operation.self).value)
    }

    func decode(_ json: [UInt8], isReplacement: Bool) throws -> FieldEffect {
        isReplacement
            ? .replace(try JSONCoding.decode(Rule.Value.self, from: json))
            : .merge(TypedPayload(try JSONCoding.decode(Rule.Operation.self, from: json)))
    }

    /// Names this field in what a rule throws.
    private func naming(_ error: any Error) -> StateError {
        if error is SumOverflow { return StateError(.overflow, field: name) }
        return StateError(.mergeFailed, field: name, underlying: error)
    }
}
