/// OpenTelemetry's semantic conventions for generative models.
extension Span {
    /// A request to a model that ended at `now`.
    init(
        _ call: ModelCall, _ place: (context: TraceContext, parent: SpanID), from now: Instant, redaction: Redaction
    ) {
        self.init(
            "chat \(call.model)", place.context, parent: place.parent, start: now.advanced(by: .zero - call.duration))
        kind = .client
        set("gen_ai.operation.name", .text("chat"))
        set("gen_ai.provider.name", .text(call.provider))
        set("gen_ai.request.model", .text(call.model))
        if let model = call.answeredBy { set("gen_ai.response.model", .text(model)) }
        if let agent = call.agent { set("gen_ai.agent.name", .text(agent)) }
        if let finish = call.finish { set("gen_ai.response.finish_reasons", .texts([finish])) }
        set("gen_ai.usage.input_tokens", .integer(call.inputTokens))
        set("gen_ai.usage.output_tokens", .integer(call.outputTokens))
        if call.cost > 0 { set("apus.cost", .number(call.cost)) }
        if let error = call.error { set("error.type", .text(error)) }
        finish(at: now, call.error.map { .error(redaction($0)) } ?? .ok)
    }

    /// A call of a tool that ended at `now`.
    init(_ use: ToolInvocation, _ place: (context: TraceContext, parent: SpanID), from now: Instant) {
        self.init(
            "execute_tool \(use.tool)", place.context, parent: place.parent,
            start: now.advanced(by: .zero - use.duration))
        set("gen_ai.operation.name", .text("execute_tool"))
        set("gen_ai.tool.name", .text(use.tool))
        if let call = use.call { set("gen_ai.tool.call.id", .text(call)) }
        if let agent = use.agent { set("gen_ai.agent.name", .text(agent)) }
        if use.isError { set("error.type", .text("tool_error")) }
        finish(at: now, use.isError ? .error("the tool failed") : .ok)
    }

    /// Says that what it spans is the work of an agent.
    mutating func invoke(_ agent: String) {
        guard self["gen_ai.agent.name"] == nil else { return }
        set("gen_ai.operation.name", .text("invoke_agent"))
        set("gen_ai.agent.name", .text(agent))
    }
}
