import Apus
public import ApusAgents

extension GeminiContent {
    public func call(
        _ request: ChatRequest, to model: String, isStreamed: Bool
    ) throws(AnswerFault) -> WireCall {
        if request.allowsParallelCalls == false { throw .unsupported("the wish for one call a turn") }
        var contents: [JSON] = []
        for message in request.messages where message.role != .system { try add(message, to: &contents) }
        var body: JSON = ["contents": .array(contents)]
        let system = request.messages.filter { $0.role == .system }.map(\.text)
        if !system.isEmpty {
            body["systemInstruction"] = ["parts": .array(system.map { ["text": .string($0)] })]
        }
        if !request.tools.isEmpty {
            body["tools"] = [["functionDeclarations": .array(request.tools.map(declaration))]]
            body.put("toolConfig", choice(request.toolChoice))
        }
        let configuration = try configuration(request)
        if configuration != [:] { body["generationConfig"] = configuration }
        body.lay(request.extra)
        return WireCall(path(model, isStreamed ? "streamGenerateContent?alt=sse" : "generateContent"), body)
    }

    /// A declaration without parameters leaves them out: Google refuses an object without members.
    private func declaration(_ tool: ToolDefinition) -> JSON {
        var json: JSON = ["name": .string(tool.name), "description": .string(tool.description)]
        if tool.parameters.json["properties"]?.members?.isEmpty == false {
            json["parametersJsonSchema"] = tool.parameters.json
        }
        return json
    }

    private func choice(_ choice: ToolChoice) -> JSON? {
        switch choice {
        case .auto: nil
        case .none: ["functionCallingConfig": ["mode": "NONE"]]
        case .required: ["functionCallingConfig": ["mode": "ANY"]]
        case .tool(let name):
            ["functionCallingConfig": ["mode": "ANY", "allowedFunctionNames": [.string(name)]]]
        }
    }

    private func configuration(_ request: ChatRequest) throws(AnswerFault) -> JSON {
        var json: JSON = [:]
        json.put("maxOutputTokens", request.maximumTokens)
        json.put("temperature", request.temperature)
        json.put("topP", request.topP)
        json.put("stopSequences", request.stop.map { .string($0) })
        json.put("seed", request.seed)
        switch request.format {
        case .text: break
        case .json: json["responseMimeType"] = "application/json"
        case .schema(let schema, _):
            json["responseMimeType"] = "application/json"
            json["responseJsonSchema"] = schema.json
        }
        switch request.reasoning {
        case nil: break
        case ReasoningEffort.none?: json["thinkingConfig"] = ["thinkingBudget": 0]
        case .tokens(let budget)?:
            json["thinkingConfig"] = ["thinkingBudget": .integer(Int64(budget)), "includeThoughts": true]
        case .some(let effort):
            let level = try effort.openAI().uppercased()
            json["thinkingConfig"] = ["thinkingLevel": .string(level), "includeThoughts": true]
        }
        return json
    }

    /// Roles have to alternate; what tools answered comes from the user.
    private func add(_ message: ChatMessage, to contents: inout [JSON]) throws(AnswerFault) {
        let role = message.role == .assistant ? "model" : "user"
        var parts: [JSON] = []
        for part in message.parts { parts += try self.parts(part) }
        guard !parts.isEmpty else { return }
        if var last = contents.last, last["role"]?.text == role {
            last["parts"] = .array((last["parts"]?.elements ?? []) + parts)
            contents[contents.count - 1] = last
        } else {
            contents.append(["role": .string(role), "parts": .array(parts)])
        }
    }

    private func parts(_ part: ChatPart) throws(AnswerFault) -> [JSON] {
        let signature = part.opaque(of: provider)
        var json: JSON
        switch part.content {
        case .text(let text): json = ["text": .string(text)]
        case .reasoning(let thought):
            // Without its signature a thought says nothing to the model.
            guard signature != nil else { return [] }
            json = ["text": .string(thought), "thought": true]
        case .image(let media), .audio(let media), .file(let media): json = self.media(media)
        case .toolCall(let call):
            let arguments = (try? call.arguments) ?? [:]
            json = ["functionCall": ["name": .string(call.name), "args": arguments]]
        case .toolResult(let result):
            let answer: JSON = [result.isError ? "error" : "result": .string(result.text)]
            var all: [JSON] = [["functionResponse": ["name": .string(result.name), "response": answer]]]
            for part in result.parts where part.isMedia { all += try parts(part) }
            return all
        case .other: return signature.map { [$0] } ?? []
        }
        json.put("thoughtSignature", signature)
        return [json]
    }

    private func media(_ media: Media) -> JSON {
        switch media.source {
        case .bytes(let bytes):
            ["inlineData": ["mimeType": .string(media.type), "data": .string(bytes.base64)]]
        case .url(let uri), .id(let uri): ["fileData": ["mimeType": .string(media.type), "fileUri": .string(uri)]]
        }
    }
}
