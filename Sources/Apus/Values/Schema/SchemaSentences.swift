extension SchemaTypes {
    /// "an integer or null".
    var words: String {
        let articles: [(SchemaTypes, String)] = [
            (.object, "an object"), (.array, "an array"), (.string, "a string"), (.number, "a number"),
            (.integer, "an integer"), (.boolean, "a boolean"), (.null, "null"),
        ]
        return articles.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
}

extension JSON {
    /// What kind of value this is, and a number itself: "a string", "the number 1.5".
    var words: String {
        if case .number = self { return "the number \(self)" }
        return SchemaTypes(of: self).subtracting(.number).words
    }

    /// The value as text, cut where it gets long.
    var excerpt: String {
        let text = description
        return text.utf8.count <= 80 ? text : text.prefix(76) + " …"
    }
}

extension [JSON] {
    /// The first values as text.
    var excerpt: String {
        let shown = prefix(20).map(\.excerpt).joined(separator: ", ")
        return count > 20 ? "\(shown), … (\(count) in all)" : shown
    }
}

extension SchemaRule.NumberBound {
    var words: String {
        switch relation {
        case .minimum: "of at least \(limit)"
        case .maximum: "of at most \(limit)"
        case .exclusiveMinimum: "above \(limit)"
        case .exclusiveMaximum: "below \(limit)"
        }
    }

    func isViolated(by value: JSON) -> Bool {
        switch relation {
        case .minimum: value.isLess(than: limit) == true
        case .maximum: limit.isLess(than: value) == true
        case .exclusiveMinimum: limit.isLess(than: value) == false
        case .exclusiveMaximum: value.isLess(than: limit) == false
        }
    }
}

extension SchemaRule.SizeBound {
    func size(of value: JSON) -> Int? {
        switch (kind, value) {
        case (.minLength, .string(let text)), (.maxLength, .string(let text)): text.unicodeScalars.count
        case (.minItems, .array(let elements)), (.maxItems, .array(let elements)): elements.count
        case (.minProperties, .object(let members)), (.maxProperties, .object(let members)): members.count
        default: nil
        }
    }

    func isViolated(by size: Int) -> Bool {
        switch kind {
        case .minLength, .minItems, .minProperties: size < limit
        case .maxLength, .maxItems, .maxProperties: size > limit
        }
    }

    var words: String {
        switch kind {
        case .minLength: "at least \(limit) characters"
        case .maxLength: "at most \(limit) characters"
        case .minItems: "at least \(limit) elements"
        case .maxItems: "at most \(limit) elements"
        case .minProperties: "at least \(limit) members"
        case .maxProperties: "at most \(limit) members"
        }
    }
}

extension SchemaEvaluation {
    /// Why none of several schemas fits, with the first reason of each.
    mutating func alternatives(_ nodes: [Int], _ value: JSON) -> String {
        var reasons: [String] = []
        for node in nodes.prefix(6) where exhausted == nil {
            guard let first = apply(node, to: value).violations.first else { continue }
            let reason = first.description
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        let reason = reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; or ")
        return "fits none of \(nodes.count) alternatives\(reason)"
    }
}
