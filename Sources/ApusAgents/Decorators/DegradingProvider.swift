public import Apus

/// What a model does from some level of degradation on.
public struct ModelAtLevel: Sendable {
    enum Way: Sendable {
        case uses(any LLMProvider)
        case shortens(messages: Int, answerTokens: Int?)
        case refuses(String)
    }

    let way: Way

    /// Another model answers, such as a cheaper one.
    public static func using(_ model: some LLMProvider) -> Self { Self(way: .uses(model)) }

    /// The model sees what stands before the conversation and its last so many messages, and answers in no more tokens than this.
    ///
    /// An answer of tools stays with the call that it answers.
    public static func shortened(toLast messages: Int, answerTokens: Int? = nil) -> Self {
        Self(way: .shortens(messages: messages, answerTokens: answerTokens))
    }

    /// It fails with `DegradedError`: rules have to do, or what an `onFailure` exit leads to.
    public static func refusing(_ reason: String) -> Self { Self(way: .refuses(reason)) }
}

/// A model that looks at the level of degradation before each request.
///
/// What it answered is the result of the node or step that asked, so a replay does not ask at another level.
public struct DegradingProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let degradation: Degradation
    let ways: [DegradationLevel: ModelAtLevel]

    /// Of the model at the present level.
    public var info: ModelInfo {
        if case .uses(let other)? = way.1?.way { return other.info }
        return base.info
    }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        let (model, request) = try choose(request)
        return try await model.chat(request)
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        let (model, request) = try choose(request)
        return try await model.stream(request, receive)
    }

    private var way: (DegradationLevel, ModelAtLevel?) {
        let level = degradation.level
        return (level, ways.way(at: level))
    }

    private func choose(_ request: ChatRequest) throws -> (any LLMProvider, ChatRequest) {
        let (level, declared) = way
        switch declared?.way {
        case nil: return (base, request)
        case .uses(let other): return (other, request.fitted(to: other.info))
        case .shortens(let messages, let tokens): return (base, request.shortened(to: messages, tokens))
        case .refuses(let reason): throw DegradedError(level: level, reason: reason)
        }
    }
}

extension ChatRequest {
    /// The same with the last messages alone. It begins with what somebody said, so no result of a tool is left without its call.
    fileprivate func shortened(to count: Int, _ tokens: Int?) -> ChatRequest {
        var request = self
        let head = messages.prefix { $0.role == .system }
        var rest = Array(messages.dropFirst(head.count).suffix(max(1, count)))
        if let first = rest.firstIndex(where: { $0.role == .user }) {
            rest.removeFirst(first)
        } else if let last = messages.lastIndex(where: { $0.role == .user }) {
            rest = Array(messages[last...])
        }
        request.messages = head + rest
        if let tokens { request.maximumTokens = min(tokens, maximumTokens ?? tokens) }
        return request
    }
}

extension LLMProvider {
    /// The same model at the normal level; what is declared for a level holds for those above it, too, up to the next.
    public func degrading(
        _ ways: [DegradationLevel: ModelAtLevel], by degradation: Degradation
    ) -> DegradingProvider<Self> {
        DegradingProvider(base: self, degradation: degradation, ways: ways)
    }
}
