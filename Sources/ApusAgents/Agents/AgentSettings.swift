/// How an agent works, beside its instructions and limits.
public struct AgentSettings: Sendable {
    /// What it knows from elsewhere, asked in this order before the first turn.
    public var memories: [any Memory]
    /// How much of a long conversation its model is shown.
    public var context: ContextPolicy
    /// What models cost, for ``Spending/cost`` and the limits on it.
    public var prices: PriceTable
    public var toolUse: ToolUse
    /// Changes each request before it is sent: its temperature, its reasoning effort, its seed.
    public var prepare: (@Sendable (_ request: inout ChatRequest) -> Void)?
    /// Says what is wrong with an answer, in words for the model, which then answers again; `nil` if nothing is.
    public var check: (@Sendable (_ answer: String, _ state: AgentState) -> String?)?

    public init(
        memories: [any Memory] = [], context: ContextPolicy = .whole, prices: PriceTable = .listed,
        toolUse: ToolUse = .asNeeded, prepare: (@Sendable (_ request: inout ChatRequest) -> Void)? = nil,
        check: (@Sendable (_ answer: String, _ state: AgentState) -> String?)? = nil
    ) {
        self.memories = memories
        self.context = context
        self.prices = prices
        self.toolUse = toolUse
        self.prepare = prepare
        self.check = check
    }
}

/// How an agent uses its tools.
@nonexhaustive
public enum ToolUse: Sendable, Hashable {
    /// It calls them until it has an answer.
    case asNeeded
    /// It has to call some in its first turn, and what they give back is the answer: the model chooses and fills in, no more.
    case once
}
