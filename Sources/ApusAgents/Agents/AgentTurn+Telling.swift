import Apus

extension AgentTurn {
    /// Asks a model, and tells those who watch the run what it took.
    func told(
        of model: any LLMProvider, _ context: NodeContext, _ ask: () async throws -> ChatResponse
    ) async throws -> ChatResponse {
        guard context.isWatched else { return try await ask() }
        let start = context.environment.now()
        let info = model.info
        var call = ModelCall(provider: info.provider, model: info.model, agent: name, duration: .zero)
        do {
            let response = try await ask()
            call.note(response)
            call.cost = spending(on: response).cost
            call.duration = start.duration(to: context.environment.now())
            context.report(call)
            return response
        } catch {
            call.duration = start.duration(to: context.environment.now())
            call.error = (error as? LLMError).map { "\($0.code)" } ?? "\(type(of: error))"
            if let partial = (error as? LLMError)?.partial { call.note(partial) }
            context.report(call)
            throw error
        }
    }
}

extension ModelCall {
    fileprivate mutating func note(_ response: ChatResponse) {
        answeredBy = response.model
        inputTokens = response.usage.inputTokens
        outputTokens = response.usage.outputTokens
        cachedInputTokens = response.usage.cachedInputTokens
        reasoningTokens = response.usage.reasoningTokens
        finish = response.finish.conventionalName
    }
}

extension FinishReason {
    /// As OpenTelemetry's `gen_ai.response.finish_reasons` has it.
    fileprivate var conventionalName: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter, .refusal: "content_filter"
        case .paused: "pause"
        case .other(let name): name
        }
    }
}

extension NodeContext {
    /// Performs a call of a tool, and tells those who watch the run what it took.
    func telling(
        of call: ToolCall, by agent: String?, _ body: () async throws -> ToolOutcome
    ) async throws -> ToolOutcome {
        guard isWatched else { return try await body() }
        let start = environment.now()
        var use = ToolInvocation(tool: call.name, call: call.id, agent: agent, duration: .zero, isError: true)
        do {
            let outcome = try await body()
            use.isError = outcome.result.isError
            use.duration = start.duration(to: environment.now())
            report(use)
            return outcome
        } catch {
            use.duration = start.duration(to: environment.now())
            report(use)
            throw error
        }
    }
}
