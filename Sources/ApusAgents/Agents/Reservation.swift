import Apus

/// What one turn may take of a budget, set aside before the model is asked.
struct Reservation {
    /// The longest answer that is still paid for; `nil` if nothing limits it.
    let answerTokens: Int?

    /// Throws if not even a short answer is within the budget.
    ///
    /// `left` is what is left of it; `input` is how long the request is, as estimated.
    init(
        of left: Budget, input: Int, _ limits: AgentLimits, _ price: PriceTable.Price?, of agent: String,
        at now: WallTime
    ) throws(AgentError) {
        if let turns = left.turns, turns < 1 { throw AgentError(.tooManyTurns, agent: agent) }
        if let deadline = left.deadline, deadline <= now {
            throw AgentError(.budgetSpent, agent: agent, detail: "its time is over")
        }
        var most: Int?
        if let tokens = left.tokens { most = tokens - input }
        if let cost = left.cost {
            guard let price else {
                throw AgentError(
                    .budgetSpent, agent: agent, detail: "money is limited, and the price of the model unknown")
            }
            let affordable = (cost * 1_000_000 - Double(input) * price.input) / max(price.output, .leastNormalMagnitude)
            most = min(most ?? .max, Int(min(affordable.rounded(.down), 1e15)))
        }
        guard let most else {
            answerTokens = nil
            return
        }
        guard most >= Self.shortest else {
            let what = [left.tokens.map { "\($0) tokens" }, left.cost.map { "\($0) of money" }].compactMap(\.self)
            throw AgentError(
                .budgetSpent, agent: agent,
                detail: "\(what.joined(separator: " and ")) left, and the next turn reads about \(input) tokens")
        }
        answerTokens = min(most, limits.answerTokens)
    }

    /// An answer of fewer tokens is not worth asking for.
    private static let shortest = 16
}

extension Budget {
    /// Throws if so many more calls are not within it.
    func admit(calls count: Int, of agent: String, after spent: Spending) throws(AgentError) {
        if let toolCalls, count > toolCalls {
            throw AgentError(.budgetSpent, agent: agent, detail: "\(count) tool calls, and \(toolCalls) are left")
                .costing(spent)
        }
    }
}
