import Apus
public import ApusAgents

extension OpenAIChat {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        var messages: [JSON] = []
        for message in request.messages { messages += try self.messages(message) }
        var body: JSON = ["model": .string(model), "messages": .array(messages)]
        body.put("tools", request.tools.map { ["type": "function", "function": $0.openAI] })
        if !request.tools.isEmpty {
            body.put("tool_choice", request.toolChoice.openAI { ["type": "function", "function": ["name": $0]] })
            body.put("parallel_tool_calls", request.allowsParallelCalls)
        }
        body.put("response_format", request.format.openAI)
        body.put(limitName, request.maximumTokens)
        body.put("temperature", request.temperature)
        body.put("top_p", request.topP)
        body.put("stop", request.stop.map { .string($0) })
        body.put(seedName, request.seed)
        body.put("reasoning_effort", try request.reasoning.map(effort))
        if isStreamed {
            body["stream"] = true
            if asksForUsage { body["stream_options"] = ["include_usage": true] }
        }
        body.lay(request.extra)
        return WireCall(path, body)
    }

    /// One message may become several: each tool's result is a message of its own.
    private func messages(_ message: ChatMessage) throws(AnswerFault) -> [JSON] {
        switch message.role {
        case .system: return [["role": "system", "content": .string(message.text)]]
        case .user: return [["role": "user", "content": try content(message.parts)]]
        case .assistant: return [assistant(message)]
        case .tool:
            var messages: [JSON] = message.toolResults.map {
                ["role": "tool", "tool_call_id": .string($0.id), "content": .string($0.text)]
            }
            // A tool's message holds text alone; what else a tool gave comes from the user.
            let media = message.toolResults.flatMap(\.parts).filter(\.isMedia)
            if !media.isEmpty { messages.append(["role": "user", "content": try content(media)]) }
            return messages
        }
    }

    private func assistant(_ message: ChatMessage) -> JSON {
        var json: JSON = ["role": "assistant", "content": message.text.isEmpty ? .null : .string(message.text)]
        var calls: [JSON] = []
        for part in message.parts {
            switch part.content {
            case .toolCall(let call):
                let function: JSON = ["name": .string(call.name), "arguments": .string(call.argumentsText)]
                var block: JSON = ["id": .string(call.id), "type": "function", "function": function]
                block.put("extra_content", part.opaque(of: provider))
                calls.append(block)
            case .reasoning: json.put("reasoning_details", part.opaque(of: provider))
            default: break
            }
        }
        json.put("tool_calls", calls)
        if let returnedReasoning, !calls.isEmpty, !message.reasoning.isEmpty {
            json.put(returnedReasoning, message.reasoning)
        }
        return json
    }

    private func effort(_ effort: ReasoningEffort) throws(AnswerFault) -> String {
        try (effort == .minimal && !knowsMinimalEffort ? .low : effort).openAI()
    }
}

extension ToolDefinition {
    /// As most vendors take it.
    var openAI: JSON {
        ["name": .string(name), "description": .string(description), "parameters": parameters.json]
    }
}

extension ToolChoice {
    /// - Parameter named: how one tool is asked for.
    func openAI(_ named: (JSON) -> JSON) -> JSON? {
        switch self {
        case .auto: nil
        case .none: "none"
        case .required: "required"
        case .tool(let name): named(.string(name))
        }
    }
}

extension ResponseFormat {
    fileprivate var openAI: JSON? {
        switch self {
        case .text: nil
        case .json: ["type": "json_object"]
        case .schema(let schema, let name): ["type": "json_schema", "json_schema": schema.openAI(named: name)]
        }
    }
}

extension ReasoningEffort {
    func openAI() throws(AnswerFault) -> String {
        switch self {
        case .none: return "none"
        case .minimal: return "minimal"
        case .low: return "low"
        case .medium: return "medium"
        case .high: return "high"
        case .tokens: throw .unsupported("a number of tokens for reasoning; give an effort, or put it into `extra`")
        }
    }
}

extension JSONSchema {
    /// With a name, and in the form to which OpenAI can hold a model, where there is one.
    func openAI(named name: String) -> JSON {
        let strict = StrictSchema(self)
        return ["name": .string(name), "schema": strict?.json ?? json, "strict": .bool(strict != nil)]
    }
}
