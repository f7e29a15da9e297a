public import Apus

/// Remembers answers by the content of their requests. Failures are not remembered.
///
/// An answer from memory is handed over whole where it is streamed, and its usage is that of the first time.
public struct CachedProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let storage: any Storage
    let lifetime: Duration?
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        let key = try key(of: request)
        if let known = try await storage.load(ChatResponse.self, at: key) { return known }
        let response = try await base.chat(request)
        try await remember(response, at: key)
        return response
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        let key = try key(of: request)
        if let known = try await storage.load(ChatResponse.self, at: key) {
            for (index, part) in known.message.parts.enumerated() { try await receive(.part(part, index: index)) }
            try await receive(.usage(known.usage))
            try await receive(.finished(known.finish))
            return known
        }
        let response = try await base.stream(request, receive)
        try await remember(response, at: key)
        return response
    }

    private func remember(_ response: ChatResponse, at key: StorageKey) async throws {
        let expiry = lifetime.map { environment.now().wallTime.advanced(by: $0) }
        try await storage.save(response, at: key, expires: expiry)
    }

    /// The same for equal requests to the same model.
    private func key(of request: ChatRequest) throws -> StorageKey {
        let text = try JSONCoding.encode(request)
        let digest = SHA256.digest(of: Array("\(info.provider)/\(info.model)/".utf8) + text)
        return StorageKey("answer", Base64URL.text(of: digest))
    }
}

extension LLMProvider {
    /// The same model, whose answers are remembered in `storage`; `lifetime` says for how long.
    public func cached(
        in storage: any Storage = .memory, for lifetime: Duration? = nil, environment: any Environment = .live
    ) -> CachedProvider<Self> {
        CachedProvider(base: self, storage: storage, lifetime: lifetime, environment: environment)
    }
}
