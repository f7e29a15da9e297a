public import Apus

/// Tells what each request cost.
public struct MeteredProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let environment: any Environment
    let receive: @Sendable (ModelMeasure) -> Void

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        try await measured { try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await measured { try await base.stream(request, receive) }
    }

    private func measured(_ body: () async throws -> ChatResponse) async throws -> ChatResponse {
        let start = environment.now().uptime
        do {
            let response = try await body()
            receive(ModelMeasure(info: info, time: environment.now().uptime - start, usage: response.usage))
            return response
        } catch {
            let measure = ModelMeasure(
                info: info, time: environment.now().uptime - start,
                usage: (error as? LLMError)?.partial?.usage ?? Usage(),
                failure: (error as? LLMError)?.code)
            receive(measure)
            throw error
        }
    }
}

/// What one request cost.
public struct ModelMeasure: Sendable, Hashable {
    public var info: ModelInfo
    public var time: Duration
    public var usage: Usage
    /// Why it failed, if it did.
    public var failure: LLMError.Code?
}

extension LLMProvider {
    /// The same model; `receive` is told what each request cost.
    public func metered(
        environment: any Environment = .live, _ receive: @escaping @Sendable (ModelMeasure) -> Void
    ) -> MeteredProvider<Self> {
        MeteredProvider(base: self, environment: environment, receive: receive)
    }
}
