extension SchemaEvaluation {
    mutating func apply(_ rule: SchemaRule, toArray elements: [JSON], _ outcome: inout SchemaOutcome) {
        switch rule {
        case .items(let prefix, let rest, let restKeyword):
            applyItems(prefix, rest, restKeyword, elements, &outcome)
        case .contains(let wanted, let least, let most):
            var count = 0
            for (place, element) in elements.enumerated()
            where quietly({ $0.apply(wanted, toElement: place, element) }).isValid {
                count += 1
                outcome.evaluate(place)
            }
            if count < least {
                fail(&outcome, "contains", "expected at least \(least) elements of a certain kind, got \(count)")
            }
            if let most, count > most {
                fail(&outcome, "maxContains", "expected at most \(most) elements of a certain kind, got \(count)")
            }
        case .unevaluatedItems(let schema):
            // What failed evaluated nothing, and would be told twice.
            guard outcome.isValid else { return }
            let open = elements.indices.filter { !outcome.evaluated.contains($0) }
            for place in open {
                outcome.joinPart(apply(schema, toElement: place, elements[place]), atMost: limits.violations)
            }
            if outcome.isValid { outcome.evaluateAll() }
        default: preconditionFailure("no rule for arrays: \(rule)")
        }
    }

    private mutating func applyItems(
        _ prefix: [Int], _ rest: Int?, _ restKeyword: String, _ elements: [JSON], _ outcome: inout SchemaOutcome
    ) {
        if let rest, program.nodes[rest].isNever, elements.count > prefix.count {
            fail(&outcome, restKeyword, "expected at most \(prefix.count) elements, got \(elements.count)")
        }
        for (place, element) in elements.enumerated() {
            guard let schema = place < prefix.count ? prefix[place] : rest else { break }
            if program.nodes[schema].isNever, place >= prefix.count { break }
            outcome.joinPart(apply(schema, toElement: place, element), atMost: limits.violations)
            if program.seesUnevaluated { outcome.evaluate(place) }
            if exhausted != nil { return }
        }
        if rest != nil { outcome.evaluateAll() }
    }

    mutating func apply(_ rule: SchemaRule, toObject members: JSON.Object, _ outcome: inout SchemaOutcome) {
        switch rule {
        case .members(let rules): applyMembers(rules, members, &outcome)
        case .memberNames(let schema):
            for (name, _) in members {
                outcome.joinPart(apply(schema, toMember: name, .string(name)), atMost: limits.violations)
            }
        case .required(let names):
            for name in names where members[name] == nil {
                fail(&outcome, "required", "lacks the required member \"\(name)\"")
            }
        case .dependentNames(let rows):
            for (name, required) in rows where members[name] != nil {
                for other in required where members[other] == nil {
                    fail(&outcome, "dependentRequired", "has \"\(name)\" and therefore needs \"\(other)\"")
                }
            }
        case .dependentSchemas(let rows):
            for (name, schema) in rows where members[name] != nil {
                outcome.join(apply(schema, to: .object(members)), atMost: limits.violations)
            }
        case .unevaluatedMembers(let schema):
            guard outcome.isValid else { return }
            let open = members.indices.filter { !outcome.evaluated.contains($0) }
            for place in open { applyOther(schema, members[place], [], "unevaluatedProperties", &outcome) }
            if outcome.isValid { outcome.evaluateAll() }
        default: preconditionFailure("no rule for objects: \(rule)")
        }
    }

    private mutating func applyMembers(
        _ rules: SchemaRule.MemberRules, _ members: JSON.Object, _ outcome: inout SchemaOutcome
    ) {
        for (place, (name, value)) in members.enumerated() {
            var isKnown = false
            if let schema = rules.named[name] {
                isKnown = true
                outcome.joinPart(apply(schema, toMember: name, value), atMost: limits.violations)
            }
            for (pattern, schema) in rules.patterns {
                guard let isMatch = matches(pattern, name, &outcome) else { return }
                guard isMatch else { continue }
                isKnown = true
                outcome.joinPart(apply(schema, toMember: name, value), atMost: limits.violations)
            }
            if !isKnown, let others = rules.others {
                isKnown = true
                applyOther(others, (name, value), rules.names, "additionalProperties", &outcome)
            }
            if isKnown, program.seesUnevaluated { outcome.evaluate(place) }
            if exhausted != nil { return }
        }
    }

    /// A member that no other rule knows.
    private mutating func applyOther(
        _ schema: Int, _ member: (key: String, value: JSON), _ names: [String], _ keyword: String,
        _ outcome: inout SchemaOutcome
    ) {
        guard program.nodes[schema].isNever else {
            let verdict = apply(schema, toMember: member.key, member.value)
            return outcome.joinPart(verdict, atMost: limits.violations)
        }
        let known = names.isEmpty ? "" : "; known are \(names.map { JSON.string($0) }.excerpt)"
        fail(&outcome, keyword, at: member.key, "is not a member that is allowed here\(known)")
    }
}
