/// A request to a model, for those who watch: what OpenTelemetry's conventions for generative models ask for, without any words.
public struct ModelCall: Sendable, Hashable, Codable {
    /// Who asked.
    public var agent: String?
    /// As OpenTelemetry's `gen_ai.provider.name` has it.
    public var provider: String
    /// The model that was asked, and the one that answered.
    public var model: String
    public var answeredBy: String?
    public var inputTokens = 0
    public var outputTokens = 0
    public var cachedInputTokens = 0
    public var reasoningTokens = 0
    /// In the currency of the prices that were given.
    public var cost = 0.0
    /// Why the answer ended, as OpenTelemetry has it.
    public var finish: String?
    public var duration: Duration
    /// The kind of error it failed with.
    public var error: String?

    public init(provider: String, model: String, agent: String? = nil, duration: Duration) {
        self.provider = provider
        self.model = model
        self.agent = agent
        self.duration = duration
    }
}

/// A call of a tool, for those who watch, without arguments and result.
public struct ToolInvocation: Sendable, Hashable, Codable {
    /// Whose tool it is.
    public var agent: String?
    public var tool: String
    /// As the model named the call.
    public var call: String?
    public var duration: Duration
    /// Whether it came to an error, also one that the model was told of.
    public var isError: Bool

    public init(tool: String, call: String? = nil, agent: String? = nil, duration: Duration, isError: Bool = false) {
        self.tool = tool
        self.call = call
        self.agent = agent
        self.duration = duration
        self.isError = isError
    }
}
