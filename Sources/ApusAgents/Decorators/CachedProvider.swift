public import Apus

/// Remembers answers by the content of their requests; equal requests at the same time are asked once. Failures are not remembered, unless
/// the cache says so.
///
/// An answer from memory is handed over whole where it is streamed, and its usage is that of the first time.
public struct CachedProvider<Base: LLMProvider>: LLMProvider {
    /// Equal requests to the same model are one question.
    private struct Question: Encodable {
        let provider: String
        let model: String
        let request: ChatRequest
    }

    let base: Base
    let cache: ContentCache
    let tags: [String]
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await cache.value(for: question(request), tags: tags, in: environment) { try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        var isStreamed = false
        let response = try await cache.value(for: question(request), tags: tags, in: environment) {
            isStreamed = true
            return try await base.stream(request, receive)
        }
        if isStreamed { return response }
        for (index, part) in response.message.parts.enumerated() { try await receive(.part(part, index: index)) }
        try await receive(.usage(response.usage))
        try await receive(.finished(response.finish))
        return response
    }

    private func question(_ request: ChatRequest) -> Question {
        Question(provider: info.provider, model: info.model, request: request)
    }
}

extension LLMProvider {
    /// The same model, whose answers are remembered in `cache`, which it may share with others; answers of one of `tags` can be made void
    /// together.
    public func cached(
        in cache: ContentCache, tags: [String] = [], environment: any Environment = .live
    ) -> CachedProvider<Self> {
        CachedProvider(base: self, cache: cache, tags: tags, environment: environment)
    }

    /// The same model, whose answers are remembered in `storage`; `lifetime` says for how long.
    public func cached(
        in storage: any Storage = .memory, for lifetime: Duration? = nil, environment: any Environment = .live
    ) -> CachedProvider<Self> {
        cached(
            in: ContentCache("answers", CachePolicy(lifetime: lifetime), storage: storage), environment: environment)
    }
}
