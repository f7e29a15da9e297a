public import Apus
public import ApusAgents

/// Ollama's own interface. Its other one, `/v1`, is that of OpenAI.
public struct OllamaChat: ChatDialect, EmbeddingDialect {
    /// How many numbers a vector should have, where a model lets one choose.
    public var dimensions: Int?

    public init() {}

    public var framing: StreamFraming { .lines }

    public func fold() -> OllamaFold { OllamaFold() }

    /// A whole answer is a stream of one line.
    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        var fold = fold()
        var assembly = ChatAssembly()
        try fold.read(answer) { assembly.add($0) }
        guard fold.isComplete else { throw .missing("end") }
        return assembly.response
    }

    public func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall {
        var body: JSON = ["model": .string(model), "input": .array(texts.map { .string($0) })]
        body.put("dimensions", dimensions)
        return WireCall("/embed", body)
    }

    public func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings {
        if let complaint = Complaint(answer) { throw complaint.fault(status: nil) }
        guard let rows = answer["embeddings"]?.elements else { throw .missing("embeddings") }
        return Embeddings(try Vector.all(rows), usage: Usage(inputTokens: answer[count: "prompt_eval_count"]))
    }
}

/// Reads the lines of an answer of Ollama's.
public struct OllamaFold: ChatFold {
    public private(set) var isComplete = false
    private var hasBegun = false
    private var parts = PartNumbers()
    private var calls = 0

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        try read(try event.json(), emit)
    }

    mutating func read(_ line: JSON, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        guard let message = line["message"], message.members != nil else {
            throw Complaint(line)?.fault(status: nil) ?? .missing("message")
        }
        if !hasBegun {
            hasBegun = true
            emit(.began(id: nil, model: line.words("model")))
        }
        if let words = message.words("thinking") { emit(.reasoning(words, index: parts.number(of: .reasoning))) }
        if let words = message.words("content") { emit(.text(words, index: parts.number(of: .text))) }
        for call in message["tool_calls"]?.elements ?? [] {
            calls += 1
            let index = parts.number(of: .call(calls))
            let function = call["function"] ?? [:]
            let id = call.words("id") ?? "call_\(calls)"
            emit(.toolCallBegan(id: id, name: function["name"]?.text ?? "", index: index))
            let arguments = function["arguments"] ?? [:]
            emit(.toolCallArguments(arguments.text ?? "\(arguments)", index: index))
        }
        guard line["done"]?.flag == true else { return }
        emit(
            .usage(
                Usage(inputTokens: line[count: "prompt_eval_count"], outputTokens: line[count: "eval_count"])))
        switch line.words("done_reason") ?? "stop" {
        case "stop": emit(.finished(calls > 0 ? .toolCalls : .stop))
        case "length": emit(.finished(.length))
        case let reason: emit(.finished(.other(reason)))
        }
        isComplete = true
    }
}
