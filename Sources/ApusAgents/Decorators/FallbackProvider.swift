import Apus

/// Asks another model when the first one fails in a way that the other may not.
///
/// A streamed answer of which pieces were handed over fails as it did.
public struct FallbackProvider<First: LLMProvider, Second: LLMProvider>: LLMProvider {
    let first: First
    let second: Second
    let accepts: @Sendable (any Error) -> Bool

    /// Of the first; it can what both can.
    public var info: ModelInfo {
        var info = first.info
        info.capabilities.formIntersection(second.info.capabilities)
        return info
    }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        do {
            return try await first.chat(request)
        } catch  where !Task.isCancelled && accepts(error) {
            return try await second.chat(request)
        }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        let hasBegun = Guarded(false)
        do {
            return try await first.stream(request) { event in
                hasBegun.withLock { $0 = true }
                try await receive(event)
            }
        } catch  where !Task.isCancelled && accepts(error) && !hasBegun.withLock({ $0 }) {
            return try await second.stream(request, receive)
        }
    }
}

extension LLMError {
    /// Whether another model might answer the same request: what is wrong with the request itself would be wrong there, too. What a breaker
    /// or another guard refuses has not reached this one.
    @Sendable
    public static func isOfTheModel(_ error: any Error) -> Bool {
        if error is ResilienceError { return true }
        guard let error = error as? LLMError else { return false }
        switch error.code {
        case .rateLimited, .overloaded, .unreachable, .cutStream, .contextTooLong, .authentication, .quotaExhausted,
            .notFound, .malformedAnswer, .unsupported:
            return true
        case .filtered, .refused, .invalidRequest: return false
        }
    }
}

extension LLMProvider {
    /// The same model, and another one for when it can't answer; `accepts` says which errors that one takes over. Several make a chain.
    public func fallingBack<Other: LLMProvider>(
        to other: Other, when accepts: @escaping @Sendable (any Error) -> Bool = LLMError.isOfTheModel
    ) -> FallbackProvider<Self, Other> {
        FallbackProvider(first: self, second: other, accepts: accepts)
    }
}
