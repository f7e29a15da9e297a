public import Apus

/// Decides by rules, by a model, or by both; the mode is chosen anew for each decision.
///
/// Choices are the raw values a model sees, so give them names that say what they mean.
public struct DecisionEngine<Input: Sendable, Choice>: Sendable
where Choice: CaseIterable & Codable & Hashable & RawRepresentable & Sendable, Choice.RawValue == String {
    public let question: String
    public let rules: [DecisionRule<Input, Choice>]
    /// What is chosen where no rule chooses and none excludes it.
    public let fallback: Choice
    private let model: (any LLMProvider)?
    private let describe: @Sendable (Input) throws -> String
    /// From which level of degradation on rules decide alone.
    private var rulesFrom: DegradationLevel?

    /// `describe` says in words what a model has to know of an input.
    public init(
        _ question: String, rules: [DecisionRule<Input, Choice>], fallback: Choice, model: (any LLMProvider)? = nil,
        describe: @escaping @Sendable (Input) throws -> String
    ) {
        self.question = question
        self.rules = rules
        self.fallback = fallback
        self.model = model
        self.describe = describe
    }

    /// The same engine, which asks no model from this level on.
    public func rulesOnly(from level: DegradationLevel) -> Self {
        var engine = self
        engine.rulesFrom = level
        return engine
    }

    /// Decides as the level allows that a node sees, see `NodeContext.level(of:)`.
    public func decide(_ input: Input, by mode: DecisionMode, at level: DegradationLevel) async throws -> Decision<
        Choice
    > {
        guard let rulesFrom, level >= rulesFrom, mode != .rules else { return try await decide(input, by: mode) }
        var decision = try await decide(input, by: .rules)
        decision.modelFailure = "at the level \(level) no model is asked"
        return decision
    }

    /// Throws ``DecisionError`` or, in the mode ``DecisionMode/model`` alone, what the model throws.
    public func decide(_ input: Input, by mode: DecisionMode) async throws -> Decision<Choice> {
        let opinion = RuleOpinion(rules, on: input, of: Array(Choice.allCases))
        if mode != .model, opinion.allowed.isEmpty { throw DecisionError(.nothingAllowed) }
        switch mode {
        case .rules: return byRules(opinion, mode)
        case .model: return try await byModel(input, Array(Choice.allCases), mode)
        case .hybrid where opinion.allowed.count == 1: return byRules(opinion, mode)
        case .hybrid, .modelWithRules:
            do {
                let choices = mode == .hybrid ? opinion.allowed : Array(Choice.allCases)
                var decision = try await byModel(input, choices, mode)
                if mode == .hybrid { decision.reasons = opinion.reasons + decision.reasons }
                return decision
            } catch let error as CancellationError {
                throw error
            } catch {
                var decision = byRules(opinion, mode)
                decision.modelFailure = "\(error)"
                return decision
            }
        }
    }

    private func byRules(_ opinion: RuleOpinion<Choice>, _ mode: DecisionMode) -> Decision<Choice> {
        if let chosen = opinion.chosen, let author = opinion.author {
            return Decision(choice: chosen, author: .rule(author), mode: mode, reasons: opinion.reasons)
        }
        let choice = opinion.allowed.contains(fallback) ? fallback : opinion.allowed[0]
        return Decision(choice: choice, author: .fallback, mode: mode, reasons: opinion.reasons)
    }

    private struct Reply: Codable {
        var reason: String
        var choice: String
    }

    private func byModel(_ input: Input, _ choices: [Choice], _ mode: DecisionMode) async throws -> Decision<Choice> {
        guard let model else { throw DecisionError(.noModel) }
        let names = choices.map { JSON.string($0.rawValue) }
        let schema = JSONSchema([
            "type": "object", "additionalProperties": false, "required": ["reason", "choice"],
            "properties": ["reason": ["type": "string"], "choice": ["type": "string", "enum": .array(names)]],
        ])
        let system =
            "\(question)\nAnswer with JSON: a reason in one sentence, and one of the choices \(JSON.array(names))."
        let request = ChatRequest(
            [.system(system), .user(try describe(input))], format: .schema(schema, name: "decision"))
        let response = try await model.chat(request.fitted(to: model.info))
        let reply: Reply
        do {
            reply = try JSON(parsing: StructuredText.json(in: response.text)).decode(as: Reply.self)
        } catch {
            throw DecisionError(.invalidChoice, detail: "it is not of the form asked for")
        }
        guard let choice = Choice(rawValue: reply.choice), choices.contains(choice) else {
            throw DecisionError(.invalidChoice, detail: "it is none of \(JSON.array(names))")
        }
        return Decision(choice: choice, author: .model(model.info.model), mode: mode, reasons: [reply.reason])
    }
}
