/// What a model is shown of a conversation that has grown long.
public struct AgentContext: Sendable, Hashable, Codable {
    /// How many messages from the first on are no longer shown.
    public internal(set) var hidden = 0
    /// What they said, in short, if that was put together.
    public internal(set) var summary: String?
    /// How many tokens the next request has, by the provider's last count and an estimate of what came since.
    public internal(set) var tokens = 0

    public init() {}
}

/// How much of a conversation a model is shown. The run keeps all of it.
public struct ContextPolicy: Sendable {
    enum Kind: Sendable {
        case whole
        case window(messages: Int)
        /// By the agent's own model where there is no other.
        case compacted(tokens: Int, keeping: Int, by: (any LLMProvider)?)
    }

    let kind: Kind

    /// All of it.
    public static let whole = Self(kind: .whole)

    /// The last so many messages, and what the user said last.
    public static func window(messages: Int) -> Self { Self(kind: .window(messages: max(1, messages))) }

    /// Once a request would have more than so many tokens, all but the last messages are replaced by a summary of them, which `model`
    /// writes, or the agent's own. Also done when the provider says that a request is too long.
    public static func compacted(
        above tokens: Int, keeping messages: Int = 6, by model: (any LLMProvider)? = nil
    ) -> Self {
        Self(kind: .compacted(tokens: tokens, keeping: max(1, messages), by: model))
    }
}
