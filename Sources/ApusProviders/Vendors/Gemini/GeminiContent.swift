public import Apus
public import ApusAgents

/// Google's `generateContent`, of Gemini and of Vertex.
public struct GeminiContent: ChatDialect, EmbeddingDialect {
    /// Where models stand behind the base address.
    public enum Place: Sendable, Hashable {
        /// `/models/…` of the Gemini API.
        case gemini
        /// `/publishers/google/models/…`, behind a project and a region.
        case vertex
    }

    public var place: Place
    /// What vectors are for, such as `RETRIEVAL_QUERY`.
    public var taskType: String?
    /// How many numbers a vector should have.
    public var dimensions: Int?

    public init(_ place: Place = .gemini) { self.place = place }

    /// As in `ModelInfo`; both understand each other's signatures.
    public var provider: String { "gcp.gemini" }
    public var framing: StreamFraming { .events }

    public func fold() -> GeminiFold { GeminiFold(provider: provider) }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        // Without `alt=sse` a stream is one array, and may be read as a whole.
        let chunks = answer.elements ?? [answer]
        var fold = fold()
        var assembly = ChatAssembly()
        for chunk in chunks { try fold.read(chunk) { assembly.add($0) } }
        guard fold.hasCandidate else { throw .missing("candidate") }
        return assembly.response
    }

    func path(_ model: String, _ method: String) -> String {
        switch place {
        case .gemini: "/models/\(model):\(method)"
        case .vertex: "/publishers/google/models/\(model):\(method)"
        }
    }

    public func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall {
        switch place {
        case .gemini:
            let requests = texts.map { text -> JSON in
                var request: JSON = [
                    "model": .string("models/\(model)"), "content": ["parts": [["text": .string(text)]]],
                ]
                request.put("taskType", taskType)
                request.put("outputDimensionality", dimensions)
                return request
            }
            return WireCall(path(model, "batchEmbedContents"), ["requests": .array(requests)])
        case .vertex:
            let instances = texts.map { text -> JSON in
                var instance: JSON = ["content": .string(text)]
                instance.put("task_type", taskType)
                return instance
            }
            var body: JSON = ["instances": .array(instances)]
            if let dimensions { body["parameters"] = ["outputDimensionality": .integer(Int64(dimensions))] }
            return WireCall(path(model, "predict"), body)
        }
    }

    public func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings {
        if let complaint = Complaint(answer) { throw complaint.fault(status: nil) }
        if let predictions = answer["predictions"]?.elements {
            let tokens = predictions.map { $0["embeddings"]?["statistics"]?[count: "token_count"] ?? 0 }
            return Embeddings(
                try Vector.all(predictions.map { $0["embeddings"]?["values"] }),
                usage: Usage(inputTokens: tokens.reduce(0, +)))
        }
        guard let rows = answer["embeddings"]?.elements else { throw .missing("embeddings") }
        let usage = answer["usageMetadata"] ?? [:]
        return Embeddings(
            try Vector.all(rows.map { $0["values"] }), usage: Usage(inputTokens: usage[count: "promptTokenCount"]))
    }
}
