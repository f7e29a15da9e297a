public import Apus
public import ApusAgents

/// OpenAI's chat completions, which many servers speak; what they do differently are the properties.
public struct OpenAIChat: ChatDialect, EmbeddingDialect {
    /// As in `ModelInfo`; blocks for it alone are marked so.
    public var provider: String
    /// Behind the base address, with a query where there is one.
    public var path = "/chat/completions"
    public var embeddingPath = "/embeddings"
    /// OpenAI's newer models take the limit under this name only, most other servers under `max_tokens` only.
    public var limitName = "max_completion_tokens"
    /// Whether a stream has to be asked for its usage, by a member that some servers refuse.
    public var asksForUsage = true
    /// Whether a stream ends with `[DONE]`; otherwise the reason why the model stopped ends it.
    public var endsWithDone = true
    /// The member under which a server wants the reasoning back that led to a call.
    public var returnedReasoning: String?
    public var seedName = "seed"
    /// Whether there is an effort below low; where there is none, low is asked for instead.
    public var knowsMinimalEffort = true
    public var mediaForm = MediaForm.openAI
    /// How many numbers a vector should have, where a model lets one choose.
    public var dimensions: Int?
    public var dimensionsName = "dimensions"

    /// How sounds and files are written.
    public enum MediaForm: Sendable, Hashable { case openAI, mistral }

    public init(provider: String = "openai") { self.provider = provider }

    public var framing: StreamFraming { .events }

    public func fold() -> OpenAIChatFold { OpenAIChatFold(provider: provider, endsWithDone: endsWithDone) }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        if let error = answer["error"], !error.isNull, let complaint = Complaint(answer) {
            throw complaint.fault(status: nil)
        }
        guard let choice = answer["choices"]?[0], let message = choice["message"] else { throw .missing("message") }
        var fold = fold()
        var assembly = ChatAssembly()
        fold.read(answer) { assembly.add($0) }
        fold.read(message, of: choice) { assembly.add($0) }
        return assembly.response
    }

    public func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall {
        var body: JSON = [
            "model": .string(model), "input": .array(texts.map { .string($0) }), "encoding_format": "float",
        ]
        body.put(dimensionsName, dimensions)
        return WireCall(embeddingPath, body)
    }

    public func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings {
        if let complaint = Complaint(answer) { throw complaint.fault(status: nil) }
        guard let rows = answer["data"]?.elements else { throw .missing("data") }
        let ordered = rows.enumerated().sorted {
            ($0.element["index"]?.integerValue ?? $0.offset) < ($1.element["index"]?.integerValue ?? $1.offset)
        }
        let vectors = try Vector.all(ordered.map { $0.element["embedding"] })
        let usage = answer["usage"] ?? [:]
        return Embeddings(vectors, usage: Usage(inputTokens: usage[count: "prompt_tokens"]))
    }
}
