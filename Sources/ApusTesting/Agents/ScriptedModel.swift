public import Apus
public import ApusAgents

/// A model that answers what a script says, without a network.
///
/// A request behind the last turn throws `LLMError`.
public final class ScriptedModel: LLMProvider {
    /// Which turn a request gets.
    public enum Order: Sendable {
        /// That of the number of answers in its conversation, so a run that another process takes up goes on in the script where it
        /// was, and several conversations can be held at once.
        case byConversation
        /// The next one, whatever the request is.
        case byRequest
    }

    /// What the model does in one turn.
    public struct Turn: Sendable {
        let answer: @Sendable (ChatRequest, ModelInfo) async throws -> ChatResponse

        public init(_ answer: @escaping @Sendable (ChatRequest, ModelInfo) async throws -> ChatResponse) {
            self.answer = answer
        }

        public static func text(_ text: String) -> Self {
            Self { request, _ in ChatResponse(.assistant(text), finish: .stop, usage: usage(request, text)) }
        }

        /// Calls tools side by side, by name and arguments; their ids are `call-<turn>-<position>`.
        public static func calls(_ calls: [(name: String, arguments: JSON)], saying text: String = "") -> Self {
            Self { request, _ in
                let turn = ScriptedModel.turn(of: request)
                let parts = calls.enumerated().map { position, call in
                    ChatPart(
                        .toolCall(
                            ToolCall(id: "call-\(turn)-\(position)", name: call.name, arguments: call.arguments)))
                }
                let message = ChatMessage(.assistant, (text.isEmpty ? [] : [.text(text)]) + parts)
                return ChatResponse(message, finish: .toolCalls, usage: usage(request, text))
            }
        }

        public static func call(_ name: String, _ arguments: JSON) -> Self { calls([(name, arguments)]) }

        public static func failure(_ code: LLMError.Code, retryAfter: Duration? = nil) -> Self {
            Self { _, info in throw LLMError(code, info, retryAfter: retryAfter) }
        }

        private static func usage(_ request: ChatRequest, _ text: String) -> Usage {
            Usage(inputTokens: TokenEstimate.of(request), outputTokens: max(1, TokenEstimate.of(text)))
        }
    }

    public let info: ModelInfo
    /// The turn of a request, which is the so-manieth.
    private let pick: @Sendable (ChatRequest, Int) -> Turn?
    private let seen = Guarded<[ChatRequest]>([])

    public init(
        _ turns: [Turn], order: Order = .byConversation,
        info: ModelInfo = ModelInfo(provider: "scripted", model: "script")
    ) {
        pick = { request, number in
            let turn = order == .byRequest ? number : Self.turn(of: request)
            return turns.indices.contains(turn) ? turns[turn] : nil
        }
        self.info = info
    }

    /// Answers each request by the same closure.
    public init(
        info: ModelInfo = ModelInfo(provider: "scripted", model: "script"),
        always answer: @escaping @Sendable (ChatRequest, ModelInfo) async throws -> ChatResponse
    ) {
        pick = { _, _ in Turn(answer) }
        self.info = info
    }

    /// All requests so far.
    public var requests: [ChatRequest] { seen.withLock { $0 } }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        guard let turn = pick(request, number) else {
            throw LLMError(.invalidRequest, info, detail: "the script ends before request \(number + 1)")
        }
        return try await turn.answer(request, info)
    }

    /// Text comes in words, arguments in halves.
    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        let response = try await chat(request)
        for (index, part) in response.message.parts.enumerated() {
            for event in Self.events(of: part, index) { try await receive(event) }
        }
        try await receive(.usage(response.usage))
        try await receive(.finished(response.finish))
        return response
    }

    private static func events(of part: ChatPart, _ index: Int) -> [ChatEvent] {
        switch part.content {
        case .text(let text):
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            return words.enumerated().map { .text(($0 == 0 ? "" : " ") + $1, index: index) }
        case .toolCall(let call):
            let text = call.argumentsText
            let middle = text.index(text.startIndex, offsetBy: text.count / 2)
            return [
                .toolCallBegan(id: call.id, name: call.name, index: index),
                .toolCallArguments(String(text[..<middle]), index: index),
                .toolCallArguments(String(text[middle...]), index: index),
            ]
        default: return [.part(part, index: index)]
        }
    }

    static func turn(of request: ChatRequest) -> Int { request.messages.count { $0.role == .assistant } }
}
