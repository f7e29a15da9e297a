import Apus
import ApusAgents

extension ChatRequest {
    /// A request that has a bit of nearly everything that requests may have.
    static func everything(of provider: String) -> ChatRequest {
        let schema = JSONSchema([
            "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
            "additionalProperties": false,
        ])
        let call = ToolCall(id: "call_1", name: "weather", arguments: ["city": "Rome"])
        let thought = ChatPart(.reasoning("Rome it is."), opaque: OpaqueBlock(provider: provider, "c2lnbmVk"))
        var request = ChatRequest(
            [
                .system("Be brief."),
                .user([.text("What is the weather here?"), .image(Media(.bytes([1, 2, 3]), type: "image/png"))]),
                ChatMessage(.assistant, [thought, .text("I look."), ChatPart(.toolCall(call))]),
                .tool([ToolResult(call, "Sunny")]),
            ],
            tools: [ToolDefinition(name: "weather", description: "The weather of a city.", parameters: schema)])
        request.toolChoice = .required
        request.allowsParallelCalls = false
        request.format = .schema(schema, name: "answer")
        request.maximumTokens = 300
        request.temperature = 0.5
        request.topP = 0.9
        return request
    }

    func with(_ change: (inout ChatRequest) -> Void) -> ChatRequest {
        var request = self
        change(&request)
        return request
    }
}

extension JSON {
    /// The paths of all members, lists seen through; what a user names freely is not looked into.
    func paths(below path: String = "") -> Set<String> {
        let free: Set<String> = [
            "parameters", "input_schema", "parametersJsonSchema", "parameters_json_schema", "schema", "json_schema",
            "responseJsonSchema", "responseSchema", "input", "args", "response", "format", "arguments",
        ]
        if let elements { return elements.reduce(into: []) { $0.formUnion($1.paths(below: path)) } }
        guard let members else { return [] }
        return members.reduce(into: []) { found, member in
            let name = path + "." + member.key
            found.insert(name)
            let isFree = free.contains(member.key) && member.value["type"]?.text != "json_schema"
            if !isFree || member.value.elements != nil { found.formUnion(member.value.paths(below: name)) }
        }
    }
}
