extension SchemaEvaluation {
    mutating func apply(_ rule: SchemaRule, to value: JSON, _ outcome: inout SchemaOutcome) {
        switch rule {
        case .never: fail(&outcome, "false", "nothing is allowed here")
        case .type, .constant, .enumeration, .bound, .multiple, .size, .pattern, .unique:
            check(rule, value, &outcome)
        case .items, .contains, .unevaluatedItems:
            if case .array(let elements) = value { apply(rule, toArray: elements, &outcome) }
        case .members, .memberNames, .required, .dependentNames, .dependentSchemas, .unevaluatedMembers:
            if case .object(let members) = value { apply(rule, toObject: members, &outcome) }
        case .all, .any, .exactlyOne, .none, .condition, .reference, .dynamicReference:
            combine(rule, value, &outcome)
        }
    }

    /// What looks at the value alone.
    private mutating func check(_ rule: SchemaRule, _ value: JSON, _ outcome: inout SchemaOutcome) {
        switch rule {
        case .type(let types):
            if types.isDisjoint(with: SchemaTypes(of: value)) {
                fail(&outcome, "type", "expected \(types.words), got \(value.words)")
            }
        case .constant(let constant):
            if value != constant { fail(&outcome, "const", "expected \(constant.excerpt), got \(value.excerpt)") }
        case .enumeration(let allowed):
            if !allowed.contains(value) {
                fail(&outcome, "enum", "expected one of \(allowed.excerpt), got \(value.excerpt)")
            }
        case .bound(let bound):
            if bound.isViolated(by: value) {
                fail(&outcome, bound.relation.rawValue, "expected a number \(bound.words), got \(value.excerpt)")
            }
        case .multiple(let divisor):
            if let decimal = ExactDecimal(value), !decimal.isMultiple(of: divisor) {
                fail(&outcome, "multipleOf", "expected a multiple of \(divisor.text), got \(value.excerpt)")
            }
        case .size(let bound):
            if let size = bound.size(of: value), bound.isViolated(by: size) {
                fail(&outcome, bound.kind.rawValue, "expected \(bound.words), got \(size)")
            }
        case .pattern(let pattern): check(pattern, value, &outcome)
        case .unique:
            if let elements = value.elements, Set(elements).count < elements.count {
                fail(&outcome, "uniqueItems", "expected no two equal elements")
            }
        default: preconditionFailure("no rule for a value alone: \(rule)")
        }
    }

    private mutating func check(_ pattern: SchemaPattern, _ value: JSON, _ outcome: inout SchemaOutcome) {
        guard let text = value.text, let isMatch = matches(pattern, text, &outcome), !isMatch else { return }
        fail(&outcome, "pattern", "expected text that matches \(pattern.source), got \(value.excerpt)")
    }

    /// Whether the pattern matches; `nil`, and the end of the validation, where that takes too long.
    mutating func matches(_ pattern: SchemaPattern, _ text: String, _ outcome: inout SchemaOutcome) -> Bool? {
        if let isMatch = pattern.matches(text) { return isMatch }
        giveUp("matching the pattern \(pattern.source) takes too long")
        outcome.fail()
        return nil
    }

    /// What combines other schemas' verdicts about the same value.
    private mutating func combine(_ rule: SchemaRule, _ value: JSON, _ outcome: inout SchemaOutcome) {
        switch rule {
        case .reference(let node): outcome.join(apply(node, to: value), atMost: limits.violations)
        case .dynamicReference(let anchor, let otherwise):
            outcome.join(apply(target(of: anchor, otherwise: otherwise), to: value), atMost: limits.violations)
        case .all(let nodes):
            for node in nodes { outcome.join(apply(node, to: value), atMost: limits.violations) }
        case .any(let nodes): applyAny(nodes, value, &outcome)
        case .exactlyOne(let nodes): applyOne(nodes, value, &outcome)
        case .none(let node):
            if quietly({ $0.apply(node, to: value) }).isValid {
                fail(&outcome, "not", "is exactly what is not allowed here")
            }
        case .condition(let condition, let then, let otherwise):
            let verdict = quietly { $0.apply(condition, to: value) }
            if verdict.isValid { outcome.join(verdict, atMost: limits.violations) }
            guard let next = verdict.isValid ? then : otherwise else { return }
            outcome.join(apply(next, to: value), atMost: limits.violations)
        default: preconditionFailure("no rule that combines schemas: \(rule)")
        }
    }

    private mutating func applyAny(_ nodes: [Int], _ value: JSON, _ outcome: inout SchemaOutcome) {
        var isFound = false
        for node in nodes {
            let verdict = quietly { $0.apply(node, to: value) }
            guard verdict.isValid else { continue }
            outcome.join(verdict, atMost: limits.violations)
            isFound = true
            if !program.seesUnevaluated { return }
        }
        if !isFound { fail(&outcome, "anyOf", alternatives(nodes, value)) }
    }

    private mutating func applyOne(_ nodes: [Int], _ value: JSON, _ outcome: inout SchemaOutcome) {
        let valid = nodes.indices.compactMap { place in
            let verdict = quietly { $0.apply(nodes[place], to: value) }
            return verdict.isValid ? (place: place, verdict: verdict) : nil
        }
        switch valid.count {
        case 1: outcome.join(valid[0].verdict, atMost: limits.violations)
        case 0: fail(&outcome, "oneOf", alternatives(nodes, value))
        default:
            let places = valid.map { "\($0.place + 1)" }.joined(separator: " and ")
            fail(&outcome, "oneOf", "fits several alternatives, \(places), but only one is allowed")
        }
    }
}
