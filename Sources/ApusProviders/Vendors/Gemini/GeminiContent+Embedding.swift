public import Apus
public import ApusAgents

extension GeminiContent {
    public func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall {
        switch place {
        case .gemini: batch(texts, to: model)
        // The models of before have an interface of before.
        case .vertex: model.contains("gemini") ? contents(texts, to: model) : predictions(texts, to: model)
        }
    }

    private func content(_ text: String) -> JSON { ["parts": [["text": .string(text)]]] }

    private func batch(_ texts: [String], to model: String) -> WireCall {
        let requests = texts.map { text -> JSON in
            var request: JSON = ["model": .string("models/\(model)"), "content": content(text)]
            configure(&request)
            return request
        }
        return WireCall(path(model, "batchEmbedContents"), ["requests": .array(requests)])
    }

    private func contents(_ texts: [String], to model: String) -> WireCall {
        let requests = texts.map { text -> JSON in
            var (request, configuration): (JSON, JSON) = (["content": content(text)], [:])
            configure(&configuration)
            if configuration != [:] { request["embedContentConfig"] = configuration }
            return request
        }
        if requests.count == 1 { return WireCall(path(model, "embedContent"), requests[0]) }
        return WireCall(path(model, "batchEmbedContents"), ["requests": .array(requests)])
    }

    private func configure(_ json: inout JSON) {
        json.put("taskType", taskType)
        json.put("outputDimensionality", dimensions)
    }

    private func predictions(_ texts: [String], to model: String) -> WireCall {
        let instances = texts.map { text -> JSON in
            var instance: JSON = ["content": .string(text)]
            instance.put("task_type", taskType)
            return instance
        }
        var body: JSON = ["instances": .array(instances)]
        if let dimensions { body["parameters"] = ["outputDimensionality": .integer(Int64(dimensions))] }
        return WireCall(path(model, "predict"), body)
    }

    public func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings {
        if let complaint = Complaint(answer) { throw complaint.fault(status: nil) }
        if let predictions = answer["predictions"]?.elements {
            let tokens = predictions.map { $0["embeddings"]?["statistics"]?[count: "token_count"] ?? 0 }
            return Embeddings(
                try Vector.all(predictions.map { $0["embeddings"]?["values"] }),
                usage: Usage(inputTokens: tokens.reduce(0, +)))
        }
        guard let rows = answer["embeddings"]?.elements ?? answer["embedding"].map({ [$0] }) else {
            throw .missing("embeddings")
        }
        let usage = answer["usageMetadata"] ?? [:]
        return Embeddings(
            try Vector.all(rows.map { $0["values"] }), usage: Usage(inputTokens: usage[count: "promptTokenCount"]))
    }
}
