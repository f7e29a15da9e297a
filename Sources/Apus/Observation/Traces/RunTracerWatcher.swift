/// Makes the spans of one stretch of a run.
struct RunTracerWatcher: RunWatcher {
    private let tracer: RunTracer
    private let trace: RunTrace
    private let facts: RunFacts
    private var root: Span?
    private var open = ActivationMap<Activation>()
    private var calls = 0

    struct Activation: Sendable {
        var span: Span
        /// The attempt after the first that is under way.
        var attempt: Span?

        /// What new work belongs to.
        var current: SpanID { attempt?.context.span ?? span.context.span }
    }

    init(tracer: RunTracer, facts: RunFacts) {
        self.tracer = tracer
        self.facts = facts
        trace = facts.trace
    }

    mutating func observe(_ event: RunEvent) {
        let now = event.instant
        switch event.kind {
        case .started(let id, let attempt): begin(id, attempt, now)
        case .completed(let id): end(id, now, .ok)
        case .failed(let id, let error): end(id, now, .error(tracer.redaction(error)))
        case .passedOver(let id, let error): end(id, now, .error(tracer.redaction(error)), "passed_over")
        case .cancelled(let id): end(id, now, .unset, "cancelled")
        case .suspended(let id): end(id, now, .unset, "suspended")
        case .retrying(let id, let attempt, let error, _): fail(id, attempt, error, now)
        case .asked(let id, let question): note("question", at: now, in: id, [("apus.question", question)])
        case .progress(let id, let text):
            note("progress", at: now, in: id, [("message", tracer.redaction(text))])
        case .modelCalled(let id, let call): report(call, in: id, now)
        case .toolCalled(let id, let use): report(use, in: id, now)
        case .skipped: break
        case .runStarted, .runContinued: beginRun(now)
        case .runPaused: root?.events.append(.init(name: "paused", instant: now))
        case .runResumed: root?.events.append(.init(name: "resumed", instant: now))
        case .runCompleted: endRun(now, "completed", .ok)
        case .runFailed(let error): endRun(now, "failed", .error(tracer.redaction(error)))
        case .runCancelled: endRun(now, "cancelled", .unset)
        case .runSuspended: endRun(now, "suspended", .unset)
        case .runReleased(let reason):
            let words = tracer.redaction(reason)
            root?.set("apus.reason", .text(words))
            endRun(now, "released", .unset)
        }
    }

    private mutating func beginRun(_ now: Instant) {
        var span = Span("run \(facts.graph)", trace.context, parent: trace.parent, start: now)
        span.links = trace.link.map { [$0] } ?? []
        span.set("apus.run.id", .text(facts.run.value))
        span.set("apus.graph", .text(facts.graph))
        if let worker = facts.worker { span.set("apus.worker", .text(worker)) }
        root = span
    }

    private mutating func endRun(_ now: Instant, _ outcome: String, _ status: Span.Status) {
        guard var span = root else { return }
        root = nil
        for (_, left) in open.removeAll() { finish(left, now, .unset, outcome) }
        span.set("apus.outcome", .text(outcome))
        span.finish(at: now, status)
        tracer.exporter.export(span)
    }

    private mutating func begin(_ id: ActivationID, _ attempt: Int, _ now: Instant) {
        let context = trace.context.with(trace.span(of: id, attempt: attempt))
        if attempt > 1 {
            var span = Span(
                "\(id.nodeName) attempt \(attempt)", context, parent: open[id]?.span.context.span, start: now)
            span.set("apus.attempt", .integer(attempt))
            return open.change(id) { $0.attempt = span }
        }
        var span = Span(id.nodeName, context, parent: parent(of: id), start: now)
        span.set("apus.run.id", .text(facts.run.value))
        span.set("apus.activation", .text("\(id)"))
        open[id] = Activation(span: span)
    }

    /// The span of the nearest thing around it that is under way.
    private func parent(of id: ActivationID) -> SpanID {
        var outer = id.container
        while let container = outer {
            if let activation = open[container] { return activation.current }
            outer = container.container
        }
        return trace.context.span
    }

    private mutating func fail(_ id: ActivationID, _ attempt: Int, _ error: String, _ now: Instant) {
        let error = tracer.redaction(error)
        let exporter = tracer.exporter
        open.change(id) { activation in
            activation.span.events.append(
                .init(
                    name: "exception", instant: now,
                    attributes: [
                        .init(name: "exception.message", value: .text(error)),
                        .init(name: "apus.attempt", value: .integer(attempt)),
                    ]))
            guard var span = activation.attempt else { return }
            activation.attempt = nil
            span.finish(at: now, .error(error))
            exporter.export(span)
        }
    }

    private mutating func note(
        _ name: String, at now: Instant, in id: ActivationID, _ attributes: [(String, String)]
    ) {
        let attributes = attributes.map { SpanAttribute(name: $0, value: .text($1)) }
        open.change(id) { $0.span.events.append(.init(name: name, instant: now, attributes: attributes)) }
    }

    private mutating func end(
        _ id: ActivationID, _ now: Instant, _ status: Span.Status, _ outcome: String? = nil
    ) {
        if let activation = open.remove(id) { finish(activation, now, status, outcome) }
    }

    private func finish(_ activation: Activation, _ now: Instant, _ status: Span.Status, _ outcome: String?) {
        var activation = activation
        if var attempt = activation.attempt {
            attempt.finish(at: now, status)
            tracer.exporter.export(attempt)
        }
        if let outcome { activation.span.set("apus.outcome", .text(outcome)) }
        activation.span.finish(at: now, status)
        tracer.exporter.export(activation.span)
    }
}

// MARK: Models and tools

extension RunTracerWatcher {
    private mutating func report(_ call: ModelCall, in id: ActivationID, _ now: Instant) {
        if let agent = call.agent { name(agent, around: id) }
        tracer.exporter.export(Span(call, place(of: id), from: now, redaction: tracer.redaction))
    }

    private mutating func report(_ use: ToolInvocation, in id: ActivationID, _ now: Instant) {
        tracer.exporter.export(Span(use, place(of: id), from: now))
    }

    /// A span of its own for a call inside an attempt.
    private mutating func place(of id: ActivationID) -> (context: TraceContext, parent: SpanID) {
        calls += 1
        let parent = open[id]?.current ?? parent(of: id)
        return (trace.context.with(trace.span(of: id, attempt: -calls)), parent)
    }

    /// What runs the graph in which a model is asked is an agent.
    private mutating func name(_ agent: String, around id: ActivationID) {
        var outer = id.container
        while let container = outer, container.isElement || container.node == id.node { outer = container.container }
        if let outer, open[outer] != nil {
            open.change(outer) { $0.span.invoke(agent) }
        } else if outer == nil {
            root?.invoke(agent)
        }
    }
}

extension ActivationMap {
    fileprivate mutating func change(_ id: ActivationID, _ body: (inout Value) -> Void) {
        guard var value = self[id] else { return }
        body(&value)
        self[id] = value
    }
}
