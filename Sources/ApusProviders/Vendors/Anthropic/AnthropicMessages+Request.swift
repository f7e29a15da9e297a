import Apus
public import ApusAgents

extension AnthropicMessages {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        guard version < "2026-10-21" || request.temperature == nil && request.topP == nil else {
            throw .unsupported("a temperature or top_p in version \(version) of the interface")
        }
        guard request.seed == nil else { throw .unsupported("a seed") }
        var messages: [JSON] = []
        for message in request.messages where message.role != .system { try add(message, to: &messages) }
        let system = request.messages.filter { $0.role == .system }.map(\.text)
        var body: JSON = ["model": .string(model), "messages": .array(messages)]
        body.put("max_tokens", request.maximumTokens ?? standardLimit)
        body.put("system", system.isEmpty ? nil : system.joined(separator: "\n\n"))
        body.put(
            "tools",
            request.tools.map {
                [
                    "name": .string($0.name), "description": .string($0.description),
                    "input_schema": $0.parameters.json,
                ]
            })
        if !request.tools.isEmpty { body.put("tool_choice", choice(request)) }
        body.put("temperature", request.temperature)
        body.put("top_p", request.topP)
        body.put("stop_sequences", request.stop.map { .string($0) })
        switch request.format {
        case .text: break
        case .json: throw .unsupported("the wish for JSON without a schema")
        case .schema(let schema, _):
            body["output_config"] = ["format": ["type": "json_schema", "schema": try AnthropicSchema(schema).json]]
        }
        think(request.reasoning, in: &body)
        if isStreamed { body["stream"] = true }
        body.lay(request.extra)
        return WireCall(path, body, headers: headers)
    }

    private var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["anthropic-version": version]
        if !betas.isEmpty { headers["anthropic-beta"] = betas.joined(separator: ",") }
        return headers
    }

    private func choice(_ request: ChatRequest) -> JSON? {
        var choice: JSON =
            switch request.toolChoice {
            case .auto: ["type": "auto"]
            case .none: ["type": "none"]
            case .required: ["type": "any"]
            case .tool(let name): ["type": "tool", "name": .string(name)]
            }
        if request.toolChoice == .auto, request.allowsParallelCalls == nil { return nil }
        if let parallel = request.allowsParallelCalls, request.toolChoice != .none {
            choice["disable_parallel_tool_use"] = .bool(!parallel)
        }
        return choice
    }

    private func think(_ effort: ReasoningEffort?, in body: inout JSON) {
        switch effort {
        case nil: break
        case ReasoningEffort.none?: body["thinking"] = ["type": "disabled"]
        case .tokens(let budget)?:
            body["thinking"] = ["type": "enabled", "budget_tokens": .integer(Int64(budget))]
        case .minimal?, .low?, .medium?, .high?:
            let level = effort == .medium ? "medium" : effort == .high ? "high" : "low"
            var config = body["output_config"] ?? [:]
            config["effort"] = .string(level)
            body["thinking"] = ["type": "adaptive"]
            body["output_config"] = config
        }
    }

    /// Roles have to alternate, and the results of all calls of a turn have to stand in one message.
    private func add(_ message: ChatMessage, to messages: inout [JSON]) throws(AnswerFault) {
        let role = message.role == .assistant ? "assistant" : "user"
        var blocks: [JSON] = []
        for part in message.parts { if let block = try block(part) { blocks.append(block) } }
        guard !blocks.isEmpty else { return }
        if var last = messages.last, last["role"]?.text == role {
            last["content"] = .array((last["content"]?.elements ?? []) + blocks)
            messages[messages.count - 1] = last
        } else {
            messages.append(["role": .string(role), "content": .array(blocks)])
        }
    }

    private func block(_ part: ChatPart) throws(AnswerFault) -> JSON? {
        switch part.content {
        case .text(let text): return text.isEmpty ? nil : ["type": "text", "text": .string(text)]
        case .reasoning(let thought):
            guard let opaque = part.opaque(of: provider) else { return nil }
            if opaque.members != nil { return opaque }
            return ["type": "thinking", "thinking": .string(thought), "signature": opaque]
        case .image(let media): return try ["type": "image", "source": source(media)]
        case .file(let media):
            var block: JSON = try ["type": "document", "source": source(media)]
            block.put("title", media.name)
            return block
        case .audio: throw .unsupported("audio")
        case .toolCall(let call):
            let input = (try? call.arguments) ?? [:]
            return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
        case .toolResult(let result):
            var content: [JSON] = []
            for part in result.parts { if let block = try block(part) { content.append(block) } }
            var block: JSON = ["type": "tool_result", "tool_use_id": .string(result.id)]
            block.put("content", content)
            if result.isError { block["is_error"] = true }
            return block
        case .other: return part.opaque(of: provider)
        }
    }

    private func source(_ media: Media) throws(AnswerFault) -> JSON {
        switch media.source {
        case .bytes(let bytes):
            if media.type == "text/plain" {
                return [
                    "type": "text", "media_type": "text/plain", "data": .string(String(decoding: bytes, as: UTF8.self)),
                ]
            }
            return ["type": "base64", "media_type": .string(media.type), "data": .string(bytes.base64)]
        case .url(let url): return ["type": "url", "url": .string(url)]
        case .id(let id): return ["type": "file", "file_id": .string(id)]
        }
    }
}
