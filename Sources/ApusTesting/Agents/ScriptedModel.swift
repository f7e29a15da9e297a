public import Apus
public import ApusAgents

/// A model that answers what a script says, without a network.
///
/// The turn of a request is the number of answers in its conversation, so a run that another process takes up goes on in the
/// script where it was. A request behind the last turn throws `LLMError`.
public final class ScriptedModel: LLMProvider {
    /// What the model does in one turn.
    public struct Turn: Sendable {
        let answer: @Sendable (ChatRequest, ModelInfo) async throws -> ChatResponse

        public init(_ answer: @escaping @Sendable (ChatRequest, ModelInfo) async throws -> ChatResponse) {
            self.answer = answer
        }

        public static func text(_ text: String) -> Self {
            Self { _, _ in ChatResponse(.assistant(text), finish: .stop, usage: usage(text)) }
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
                return ChatResponse(message, finish: .toolCalls, usage: usage(text))
            }
        }

        public static func call(_ name: String, _ arguments: JSON) -> Self { calls([(name, arguments)]) }

        public static func failure(_ code: LLMError.Code, retryAfter: Duration? = nil) -> Self {
            Self { _, info in throw LLMError(code, info, retryAfter: retryAfter) }
        }

        private static func usage(_ text: String) -> Usage {
            Usage(inputTokens: 10, outputTokens: max(1, text.utf8.count / 4))
        }
    }

    public let info: ModelInfo
    private let turns: [Turn]
    private let seen = Guarded<[ChatRequest]>([])

    public init(_ turns: [Turn], info: ModelInfo = ModelInfo(provider: "scripted", model: "script")) {
        self.turns = turns
        self.info = info
    }

    /// All requests so far.
    public var requests: [ChatRequest] { seen.withLock { $0 } }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        seen.withLock { $0.append(request) }
        let turn = Self.turn(of: request)
        guard turns.indices.contains(turn) else {
            throw LLMError(
                .invalidRequest, info, detail: "the script has \(turns.count) turns, and this is turn \(turn + 1)")
        }
        return try await turns[turn].answer(request, info)
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
