public import Apus

/// What may be used up: by a team, by an agent, by a call of one agent by another. `nil` is any amount.
///
/// Budgets nest: whoever works for another has the tighter of its own and its share of what the other has left. What a turn of a
/// model may take is reserved before it is asked, and what has been spent is part of the run, so that a budget holds across a crash.
public struct Budget: Sendable, Hashable, Codable {
    /// How often models are asked.
    public var turns: Int?
    public var toolCalls: Int?
    /// Of input and output together.
    public var tokens: Int?
    /// Money, in the currency of the ``PriceTable``.
    public var cost: Double?
    /// When it is over, on the calendar: a run that was away for longer finds it over.
    public var deadline: WallTime?

    public init(
        turns: Int? = nil, toolCalls: Int? = nil, tokens: Int? = nil, cost: Double? = nil, deadline: WallTime? = nil
    ) {
        self.turns = turns
        self.toolCalls = toolCalls
        self.tokens = tokens
        self.cost = cost
        self.deadline = deadline
    }

    /// The tighter of both, in everything.
    public func narrowed(to other: Budget) -> Budget {
        Budget(
            turns: Self.least(turns, other.turns), toolCalls: Self.least(toolCalls, other.toolCalls),
            tokens: Self.least(tokens, other.tokens), cost: Self.least(cost, other.cost),
            deadline: Self.least(deadline, other.deadline))
    }

    /// What is left of it.
    public func less(_ spent: Spending) -> Budget {
        Budget(
            turns: turns.map { max(0, $0 - spent.turns) }, toolCalls: toolCalls.map { max(0, $0 - spent.toolCalls) },
            tokens: tokens.map { max(0, $0 - spent.usage.totalTokens) }, cost: cost.map { max(0, $0 - spent.cost) },
            deadline: deadline)
    }

    /// The share of each of so many who spend it side by side, so that together they can't overspend it. What does not divide is left
    /// over.
    public func shared(among count: Int) -> Budget {
        let count = max(1, count)
        return Budget(
            turns: turns.map { $0 / count }, toolCalls: toolCalls.map { $0 / count }, tokens: tokens.map { $0 / count },
            cost: cost.map { $0 / Double(count) }, deadline: deadline)
    }

    private static func least<Value: Comparable>(_ left: Value?, _ right: Value?) -> Value? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}

/// What has been used up.
public struct Spending: Sendable, Hashable, Codable {
    public var turns = 0
    public var toolCalls = 0
    public var usage = Usage()
    /// In the currency of the ``PriceTable``; models it does not have cost nothing.
    public var cost = 0.0

    public init() {}

    public static func += (left: inout Self, right: Self) {
        left.turns += right.turns
        left.toolCalls += right.toolCalls
        left.usage += right.usage
        left.cost += right.cost
    }
}
