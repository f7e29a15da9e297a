public import Apus
public import ApusAgents

/// Cohere's second chat interface.
public struct CohereChat: ChatDialect, EmbeddingDialect {
    /// What vectors are for: Cohere makes different ones for queries and for what is searched.
    public var inputType = "search_document"
    /// How many numbers a vector should have.
    public var dimensions: Int?

    public init() {}

    public var framing: StreamFraming { .events }

    public func fold() -> CohereFold { CohereFold() }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        guard let message = answer["message"], message.members != nil else {
            throw Complaint(answer)?.fault(status: nil) ?? .missing("message")
        }
        var parts: [ChatPart] = []
        if let plan = message.words("tool_plan") { parts.append(ChatPart(.reasoning(plan))) }
        for block in message["content"]?.elements ?? [] {
            if let thought = block["thinking"]?.text { parts.append(ChatPart(.reasoning(thought))) }
            if let text = block["text"]?.text { parts.append(.text(text)) }
        }
        for call in message["tool_calls"]?.elements ?? [] {
            let function = call["function"] ?? [:]
            let name = function["name"]?.text ?? ""
            parts.append(
                ChatPart(
                    .toolCall(
                        ToolCall(
                            id: call["id"]?.text ?? "", name: name, argumentsText: function["arguments"]?.text ?? ""))))
        }
        return ChatResponse(
            ChatMessage(.assistant, parts), finish: try .cohere(answer),
            usage: Usage(cohere: answer["usage"] ?? [:]), id: answer.words("id"))
    }

    public func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall {
        var body: JSON = [
            "model": .string(model), "texts": .array(texts.map { .string($0) }), "input_type": .string(inputType),
            "embedding_types": ["float"],
        ]
        body.put("output_dimension", dimensions)
        return WireCall("/embed", body)
    }

    public func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings {
        guard let embeddings = answer["embeddings"] else {
            throw Complaint(answer)?.fault(status: nil) ?? .missing("embeddings")
        }
        guard let rows = embeddings["float"]?.elements else { throw .missing("vectors of floating-point numbers") }
        let billed = answer["meta"]?["billed_units"] ?? [:]
        return Embeddings(try Vector.all(rows), usage: Usage(inputTokens: billed[count: "input_tokens"]))
    }
}

extension FinishReason {
    /// - Throws: where the reason is an error, under whatever status it came.
    static func cohere(_ answer: JSON) throws(AnswerFault) -> Self {
        switch answer["finish_reason"]?.text {
        case "COMPLETE", "STOP_SEQUENCE": return .stop
        case "MAX_TOKENS": return .length
        case "TOOL_CALL": return .toolCalls
        case "TIMEOUT": throw AnswerFault(.unreachable, "the model took too long")
        case "ERROR":
            let type = answer.words("error_type")
            let words = answer.words("error") ?? "the model failed"
            throw AnswerFault(type == "INVALID_TOOL_GENERATION" ? .malformedAnswer : .overloaded, words)
        case let reason: return .other(reason ?? "unfinished")
        }
    }
}

extension Usage {
    init(cohere usage: JSON) {
        let tokens = usage["tokens"] ?? usage["billed_units"] ?? [:]
        self.init(
            inputTokens: tokens[count: "input_tokens"], outputTokens: tokens[count: "output_tokens"],
            cachedInputTokens: usage[count: "cached_tokens"], reasoningTokens: tokens[count: "reasoning_tokens"])
    }
}
