/// What a rule says about an input.
public enum RuleVerdict<Choice: Hashable & Sendable>: Sendable, Hashable {
    case choose(Choice)
    /// None of these may be chosen, whoever decides.
    case exclude([Choice])
}

/// A rule as a value: its name and reason can be shown to whoever asks why.
public struct DecisionRule<Input: Sendable, Choice: Hashable & Sendable>: Sendable {
    public let name: String
    /// Why the verdict is right, in a sentence.
    public let reason: String
    let verdict: @Sendable (Input) -> RuleVerdict<Choice>?

    /// `verdict` returns `nil` where the rule does not apply.
    public init(
        _ name: String, because reason: String, _ verdict: @escaping @Sendable (Input) -> RuleVerdict<Choice>?
    ) {
        self.name = name
        self.reason = reason
        self.verdict = verdict
    }

    /// Chooses where `condition` holds.
    public static func choose(
        _ choice: Choice, _ name: String, because reason: String, when condition: @escaping @Sendable (Input) -> Bool
    ) -> Self {
        Self(name, because: reason) { condition($0) ? .choose(choice) : nil }
    }

    /// Excludes where `condition` holds.
    public static func exclude(
        _ choices: Choice..., named name: String, because reason: String,
        when condition: @escaping @Sendable (Input) -> Bool
    ) -> Self {
        Self(name, because: reason) { condition($0) ? .exclude(choices) : nil }
    }
}

/// What all rules together say: a pure function of the input.
struct RuleOpinion<Choice: Hashable & Sendable> {
    /// What no rule excludes, in the order of all choices.
    var allowed: [Choice]
    /// What the first rule that chooses something allowed chose.
    var chosen: Choice?
    var author: String?
    var reasons: [String] = []

    init<Input>(_ rules: [DecisionRule<Input, Choice>], on input: Input, of choices: [Choice]) {
        allowed = choices
        let verdicts = rules.compactMap { rule in rule.verdict(input).map { (rule, $0) } }
        for case (let rule, .exclude(let excluded)) in verdicts {
            allowed.removeAll { excluded.contains($0) }
            reasons.append("\(rule.name): \(rule.reason)")
        }
        for case (let rule, .choose(let choice)) in verdicts where allowed.contains(choice) && chosen == nil {
            chosen = choice
            author = rule.name
            reasons.append("\(rule.name): \(rule.reason)")
        }
    }
}
