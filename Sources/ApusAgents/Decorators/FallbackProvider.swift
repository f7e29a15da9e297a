import Apus

/// Asks another model when the first one can't answer.
///
/// What is wrong with the request itself would be wrong there, too, and goes on as it came; so does a streamed answer of which pieces were handed
/// over.
public struct FallbackProvider<First: LLMProvider, Second: LLMProvider>: LLMProvider {
    let first: First
    let second: Second

    /// Of the first; it can what both can.
    public var info: ModelInfo {
        var info = first.info
        info.capabilities.formIntersection(second.info.capabilities)
        return info
    }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        do {
            return try await first.chat(request)
        } catch let error as LLMError where error.isOfTheModel {
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
        } catch let error as LLMError where error.isOfTheModel && !hasBegun.withLock({ $0 }) {
            return try await second.stream(request, receive)
        }
    }
}

extension LLMError {
    /// Whether another model might answer the same request.
    fileprivate var isOfTheModel: Bool {
        switch code {
        case .rateLimited, .overloaded, .unreachable, .cutStream, .contextTooLong, .authentication, .quotaExhausted,
            .notFound,
            .malformedAnswer, .unsupported:
            true
        case .filtered, .refused, .invalidRequest: false
        }
    }
}

extension LLMProvider {
    /// The same model, and another one for when it can't answer.
    public func fallingBack<Other: LLMProvider>(to other: Other) -> FallbackProvider<Self, Other> {
        FallbackProvider(first: self, second: other)
    }
}
