import Apus

/// What an agent may use up for one task, and how it goes about it.
public struct AgentLimits: Sendable, Hashable, Codable {
    /// How often the model is asked.
    public var turns: Int
    public var toolCalls: Int
    /// Of input and output together; `nil` for any number.
    public var tokens: Int?
    /// Money, in the currency of the agent's ``PriceTable``, which has to have its model.
    public var cost: Double?
    /// From the first turn on, on the calendar.
    public var time: Duration?
    /// Of one answer, where tokens or money are limited: so many are reserved before the model is asked.
    public var answerTokens: Int
    /// How many turns in a row may have arguments or an answer that don't fit.
    public var mends: Int
    /// How many calls of one turn run side by side.
    public var concurrentCalls: Int
    /// How much of a tool's text the model is shown, in bytes; the rest is left out, and the model told so.
    public var resultBytes: Int

    public init(
        turns: Int = 25, toolCalls: Int = 100, tokens: Int? = nil, cost: Double? = nil, time: Duration? = nil,
        answerTokens: Int = 8_192, mends: Int = 3, concurrentCalls: Int = 16, resultBytes: Int = 256 << 10
    ) {
        self.turns = turns
        self.toolCalls = toolCalls
        self.tokens = tokens
        self.cost = cost
        self.time = time
        self.answerTokens = answerTokens
        self.mends = mends
        self.concurrentCalls = concurrentCalls
        self.resultBytes = resultBytes
    }

    /// What they allow to a task that began at `start`.
    func budget(from start: WallTime?) -> Budget {
        let deadline: WallTime? = if let start, let time { start.advanced(by: time) } else { nil }
        return Budget(turns: turns, toolCalls: toolCalls, tokens: tokens, cost: cost, deadline: deadline)
    }
}
