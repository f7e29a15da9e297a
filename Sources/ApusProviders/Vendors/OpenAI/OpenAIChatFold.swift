import Apus
public import ApusAgents

/// Reads chunks of a chat completion. A whole message has the same members, so it reads that, too.
public struct OpenAIChatFold: ChatFold {
    private let provider: String
    private let endsWithDone: Bool
    public private(set) var isComplete = false

    private var hasBegun = false
    private var hasRefused = false
    private var parts = PartNumbers()
    /// The calls' ids, by the vendor's numbers.
    private var ids: [Int: String] = [:]
    /// What OpenRouter wants back to go on with what the model thought.
    private var details: [JSON] = []

    init(provider: String, endsWithDone: Bool) {
        self.provider = provider
        self.endsWithDone = endsWithDone
    }

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        if event.data.elementsEqual("[DONE]".utf8) {
            isComplete = true
            return
        }
        let chunk = try event.json()
        let isError = chunk["error"].map { !$0.isNull } ?? (chunk["object"] == "error")
        if isError, let complaint = Complaint(chunk) { throw complaint.fault(status: nil) }
        read(chunk, emit)
        // A request for one answer has one choice, or none in a chunk of Azure's that tells what its filters found.
        for choice in chunk["choices"]?.elements ?? [] where choice[count: "index"] == 0 {
            read(choice["delta"] ?? [:], of: choice, emit)
        }
    }

    /// What stands beside the choices.
    mutating func read(_ chunk: JSON, _ emit: (ChatEvent) -> Void) {
        if !hasBegun, let id = chunk.words("id") {
            hasBegun = true
            emit(.began(id: id, model: chunk.words("model")))
        }
        let usage = chunk["usage"].flatMap { $0.isNull ? nil : $0 } ?? chunk["x_groq"]?["usage"]
        if let usage, !usage.isNull { emit(.usage(Usage(openAI: usage))) }
    }

    /// A message or a part of one, and why it ended.
    mutating func read(_ message: JSON, of choice: JSON, _ emit: (ChatEvent) -> Void) {
        if let thought = message.words("reasoning_content") ?? message.words("reasoning") { think(thought, emit) }
        details += message["reasoning_details"]?.elements ?? []
        if let text = message.words("content") { say(text, emit) }
        for block in message["content"]?.elements ?? [] { read(block: block, emit) }
        if let refusal = message.words("refusal") {
            hasRefused = true
            say(refusal, emit)
        }
        for (place, call) in (message["tool_calls"]?.elements ?? []).enumerated() { read(call, at: place, emit) }
        if let call = message["function_call"], call.words("name") != nil {
            read(["id": "function_call", "function": call], at: 0, emit)
        }
        guard let reason = choice.words("finish_reason") else { return }
        if !details.isEmpty {
            emit(.opaque(OpaqueBlock(provider: provider, .array(details)), index: parts.number(of: .reasoning)))
        }
        emit(.finished(hasRefused && reason == "stop" ? .refusal : FinishReason(openAI: reason)))
        if !endsWithDone { isComplete = true }
    }

    /// Mistral sends text and thoughts as blocks.
    private mutating func read(block: JSON, _ emit: (ChatEvent) -> Void) {
        if let text = block.words("text") { say(text, emit) }
        for thought in block["thinking"]?.elements ?? [] {
            if let text = thought.words("text") { think(text, emit) }
        }
    }

    private mutating func say(_ words: String, _ emit: (ChatEvent) -> Void) {
        emit(.text(words, index: parts.number(of: .text)))
    }

    private mutating func think(_ words: String, _ emit: (ChatEvent) -> Void) {
        emit(.reasoning(words, index: parts.number(of: .reasoning)))
    }

    private mutating func read(_ call: JSON, at place: Int, _ emit: (ChatEvent) -> Void) {
        let key = call["index"]?.integerValue ?? place
        let id = call.words("id")
        // Some servers number all calls 0 and tell them apart by their ids.
        let isNew = ids[key] == nil || id != nil && id != ids[key]
        let part = isNew ? parts.renew(.call(key)) : parts.number(of: .call(key))
        if isNew {
            let id = id ?? "call_\(part)"
            ids[key] = id
            emit(.toolCallBegan(id: id, name: call["function"]?["name"]?.text ?? "", index: part))
        }
        if let arguments = call["function"]?["arguments"], !arguments.isNull {
            let text = arguments.text ?? "\(arguments)"
            if !text.isEmpty { emit(.toolCallArguments(text, index: part)) }
        }
        if let extra = call["extra_content"], !extra.isNull {
            emit(.opaque(OpaqueBlock(provider: provider, extra), index: part))
        }
    }
}

extension FinishReason {
    init(openAI reason: String) {
        switch reason {
        case "stop": self = .stop
        case "length", "model_length": self = .length
        case "tool_calls", "function_call": self = .toolCalls
        case "content_filter": self = .contentFilter
        default: self = .other(reason)
        }
    }
}

extension Usage {
    /// Some servers (xAI, Gemini) leave what the model thought out of the completion and have it in the total alone.
    init(openAI usage: JSON) {
        let (prompt, completion) = (usage[count: "prompt_tokens"], usage[count: "completion_tokens"])
        let input = usage["prompt_tokens_details"] ?? [:]
        let output = usage["completion_tokens_details"] ?? [:]
        self.init(
            inputTokens: prompt, outputTokens: max(completion, usage[count: "total_tokens"] - prompt),
            cachedInputTokens: input["cached_tokens"]?.counted ?? usage["prompt_cache_hit_tokens"]?.counted
                ?? usage[count: "num_cached_tokens"],
            cacheWriteTokens: input[count: "cache_write_tokens"],
            reasoningTokens: output[count: "reasoning_tokens"])
    }
}
