public import Apus
public import ApusAgents

/// Anthropic's messages.
public struct AnthropicMessages: ChatDialect {
    /// As in `ModelInfo`; blocks for it alone are marked so.
    public var provider: String
    public var path = "/messages"
    /// Anthropic wants a limit with every request; this is it where the request has none.
    public var standardLimit = 8_192
    /// As the header `anthropic-version` names it. From 2026-10-21 on neither a temperature nor a `top_p` is taken; with the version
    /// before, older models take them.
    public var version = "2023-06-01"
    /// Extensions to switch on, as the header `anthropic-beta` names them.
    public var betas: [String] = []

    public init(provider: String = "anthropic") { self.provider = provider }

    public var framing: StreamFraming { .events }

    public func fold() -> AnthropicFold { AnthropicFold(provider: provider) }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        if let complaint = Complaint(answer) { throw complaint.fault(status: nil) }
        guard let blocks = answer["content"]?.elements else { throw .missing("content") }
        let parts = blocks.map { AnthropicBlock($0).part(provider: provider) }
        return ChatResponse(
            ChatMessage(.assistant, parts),
            finish: answer["stop_reason"]?.text.map { FinishReason(anthropic: $0) } ?? .other("unfinished"),
            usage: Usage(anthropic: answer["usage"] ?? [:]), id: answer.words("id"), model: answer.words("model"))
    }
}

/// A block of an answer, whole.
struct AnthropicBlock {
    var json: JSON

    init(_ json: JSON) { self.json = json }

    /// What goes back to the provider: a signature alone as text, a block without a name here as it is.
    func part(provider: String) -> ChatPart {
        switch json["type"]?.text {
        case "text": return .text(json["text"]?.text ?? "")
        case "thinking":
            let signature = json.words("signature").map { OpaqueBlock(provider: provider, .string($0)) }
            return ChatPart(.reasoning(json["thinking"]?.text ?? ""), opaque: signature)
        case "redacted_thinking": return ChatPart(.reasoning(""), opaque: OpaqueBlock(provider: provider, json))
        case "tool_use":
            return ChatPart(
                .toolCall(
                    ToolCall(
                        id: json["id"]?.text ?? "", name: json["name"]?.text ?? "", arguments: json["input"] ?? [:])))
        default: return ChatPart(.other, opaque: OpaqueBlock(provider: provider, json))
        }
    }
}

extension FinishReason {
    init(anthropic reason: String) {
        switch reason {
        case "end_turn", "stop_sequence": self = .stop
        case "max_tokens", "model_context_window_exceeded": self = .length
        case "tool_use": self = .toolCalls
        case "refusal": self = .refusal
        case "pause_turn": self = .paused
        default: self = .other(reason)
        }
    }
}

extension Usage {
    /// Anthropic counts what its cache did apart from the rest of the input.
    init(anthropic usage: JSON) {
        let (read, written) = (usage[count: "cache_read_input_tokens"], usage[count: "cache_creation_input_tokens"])
        self.init(
            inputTokens: usage[count: "input_tokens"] + read + written, outputTokens: usage[count: "output_tokens"],
            cachedInputTokens: read, cacheWriteTokens: written,
            reasoningTokens: usage["output_tokens_details"]?[count: "thinking_tokens"] ?? 0)
    }
}
