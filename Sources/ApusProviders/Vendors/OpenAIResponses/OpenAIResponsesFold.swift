import Apus
public import ApusAgents

/// Reads the events of a response; its items are numbered by the vendor.
public struct OpenAIResponsesFold: ChatFold {
    private let provider: String
    public private(set) var isComplete = false
    private var hasCalls = false
    /// The items of which pieces have come.
    private var begun: Set<Int> = []
    /// The piece of a summary that came last, by item; pieces are paragraphs.
    private var paragraphs: [Int: Int] = [:]

    init(provider: String) { self.provider = provider }

    public mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        if event.data.elementsEqual("[DONE]".utf8) { return }
        let json = try event.json()
        let index = json[count: "output_index"]
        let delta = json["delta"]?.text ?? ""
        switch json["type"]?.text {
        case "response.created":
            let response = json["response"] ?? [:]
            emit(.began(id: response.words("id"), model: response.words("model")))
        case "response.output_item.added": begin(json["item"] ?? [:], index, emit)
        case "response.output_text.delta", "response.refusal.delta":
            begun.insert(index)
            emit(.text(delta, index: index))
        case "response.reasoning_summary_text.delta": think(delta, index, json[count: "summary_index"], emit)
        case "response.reasoning_text.delta": think(delta, index, json[count: "content_index"], emit)
        case "response.function_call_arguments.delta":
            begun.insert(index)
            emit(.toolCallArguments(delta, index: index))
        case "response.output_item.done": end(ResponseItem(json["item"] ?? [:]), index, emit)
        case "response.completed", "response.incomplete", "response.failed":
            try end(json["response"] ?? [:], emit)
        case "error": throw (Complaint(json) ?? Complaint(message: "an error without words")).fault(status: nil)
        default: if let complaint = Complaint(json), json["type"] == nil { throw complaint.fault(status: nil) }
        }
    }

    private mutating func begin(_ item: JSON, _ index: Int, _ emit: (ChatEvent) -> Void) {
        guard item["type"]?.text == "function_call" else { return }
        hasCalls = true
        emit(.toolCallBegan(id: item["call_id"]?.text ?? "", name: item["name"]?.text ?? "", index: index))
    }

    private mutating func think(_ words: String, _ index: Int, _ paragraph: Int, _ emit: (ChatEvent) -> Void) {
        begun.insert(index)
        let isNext = paragraph != paragraphs[index, default: paragraph]
        paragraphs[index] = paragraph
        emit(.reasoning(isNext ? "\n\n" + words : words, index: index))
    }

    /// What came in no pieces comes now, with what goes back to the provider.
    private mutating func end(_ item: ResponseItem, _ index: Int, _ emit: (ChatEvent) -> Void) {
        let part = item.part(provider: provider)
        guard begun.contains(index) else {
            if case .toolCall(let call) = part.content {
                emit(.toolCallArguments(call.argumentsText, index: index))
            } else {
                emit(.part(part, index: index))
            }
            return
        }
        if let opaque = part.opaque { emit(.opaque(opaque, index: index)) }
    }

    private mutating func end(_ response: JSON, _ emit: (ChatEvent) -> Void) throws(AnswerFault) {
        if let usage = response["usage"] { emit(.usage(Usage(responses: usage))) }
        emit(.finished(try .response(response, hasCalls: hasCalls)))
        isComplete = true
    }
}
