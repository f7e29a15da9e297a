import Foundation

extension Walk {
    /// Chat completions, whole or in chunks.
    static func chat(_ recording: Recording) -> Walk {
        var walk = Walk()
        var calls: [(key: Int, id: String, name: String, text: String)] = []
        walk.isOver = !recording.isStream || recording.documents.contains("[DONE]")
        for object in objects(recording) {
            let choice = list(object, "choices").first { count($0, "index") == 0 }
            if let usage = at(object, "usage") ?? at(object, "x_groq", "usage") { walk.tally(chat: usage) }
            guard let piece = at(choice, recording.isStream ? "delta" : "message") else { continue }
            walk.text += at(piece, "content") as? String ?? ""
            walk.text += at(piece, "refusal") as? String ?? ""
            walk.reasoning += (at(piece, "reasoning_content") ?? at(piece, "reasoning")) as? String ?? ""
            for block in list(piece, "content") {
                walk.text += at(block, "text") as? String ?? ""
                walk.reasoning += list(block, "thinking").map { at($0, "text") as? String ?? "" }.joined()
            }
            var pieces = list(piece, "tool_calls")
            if let old = at(piece, "function_call"), at(old, "name") as? String != "" {
                pieces.append(["function": old])
            }
            for (place, call) in pieces.enumerated() {
                let key = at(call, "index") == nil ? place : count(call, "index")
                let id = at(call, "id") as? String ?? ""
                let text = at(call, "function", "arguments") as? String ?? ""
                if let known = calls.lastIndex(where: { $0.key == key }), id.isEmpty || id == calls[known].id {
                    calls[known].text += text
                } else {
                    calls.append((key, id, at(call, "function", "name") as? String ?? "", text))
                }
            }
            if let reason = at(choice, "finish_reason") as? String { walk.finish = reason }
            if walk.finish == "stop", !(at(piece, "refusal") as? String ?? "").isEmpty { walk.finish = "refusal" }
        }
        walk.calls = calls.map { Call($0.name, text: $0.text) }
        walk.finish = name(walk.finish, chatReasons)
        return walk
    }

    private static let chatReasons = [
        "stop": "stop", "length": "length", "tool_calls": "toolCalls", "function_call": "toolCalls",
        "content_filter": "contentFilter", "refusal": "refusal",
    ]

    /// As our reasons print.
    static func name(_ reason: String, _ names: [String: String]) -> String {
        names[reason] ?? "other(\"\(reason.isEmpty ? "unfinished" : reason)\")"
    }

    private mutating func tally(chat usage: Any) {
        input = count(usage, "prompt_tokens")
        output = count(usage, "completion_tokens")
        // In these recordings the total is more than both only where thoughts are counted apart.
        if count(usage, "total_tokens") > input + output { output = count(usage, "total_tokens") - input }
        let places = [
            at(usage, "prompt_tokens_details", "cached_tokens"), at(usage, "prompt_cache_hit_tokens"),
            at(usage, "num_cached_tokens"),
        ]
        cached = (places.compactMap { $0 as? NSNumber }.first)?.intValue ?? 0
        thought = count(usage, "completion_tokens_details", "reasoning_tokens")
    }

    /// Responses: a stream repeats the whole in its last event.
    static func response(_ recording: Recording) -> Walk {
        var walk = Walk()
        let ends = ["response.completed", "response.incomplete", "response.failed"]
        let all = objects(recording)
        let last = all.last { ends.contains(at($0, "type") as? String ?? "") }
        walk.isOver = !recording.isStream || last != nil
        let whole = recording.isStream ? at(last, "response") : all.first
        var isRefusal = false
        for item in list(whole, "output") {
            switch at(item, "type") as? String {
            case "message":
                for block in list(item, "content") {
                    walk.text += (at(block, "text") ?? at(block, "refusal")) as? String ?? ""
                    isRefusal = isRefusal || at(block, "refusal") != nil
                }
            case "reasoning":
                let summary = list(item, "summary")
                let texts = (summary.isEmpty ? list(item, "content") : summary).map { at($0, "text") as? String ?? "" }
                walk.reasoning += texts.joined(separator: "\n\n")
            case "function_call":
                walk.calls.append(Call(at(item, "name"), text: at(item, "arguments") as? String ?? ""))
            default: break
            }
        }
        let status = at(whole, "status") as? String ?? "completed"
        let done = walk.calls.isEmpty ? isRefusal ? "refusal" : "stop" : "toolCalls"
        walk.finish = status == "completed" ? done : name(status, [:])
        if at(whole, "incomplete_details", "reason") as? String == "max_output_tokens" { walk.finish = "length" }
        let usage = at(whole, "usage")
        walk.input = count(usage, "input_tokens")
        walk.output = count(usage, "output_tokens")
        walk.cached = count(usage, "input_tokens_details", "cached_tokens")
        walk.thought = count(usage, "output_tokens_details", "reasoning_tokens")
        return walk
    }
}
