public import Apus

/// Asks a model a second time when the first answer is long in coming; both are paid for.
///
/// A streamed answer is not hedged, since pieces of two can't be told apart.
public struct HedgedProvider<Base: LLMProvider>: LLMProvider {
    let base: Base
    let hedge: Hedge
    let environment: any Environment

    public var info: ModelInfo { base.info }

    public func chat(_ request: ChatRequest) async throws -> ChatResponse {
        let base = base
        return try await hedge.run(in: environment) { _ in try await base.chat(request) }
    }

    public func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse {
        try await base.stream(request, receive)
    }
}

extension LLMProvider {
    /// The same model, asked a second time when an answer that is not streamed is long in coming.
    public func hedged(_ policy: HedgePolicy, environment: any Environment = .live) -> HedgedProvider<Self> {
        HedgedProvider(base: self, hedge: Hedge(policy), environment: environment)
    }
}
