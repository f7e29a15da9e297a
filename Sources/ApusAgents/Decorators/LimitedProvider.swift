public import Apus

/// Keeps to a number of requests and tokens a minute, by waiting.
///
/// The tokens of a request are guessed before it is sent, a token for four bytes, and set right by what the provider counts.
public final class LimitedProvider<Base: LLMProvider>: LLMProvider {
    private let base: Base
    private let environment: any Environment
    private let state: Guarded<RateBudget>

    init(_ base: Base, _ budget: RateBudget, _ environment: any Environment) {
        self.base = base
        self.environment = environment
        state = Guarded(budget)
    }

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
        let now = environment.now().uptime
        let wait = state.withLock { $0.take(guess, at: now) }
        if wait > .zero { try await environment.sleep(for: wait) }
        let response = try await body()
        state.withLock { $0.correct(by: response.usage.totalTokens - guess) }
        return response
    }
}

/// Requests and tokens that may be used, filled up steadily. A plain value: it says how long to wait.
struct RateBudget: Sendable {
    private struct Bucket {
        let perMinute: Double
        var left: Double
        var filled: Duration?

        init(_ perMinute: Int) { (self.perMinute, left) = (Double(perMinute), Double(perMinute)) }

        /// Takes `amount`, and returns how long it takes until the bucket has that.
        mutating func take(_ amount: Double, at now: Duration) -> Duration {
            if let filled { left = min(perMinute, left + perMinute * ((now - filled) / .seconds(60))) }
            filled = now
            left -= amount
            return left >= 0 ? .zero : .seconds(60 * -left / perMinute)
        }
    }

    private var requests: Bucket?
    private var tokens: Bucket?

    init(requests: Int?, tokens: Int?) {
        self.requests = requests.map { Bucket($0) }
        self.tokens = tokens.map { Bucket($0) }
    }

    /// How long a request with so many tokens has to wait, which counts as sent then.
    mutating func take(_ count: Int, at now: Duration) -> Duration {
        max(requests?.take(1, at: now) ?? .zero, tokens?.take(Double(count), at: now) ?? .zero)
    }

    mutating func correct(by difference: Int) { tokens?.left -= Double(difference) }
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
        LimitedProvider(self, RateBudget(requests: requests, tokens: tokens), environment)
    }
}
