import Apus
public import ApusAgents

extension OllamaChat {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        if request.allowsParallelCalls == false { throw .unsupported("the wish for one call a turn") }
        var messages: [JSON] = []
        for message in request.messages { messages += try self.messages(message) }
        var body: JSON = ["model": .string(model), "messages": .array(messages), "stream": .bool(isStreamed)]
        switch request.toolChoice {
        case .auto: body.put("tools", request.tools.map { ["type": "function", "function": $0.openAI] })
        case .none: break
        case .required, .tool: throw .unsupported("the wish that a tool be called")
        }
        switch request.format {
        case .text: break
        case .json: body["format"] = "json"
        case .schema(let schema, _): body["format"] = schema.json
        }
        var options: JSON = [:]
        options.put("num_predict", request.maximumTokens)
        options.put("temperature", request.temperature)
        options.put("top_p", request.topP)
        options.put("stop", request.stop.map { .string($0) })
        options.put("seed", request.seed)
        if options != [:] { body["options"] = options }
        switch request.reasoning {
        case nil: break
        case ReasoningEffort.none?: body["think"] = false
        case .low?, .medium?, .high?: body.put("think", try request.reasoning?.openAI())
        case .minimal?, .tokens?: body["think"] = true
        }
        body.lay(request.extra)
        return WireCall("/chat", body)
    }

    private func messages(_ message: ChatMessage) throws(AnswerFault) -> [JSON] {
        if message.role == .tool {
            return message.toolResults.map {
                ["role": "tool", "tool_name": .string($0.name), "content": .string($0.text)]
            }
        }
        var json: JSON = ["role": .string(message.role.rawValue), "content": .string(message.text)]
        var images: [JSON] = []
        for part in message.parts where part.isMedia {
            guard case .image(let media) = part.content, let data = media.base64 else {
                throw .unsupported("media other than images at hand")
            }
            images.append(.string(data))
        }
        json.put("images", images)
        if !message.reasoning.isEmpty { json.put("thinking", message.reasoning) }
        json.put(
            "tool_calls",
            message.toolCalls.map { call in
                ["function": ["name": .string(call.name), "arguments": (try? call.arguments) ?? [:]]]
            })
        return [json]
    }
}
