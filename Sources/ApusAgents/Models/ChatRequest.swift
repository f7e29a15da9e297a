public import Apus

/// What a model is asked.
public struct ChatRequest: Sendable, Hashable, Codable {
    public var messages: [ChatMessage]
    public var tools: [ToolDefinition] = []
    public var toolChoice: ToolChoice = .auto
    /// Whether one turn may call several tools; `nil` leaves it to the provider.
    public var allowsParallelCalls: Bool?
    public var format: ResponseFormat = .text
    /// Of the answer, reasoning included.
    public var maximumTokens: Int?
    public var temperature: Double?
    /// As `top_p`: the share of likely tokens from which one is drawn.
    public var topP: Double?
    public var stop: [String] = []
    public var seed: Int?
    public var reasoning: ReasoningEffort?
    /// Members that are put into the body as they are, over what this library writes: for what only one provider has.
    public var extra: JSON.Object = [:]

    public init(_ messages: [ChatMessage], tools: [ToolDefinition] = [], format: ResponseFormat = .text) {
        self.messages = messages
        self.tools = tools
        self.format = format
    }
}

/// The form of an answer.
public enum ResponseFormat: Sendable, Hashable, Codable {
    case text
    /// Some JSON object.
    case json
    /// JSON that a schema describes.
    case schema(JSONSchema, name: String)
}

/// How long a model thinks before it answers.
public enum ReasoningEffort: Sendable, Hashable, Codable {
    case none, minimal, low, medium, high
    /// So many tokens at most.
    case tokens(Int)
}
