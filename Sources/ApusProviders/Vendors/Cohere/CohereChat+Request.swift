import Apus
public import ApusAgents

extension CohereChat {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        if request.allowsParallelCalls == false { throw .unsupported("the wish for one call a turn") }
        var messages: [JSON] = []
        for message in request.messages { messages += try self.messages(message) }
        var body: JSON = ["model": .string(model), "messages": .array(messages)]
        body.put("tools", request.tools.map { ["type": "function", "function": $0.openAI] })
        switch request.toolChoice {
        case .auto: break
        case .none: body["tool_choice"] = "NONE"
        case .required: body["tool_choice"] = "REQUIRED"
        case .tool: throw .unsupported("the wish for one tool; send that tool alone and `required`")
        }
        switch request.format {
        case .text: break
        case .json: body["response_format"] = ["type": "json_object"]
        case .schema(let schema, _): body["response_format"] = ["type": "json_object", "json_schema": schema.json]
        }
        body.put("max_tokens", request.maximumTokens)
        body.put("temperature", request.temperature)
        body.put("p", request.topP)
        body.put("stop_sequences", request.stop.map { .string($0) })
        body.put("seed", request.seed)
        switch request.reasoning {
        case nil: break
        case ReasoningEffort.none?: body["thinking"] = ["type": "disabled"]
        case .tokens(let budget)?: body["thinking"] = ["type": "enabled", "token_budget": .integer(Int64(budget))]
        default: body["thinking"] = ["type": "enabled"]
        }
        if isStreamed { body["stream"] = true }
        body.lay(request.extra)
        return WireCall("/chat", body)
    }

    private func messages(_ message: ChatMessage) throws(AnswerFault) -> [JSON] {
        switch message.role {
        case .system: return [["role": "system", "content": .string(message.text)]]
        case .user:
            var blocks: [JSON] = []
            for part in message.parts { blocks.append(try block(part)) }
            return [["role": "user", "content": .array(blocks)]]
        case .assistant:
            var json: JSON = ["role": "assistant"]
            let calls = message.toolCalls.map { call -> JSON in
                let function: JSON = ["name": .string(call.name), "arguments": .string(call.argumentsText)]
                return ["id": .string(call.id), "type": "function", "function": function]
            }
            json.put("tool_calls", calls)
            if !calls.isEmpty, !message.reasoning.isEmpty { json.put("tool_plan", message.reasoning) }
            if !message.text.isEmpty { json.put("content", message.text) }
            return [json]
        case .tool:
            return message.toolResults.map {
                ["role": "tool", "tool_call_id": .string($0.id), "content": .string($0.text)]
            }
        }
    }

    private func block(_ part: ChatPart) throws(AnswerFault) -> JSON {
        switch part.content {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let media):
            guard let link = media.link else { throw .unsupported("an image by its id") }
            return ["type": "image_url", "image_url": ["url": .string(link)]]
        default: throw .unsupported("a part other than text and images")
        }
    }
}
