/// What an agent may use up for one task. What is spent is part of its state, so that a limit holds across a crash.
public struct AgentLimits: Sendable, Hashable, Codable {
    /// How often the model is asked.
    public var turns: Int
    public var toolCalls: Int
    /// Of input and output together; `nil` for any number.
    public var tokens: Int?
    /// How many turns in a row may have arguments or an answer that don't fit.
    public var mends: Int
    /// How many calls of one turn run side by side.
    public var concurrentCalls: Int

    public init(turns: Int = 25, toolCalls: Int = 100, tokens: Int? = nil, mends: Int = 3, concurrentCalls: Int = 16) {
        self.turns = turns
        self.toolCalls = toolCalls
        self.tokens = tokens
        self.mends = mends
        self.concurrentCalls = concurrentCalls
    }

    /// Throws if another turn is not within the limits.
    func admitTurn(_ spent: Spending, of agent: String) throws(AgentError) {
        if spent.turns >= turns { throw AgentError(.tooManyTurns, agent: agent, detail: "limit \(turns)") }
        if let tokens, spent.usage.totalTokens >= tokens {
            throw AgentError(.budgetSpent, agent: agent, detail: "\(spent.usage.totalTokens) of \(tokens) tokens")
        }
    }

    /// Throws if so many more calls are not within the limits.
    func admitCalls(_ count: Int, _ spent: Spending, of agent: String) throws(AgentError) {
        if spent.toolCalls + count > toolCalls {
            throw AgentError(
                .budgetSpent, agent: agent, detail: "\(count) more than \(spent.toolCalls) of \(toolCalls) tool calls")
        }
    }
}
