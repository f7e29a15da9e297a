import Foundation

extension Walk {
    /// Anthropic's messages: a stream repeats the blocks in pieces.
    static func anthropic(_ recording: Recording) -> Walk {
        var walk = Walk()
        var blocks: [Int: (type: String, name: Any?, input: Any?, text: String)] = [:]
        var usage: Object = [:]
        var reason = ""
        for object in objects(recording) {
            let index = count(object, "index")
            for (place, block) in list(object, "content").enumerated() {
                let text = (at(block, "text") ?? at(block, "thinking")) as? String ?? ""
                blocks[place] = (at(block, "type") as? String ?? "", at(block, "name"), at(block, "input"), text)
            }
            if let block = at(object, "content_block") {
                let text = (at(block, "text") ?? at(block, "thinking")) as? String ?? ""
                blocks[index] = (at(block, "type") as? String ?? "", at(block, "name"), at(block, "input"), text)
            }
            for key in ["text", "thinking", "partial_json"] {
                blocks[index]?.text += at(object, "delta", key) as? String ?? ""
            }
            for counts in [at(object, "usage"), at(object, "message", "usage")] {
                for (key, value) in counts as? Object ?? [:] where !(value is NSNull) { usage[key] = value }
            }
            reason = (at(object, "stop_reason") ?? at(object, "delta", "stop_reason")) as? String ?? reason
            if at(object, "type") as? String == "message_stop" { walk.isOver = true }
        }
        for (_, block) in blocks.sorted(by: { $0.key < $1.key }) {
            switch block.type {
            case "text": walk.text += block.text
            case "thinking": walk.reasoning += block.text
            case "tool_use":
                walk.calls.append(
                    block.text.isEmpty ? Call(block.name, value: block.input) : Call(block.name, text: block.text))
            default: break
            }
        }
        walk.tally(anthropic: usage)
        walk.finish = name(reason, anthropicReasons)
        walk.isOver = walk.isOver || !recording.isStream
        return walk
    }

    private static let anthropicReasons = [
        "end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "toolCalls",
        "refusal": "refusal",
    ]

    private mutating func tally(anthropic usage: Object) {
        cached = count(usage, "cache_read_input_tokens")
        input = count(usage, "input_tokens") + cached + count(usage, "cache_creation_input_tokens")
        output = count(usage, "output_tokens")
        thought = count(usage, "output_tokens_details", "thinking_tokens")
    }

    /// Google's `generateContent`, whole or in pieces.
    static func gemini(_ recording: Recording) -> Walk {
        var walk = Walk()
        var reason = ""
        for object in objects(recording) {
            for part in list(at(object, "candidates", 0, "content"), "parts") {
                let text = at(part, "text") as? String ?? ""
                if at(part, "thought") as? Bool == true { walk.reasoning += text } else { walk.text += text }
                if let call = at(part, "functionCall") {
                    walk.calls.append(Call(at(call, "name"), value: at(call, "args")))
                }
            }
            if let found = at(object, "candidates", 0, "finishReason") { reason = "\(found)" }
            guard let usage = at(object, "usageMetadata") else { continue }
            walk.thought = count(usage, "thoughtsTokenCount")
            walk.input = count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount")
            walk.output = count(usage, "candidatesTokenCount") + walk.thought
            walk.cached = count(usage, "cachedContentTokenCount")
        }
        let stop = walk.calls.isEmpty ? "stop" : "toolCalls"
        walk.finish = name(
            reason,
            ["STOP": stop, "1": stop, "MAX_TOKENS": "length", "2": "length", "MODEL_ARMOR": "contentFilter"])
        walk.isOver = !reason.isEmpty
        return walk
    }

    /// Cohere's second interface, whole or in events.
    static func cohere(_ recording: Recording) -> Walk {
        var walk = Walk()
        var reason = ""
        var usage: Any?
        var calls: [(name: Any?, text: String)] = []
        func add(_ call: Any?) {
            if let name = at(call, "function", "name") { calls.append((name, "")) }
            if !calls.isEmpty { calls[calls.count - 1].text += at(call, "function", "arguments") as? String ?? "" }
        }
        for object in objects(recording) {
            let message = at(object, "message") ?? at(object, "delta", "message")
            walk.reasoning += at(message, "tool_plan") as? String ?? ""
            let one = at(message, "content") as? Object
            for block in list(message, "content") + (one.map { [$0] } ?? []) {
                walk.text += at(block, "text") as? String ?? ""
                walk.reasoning += at(block, "thinking") as? String ?? ""
            }
            for call in list(message, "tool_calls") { add(call) }
            if let call = at(message, "tool_calls") as? Object { add(call) }
            reason = (at(object, "finish_reason") ?? at(object, "delta", "finish_reason")) as? String ?? reason
            usage = at(object, "usage") ?? at(object, "delta", "usage") ?? usage
        }
        walk.calls = calls.map { Call($0.name, text: $0.text) }
        walk.finish = name(reason, ["COMPLETE": "stop", "MAX_TOKENS": "length", "TOOL_CALL": "toolCalls"])
        walk.input = count(usage, "tokens", "input_tokens")
        walk.output = count(usage, "tokens", "output_tokens")
        walk.thought = count(usage, "tokens", "reasoning_tokens")
        walk.cached = count(usage, "cached_tokens")
        walk.isOver = !reason.isEmpty
        return walk
    }

    /// Ollama's own interface.
    static func ollama(_ recording: Recording) -> Walk {
        var walk = Walk()
        for object in objects(recording) {
            walk.text += at(object, "message", "content") as? String ?? ""
            walk.reasoning += at(object, "message", "thinking") as? String ?? ""
            for call in list(at(object, "message"), "tool_calls") {
                walk.calls.append(Call(at(call, "function", "name"), value: at(call, "function", "arguments")))
            }
            walk.input = count(object, "prompt_eval_count")
            walk.output = count(object, "eval_count")
            walk.isOver = at(object, "done") as? Bool ?? false
            walk.finish = at(object, "done_reason") as? String ?? "stop"
        }
        if walk.finish == "stop", !walk.calls.isEmpty { walk.finish = "toolCalls" }
        return walk
    }
}
