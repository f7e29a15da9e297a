/// A piece of an answer that is still being made.
///
/// `index` tells the parts of the answer apart; pieces of one part come in order, and parts may alternate.
public enum ChatEvent: Sendable, Hashable {
    /// More text of a part.
    case text(String, index: Int)
    /// More of what the model thinks.
    case reasoning(String, index: Int)
    case toolCallBegan(id: String, name: String, index: Int)
    /// More of the arguments' text.
    case toolCallArguments(String, index: Int)
    /// What the provider wants back with a part; the last one counts.
    case opaque(OpaqueBlock, index: Int)
    /// A whole part that does not come in pieces.
    case part(ChatPart, index: Int)
    /// What the answer is called, and who answers.
    case began(id: String?, model: String?)
    /// Tokens so far; the last one counts.
    case usage(Usage)
    case finished(FinishReason)
}

/// Puts an answer together from its pieces.
public struct ChatAssembly: Sendable {
    /// By index of their part, in the order in which they began.
    private var parts: [(index: Int, part: ChatPart)] = []
    private var finish: FinishReason?
    private var usage = Usage()
    private var id: String?
    private var model: String?

    public init() {}

    public mutating func add(_ event: ChatEvent) {
        switch event {
        case .text(let more, let index):
            change(index, .text("")) { if case .text(let text) = $0.content { $0.content = .text(text + more) } }
        case .reasoning(let more, let index):
            change(index, .reasoning("")) {
                if case .reasoning(let text) = $0.content { $0.content = .reasoning(text + more) }
            }
        case .toolCallBegan(let id, let name, let index):
            change(index, .toolCall(ToolCall(id: id, name: name, argumentsText: ""))) { _ in }
        case .toolCallArguments(let more, let index):
            change(index, .toolCall(ToolCall(id: "", name: "", argumentsText: ""))) {
                guard case .toolCall(var call) = $0.content else { return }
                $0.content = .other
                call.argumentsText += more
                $0.content = .toolCall(call)
            }
        case .opaque(let block, let index): change(index, .other) { $0.opaque = block }
        case .part(let part, let index): change(index, part.content) { $0 = part }
        case .began(let id, let model): (self.id, self.model) = (id ?? self.id, model ?? self.model)
        case .usage(let usage): self.usage = usage
        case .finished(let reason): finish = reason
        }
    }

    /// Whether the model has said why it stopped.
    public var isFinished: Bool { finish != nil }

    /// What has come so far.
    public var response: ChatResponse {
        ChatResponse(
            ChatMessage(.assistant, parts.map(\.part)), finish: finish ?? .other("unfinished"), usage: usage, id: id,
            model: model)
    }

    private mutating func change(_ index: Int, _ first: ChatPart.Content, _ body: (inout ChatPart) -> Void) {
        // The part at hand is nearly always the last one.
        let place = parts.lastIndex { $0.index == index } ?? parts.endIndex
        if place == parts.endIndex { parts.append((index, ChatPart(first))) }
        body(&parts[place].part)
    }
}
