import Apus
public import ApusAgents

extension OpenAIResponses {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        guard request.stop.isEmpty, request.seed == nil else { throw .unsupported("stop sequences or a seed") }
        var input: [JSON] = []
        for message in request.messages { input += try items(message) }
        var body: JSON = ["model": .string(model), "input": .array(input), "store": false]
        body.put("tools", request.tools.map(tool))
        if !request.tools.isEmpty {
            body.put("tool_choice", request.toolChoice.openAI { ["type": "function", "name": $0] })
            body.put("parallel_tool_calls", request.allowsParallelCalls)
        }
        switch request.format {
        case .text: break
        case .json: body["text"] = ["format": ["type": "json_object"]]
        case .schema(let schema, let name):
            var format = schema.openAI(named: name)
            format["type"] = "json_schema"
            body["text"] = ["format": format]
        }
        body.put("max_output_tokens", request.maximumTokens)
        body.put("temperature", request.temperature)
        body.put("top_p", request.topP)
        if let effort = request.reasoning {
            body["reasoning"] = ["effort": .string(try effort.openAI()), "summary": "auto"]
            // Nothing is kept at the provider, so what it thought has to travel.
            body["include"] = ["reasoning.encrypted_content"]
        }
        if isStreamed { body["stream"] = true }
        body.lay(request.extra)
        return WireCall(path, body)
    }

    private func tool(_ tool: ToolDefinition) -> JSON {
        let strict = StrictSchema(tool.parameters)
        var json = tool.openAI
        json["type"] = "function"
        json["parameters"] = strict?.json ?? tool.parameters.json
        json["strict"] = .bool(strict != nil)
        return json
    }

    private func items(_ message: ChatMessage) throws(AnswerFault) -> [JSON] {
        switch message.role {
        case .system: return [["role": "system", "content": .string(message.text)]]
        case .user:
            var content: [JSON] = []
            for part in message.parts { content.append(try block(part)) }
            return [["role": "user", "content": .array(content)]]
        case .assistant: return message.parts.compactMap(item)
        case .tool:
            var items: [JSON] = []
            for result in message.toolResults {
                var content: [JSON] = []
                for part in result.parts { content.append(try block(part)) }
                let output: JSON = result.parts.contains(where: \.isMedia) ? .array(content) : .string(result.text)
                items.append(["type": "function_call_output", "call_id": .string(result.id), "output": output])
            }
            return items
        }
    }

    /// What the model said, thought and called are items of their own.
    private func item(_ part: ChatPart) -> JSON? {
        switch part.content {
        case .text(let text): return ["role": "assistant", "content": .string(text)]
        case .toolCall(let call):
            return [
                "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
                "arguments": .string(call.argumentsText),
            ]
        default: return part.opaque(of: provider)
        }
    }

    private func block(_ part: ChatPart) throws(AnswerFault) -> JSON {
        switch part.content {
        case .text(let text): return ["type": "input_text", "text": .string(text)]
        case .image(let media):
            var json: JSON = ["type": "input_image", "detail": "auto"]
            if case .id(let id) = media.source { json.put("file_id", id) } else { json.put("image_url", media.link) }
            return json
        case .file(let media):
            var json: JSON = ["type": "input_file"]
            json.put("filename", media.name)
            switch media.source {
            case .bytes: json.put("file_data", media.link)
            case .url(let url): json.put("file_url", url)
            case .id(let id): json.put("file_id", id)
            }
            return json
        default: throw .unsupported("a part other than text, images and files")
        }
    }
}
