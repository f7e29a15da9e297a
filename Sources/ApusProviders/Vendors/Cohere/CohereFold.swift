import Apus
public import ApusAgents

/// Reads the events of an answer of Cohere's, which numbers blocks and calls apart from each other.
public struct CohereFold: ChatFold {
    public private(set) var isComplete = false
    private var parts = PartNumbers()

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        if event.data.elementsEqual("[DONE]".utf8) { return }
        let json = try event.json()
        let index = json[count: "index"]
        let delta = json["delta"] ?? [:]
        let message = delta["message"] ?? [:]
        switch json["type"]?.text {
        case "message-start": emit(.began(id: json.words("id"), model: nil))
        case "tool-plan-delta":
            let part = parts.number(of: .reasoning)
            if let text = message.words("tool_plan") { emit(.reasoning(text, index: part)) }
        case "content-start", "content-delta":
            let part = parts.number(of: .block(index))
            if let text = message["content"]?.words("text") { emit(.text(text, index: part)) }
            if let thought = message["content"]?.words("thinking") { emit(.reasoning(thought, index: part)) }
        case "tool-call-start", "tool-call-delta":
            let call = message["tool_calls"] ?? [:]
            let function = call["function"] ?? [:]
            let isNew = !parts.contains(.call(index))
            let part = parts.number(of: .call(index))
            if isNew {
                emit(.toolCallBegan(id: call["id"]?.text ?? "", name: function["name"]?.text ?? "", index: part))
            }
            if let more = function.words("arguments") { emit(.toolCallArguments(more, index: part)) }
        case "message-end":
            if let usage = delta["usage"] { emit(.usage(Usage(cohere: usage))) }
            emit(.finished(try .cohere(delta)))
            isComplete = true
        case nil: throw Complaint(json)?.fault(status: nil) ?? .missing("type of an event")
        default: break
        }
    }
}
