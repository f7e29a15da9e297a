import Apus
public import ApusAgents

/// Reads the events of a message; its blocks are numbered by Anthropic.
public struct AnthropicFold: ChatFold {
    private let provider: String
    public private(set) var isComplete = false
    /// Counts come twice; the later one of each name counts.
    private var usage: JSON = [:]
    /// The blocks that are under way, with the arguments or input that have come as text.
    private var blocks: [Int: (json: JSON, input: String)] = [:]

    init(provider: String) { self.provider = provider }

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        let json = try event.json()
        let index = json[count: "index"]
        switch json["type"]?.text {
        case "message_start":
            let message = json["message"] ?? [:]
            emit(.began(id: message.words("id"), model: message.words("model")))
            count(message["usage"], emit)
        case "content_block_start": begin(json["content_block"] ?? [:], index, emit)
        case "content_block_delta": add(json["delta"] ?? [:], index, emit)
        case "content_block_stop": end(index, emit)
        case "message_delta":
            count(json["usage"], emit)
            if let reason = json["delta"]?["stop_reason"]?.text { emit(.finished(FinishReason(anthropic: reason))) }
        case "message_stop": isComplete = true
        case "error": throw (Complaint(json) ?? Complaint(message: "an error without words")).fault(status: nil)
        // Pings, and what comes to be: the documentation asks to pass over events that one doesn't know.
        default: break
        }
    }

    private mutating func count(_ counts: JSON?, _ emit: (ChatEvent) -> Void) {
        guard let members = counts?.members else { return }
        for (key, value) in members where !value.isNull { usage[key] = value }
        emit(.usage(Usage(anthropic: usage)))
    }

    private mutating func begin(_ block: JSON, _ index: Int, _ emit: (ChatEvent) -> Void) {
        blocks[index] = (block, "")
        switch block["type"]?.text {
        case "text": emit(.text(block["text"]?.text ?? "", index: index))
        case "thinking": emit(.reasoning(block["thinking"]?.text ?? "", index: index))
        case "tool_use":
            emit(.toolCallBegan(id: block["id"]?.text ?? "", name: block["name"]?.text ?? "", index: index))
        default: break
        }
    }

    private mutating func add(_ delta: JSON, _ index: Int, _ emit: (ChatEvent) -> Void) {
        switch delta["type"]?.text {
        case "text_delta": emit(.text(delta["text"]?.text ?? "", index: index))
        case "thinking_delta": emit(.reasoning(delta["thinking"]?.text ?? "", index: index))
        case "signature_delta":
            emit(.opaque(OpaqueBlock(provider: provider, delta["signature"] ?? .null), index: index))
        case "input_json_delta":
            let more = delta["partial_json"]?.text ?? ""
            blocks[index]?.input += more
            if blocks[index]?.json["type"]?.text == "tool_use", !more.isEmpty {
                emit(.toolCallArguments(more, index: index))
            }
        default: break
        }
    }

    private mutating func end(_ index: Int, _ emit: (ChatEvent) -> Void) {
        guard let (json, input) = blocks.removeValue(forKey: index) else { return }
        var block = json
        switch block["type"]?.text {
        case "text", "thinking": break
        case "tool_use":
            // Without a delta the block's own input is the whole.
            if input.isEmpty { emit(.toolCallArguments("\(block["input"] ?? [:])", index: index)) }
        default:
            if let whole = try? JSON(parsing: input) { block["input"] = whole }
            emit(.part(AnthropicBlock(block).part(provider: provider), index: index))
        }
    }
}
