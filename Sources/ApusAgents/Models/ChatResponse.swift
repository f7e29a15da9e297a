/// What a model answered.
public struct ChatResponse: Sendable, Hashable, Codable {
    public var message: ChatMessage
    public var finish: FinishReason
    public var usage: Usage
    /// As the provider names the answer.
    public var id: String?
    /// The model that answered, as the provider names it.
    public var model: String?

    public init(
        _ message: ChatMessage, finish: FinishReason, usage: Usage = Usage(), id: String? = nil, model: String? = nil
    ) {
        self.message = message
        self.finish = finish
        self.usage = usage
        self.id = id
        self.model = model
    }

    public var text: String { message.text }
    public var toolCalls: [ToolCall] { message.toolCalls }
}

/// Why a model stopped.
public enum FinishReason: Sendable, Hashable, Codable {
    /// It had said everything, or came to a stop sequence.
    case stop
    /// At the limit of tokens.
    case length
    case toolCalls
    /// A filter of the provider cut the answer off.
    case contentFilter
    /// The model declined.
    case refusal
    /// The provider paused a long turn and wants to be asked on.
    case paused
    /// Anything else, as the provider calls it.
    case other(String)
}

/// The tokens of an answer, and what they were spent on.
public struct Usage: Sendable, Hashable, Codable {
    /// All that was read, cached or not.
    public var inputTokens: Int
    /// All that was written, reasoning included.
    public var outputTokens: Int
    /// Of ``inputTokens``, what came out of the provider's cache.
    public var cachedInputTokens: Int
    /// Of ``inputTokens``, what went into it.
    public var cacheWriteTokens: Int
    /// Of ``outputTokens``, what the model thought.
    public var reasoningTokens: Int

    public init(
        inputTokens: Int = 0, outputTokens: Int = 0, cachedInputTokens: Int = 0, cacheWriteTokens: Int = 0,
        reasoningTokens: Int = 0
    ) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedInputTokens = cachedInputTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.reasoningTokens = reasoningTokens
    }

    public var totalTokens: Int { inputTokens + outputTokens }

    public static func + (left: Self, right: Self) -> Self {
        Usage(
            inputTokens: left.inputTokens + right.inputTokens, outputTokens: left.outputTokens + right.outputTokens,
            cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
            cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
            reasoningTokens: left.reasoningTokens + right.reasoningTokens)
    }

    public static func += (left: inout Self, right: Self) { left = left + right }
}
