public import Apus

/// Keeps to a number of requests and tokens a minute, by waiting.
///
/// The tokens of a request are guessed before it is sent, a token for four bytes, and set right by what the provider counts.
public struct LimitedProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let requests: RateLimiter?
    let tokens: RateLimiter?
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await within(request) { try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await within(request) { try await base.stream(request, receive) }
    }

    private func within(
        _ request: ChatRequest, _ body: () async throws -> ChatResponse
    ) async throws -> ChatResponse {
        let guess = request.guessedTokens
        try await tokens?.take(guess, in: environment)
        try await requests?.take(in: environment)
        let response = try await body()
        tokens?.settle(response.usage.totalTokens - guess, in: environment)
        return response
    }
}

extension ChatRequest {
    /// A token for four bytes of text, and what the answer may take.
    var guessedTokens: Int {
        let bytes = messages.reduce(0) { sum, message in
            sum
                + message.parts.reduce(0) { sum, part in
                    switch part.content {
                    case .text(let text), .reasoning(let text): sum + text.utf8.count
                    case .toolCall(let call): sum + call.argumentsText.utf8.count
                    case .toolResult(let result): sum + result.text.utf8.count
                    case .image, .audio, .file, .other: sum + 1_000
                    }
                }
        }
        return bytes / 4 + (maximumTokens ?? 256)
    }
}

extension LLMProvider {
    /// The same model, asked no more often than this.
    public func limited(
        requestsPerMinute requests: Int? = nil, tokensPerMinute tokens: Int? = nil,
        environment: any Environment = .live
    ) -> LimitedProvider<Self> {
        LimitedProvider(
            base: self, requests: requests.map { Self.limiter($0, "requests") },
            tokens: tokens.map { Self.limiter($0, "tokens") }, environment: environment)
    }

    private static func limiter(_ perMinute: Int, _ name: String) -> RateLimiter {
        RateLimiter(name, .bucket(perMinute, per: .seconds(60)), waiting: .seconds(Int64.max))
    }
}
