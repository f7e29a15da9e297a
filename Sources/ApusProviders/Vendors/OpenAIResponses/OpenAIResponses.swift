public import Apus
public import ApusAgents

/// OpenAI's responses, which other servers have begun to speak. Nothing is kept at the provider: the whole conversation is sent.
public struct OpenAIResponses: ChatDialect {
    /// As in `ModelInfo`; blocks for it alone are marked so.
    public var provider: String
    /// Behind the base address, with a query where there is one.
    public var path = "/responses"

    public init(provider: String = "openai") { self.provider = provider }

    public var framing: StreamFraming { .events }

    public func fold() -> OpenAIResponsesFold { OpenAIResponsesFold(provider: provider) }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        guard let items = answer["output"]?.elements else {
            throw Complaint(answer)?.fault(status: nil) ?? .missing("output")
        }
        let parts = items.map { ResponseItem($0).part(provider: provider) }
        let message = ChatMessage(.assistant, parts)
        return ChatResponse(
            message, finish: try .response(answer, hasCalls: !message.toolCalls.isEmpty),
            usage: Usage(responses: answer["usage"] ?? [:]), id: answer.words("id"), model: answer.words("model"))
    }
}

/// An item of the output, whole.
struct ResponseItem {
    var json: JSON

    init(_ json: JSON) { self.json = json }

    /// All but text and calls goes back as it came.
    func part(provider: String) -> ChatPart {
        let opaque = OpaqueBlock(provider: provider, json)
        switch json["type"]?.text {
        case "message": return .text(text)
        case "reasoning": return ChatPart(.reasoning(thought), opaque: opaque)
        case "function_call":
            return ChatPart(
                .toolCall(
                    ToolCall(
                        id: json["call_id"]?.text ?? "", name: json["name"]?.text ?? "",
                        argumentsText: json["arguments"]?.text ?? "")))
        default: return ChatPart(.other, opaque: opaque)
        }
    }

    /// What was said, a refusal included.
    var text: String {
        let pieces = json["content"]?.elements ?? []
        return pieces.map { $0["text"]?.text ?? $0["refusal"]?.text ?? "" }.joined()
    }

    var isRefusal: Bool { json["content"]?.elements?.contains { $0["refusal"] != nil } ?? false }

    /// A summary where there is one, otherwise what the model thought word by word.
    var thought: String {
        let texts = { (key: String) in (json[key]?.elements ?? []).compactMap { $0["text"]?.text } }
        let summary = texts("summary")
        return (summary.isEmpty ? texts("content") : summary).joined(separator: "\n\n")
    }
}

extension FinishReason {
    /// - Throws: where the answer says that it failed.
    static func response(_ answer: JSON, hasCalls: Bool) throws(AnswerFault) -> Self {
        switch answer["status"]?.text {
        case "completed", nil:
            let isRefusal = answer["output"]?.elements?.contains { ResponseItem($0).isRefusal } ?? false
            return hasCalls ? .toolCalls : isRefusal ? .refusal : .stop
        case "incomplete":
            switch answer["incomplete_details"]?["reason"]?.text {
            case "max_output_tokens": return .length
            case "content_filter": return .contentFilter
            case let reason: return .other(reason ?? "incomplete")
            }
        case "failed": throw (Complaint(answer) ?? Complaint(message: "the model failed")).fault(status: nil)
        case let status?: return .other(status)
        }
    }
}

extension Usage {
    init(responses usage: JSON) {
        let input = usage["input_tokens_details"] ?? [:]
        self.init(
            inputTokens: usage[count: "input_tokens"], outputTokens: usage[count: "output_tokens"],
            cachedInputTokens: input[count: "cached_tokens"], cacheWriteTokens: input[count: "cache_write_tokens"],
            reasoningTokens: usage["output_tokens_details"]?[count: "reasoning_tokens"] ?? 0)
    }
}
