/// Makes records of what happens in one run.
struct RunLogWatcher: RunWatcher {
    private let log: RunLog
    private let facts: RunFacts
    private var begun: Instant?
    private var open = ActivationMap<Attempt>()

    private struct Attempt: Sendable {
        var start: Instant
        var number: Int
    }

    init(log: RunLog, facts: RunFacts) {
        self.log = log
        self.facts = facts
    }

    mutating func observe(_ event: RunEvent) {
        let now = event.instant
        switch event.kind {
        case .started(let id, let attempt):
            open[id] = Attempt(start: open[id]?.start ?? now, number: attempt)
            if log.level <= .debug { write(.debug, "node.started", "node started", id, now, attempt) }
        case .completed(let id):
            let attempt = open.remove(id)
            let level: LogLevel = id.isElement ? .debug : .info
            if log.level <= level { end(level, "node.completed", "node completed", id, now, attempt) }
        case .failed(let id, let error):
            end(.error, "node.failed", "node failed", id, now, open.remove(id), error)
        case .passedOver(let id, let error):
            end(.warning, "node.passed_over", "node failed and is passed over", id, now, open.remove(id), error)
        case .cancelled(let id): end(.notice, "node.cancelled", "node cancelled", id, now, open.remove(id))
        case .suspended(let id): end(.debug, "node.suspended", "node put away", id, now, open.remove(id))
        case .retrying(let id, let attempt, let error, let delay):
            let field = LogRecord.Field("delay", delay.text)
            write(.warning, "node.retrying", "attempt failed, another follows", id, now, attempt, error, [field])
        case .skipped(let id): write(.debug, "node.skipped", "node skipped", id, now)
        case .asked(let id, let question):
            write(.info, "node.asked", "question asked", id, now, nil, nil, [.init("question", question)])
        case .progress(let id, let text):
            write(.info, "node.progress", log.level <= .info ? log.redaction(text) : "", id, now)
        case .modelCalled(let id, let call): write(call, id, now)
        case .toolCalled(let id, let use): write(use, id, now)
        default: run(event)
        }
    }

    private mutating func run(_ event: RunEvent) {
        let now = event.instant
        switch event.kind {
        case .runStarted:
            begun = now
            write(.info, "run.started", "run started", nil, now)
        case .runContinued:
            begun = now
            write(.info, "run.continued", "run taken up", nil, now)
        case .runPaused: write(.info, "run.paused", "run paused", nil, now)
        case .runResumed: write(.info, "run.resumed", "run goes on", nil, now)
        case .runCompleted: endRun(.info, "run.completed", "run completed", now)
        case .runFailed(let error): endRun(.error, "run.failed", "run failed", now, error)
        case .runCancelled: endRun(.notice, "run.cancelled", "run cancelled", now)
        case .runSuspended(let due):
            let field = due.map { LogRecord.Field("until", "\($0.milliseconds)") }
            endRun(.info, "run.suspended", "run waits and is put away", now, nil, field.map { [$0] } ?? [])
        case .runReleased(let reason): endRun(.notice, "run.released", "run let go of", now, reason)
        default: break
        }
    }

    private mutating func endRun(
        _ level: LogLevel, _ event: String, _ message: String, _ now: Instant, _ error: String? = nil,
        _ fields: [LogRecord.Field] = []
    ) {
        write(level, event, message, nil, now, nil, error, fields, begun?.duration(to: now))
        if level < log.level { log.sink.flush() }
    }

    private func end(
        _ level: LogLevel, _ event: String, _ message: String, _ id: ActivationID, _ now: Instant,
        _ attempt: Attempt?, _ error: String? = nil
    ) {
        write(level, event, message, id, now, attempt?.number, error, [], attempt?.start.duration(to: now))
    }

    private func write(
        _ level: LogLevel, _ event: String, _ message: String, _ id: ActivationID?, _ now: Instant,
        _ attempt: Int? = nil, _ error: String? = nil, _ fields: [LogRecord.Field] = [], _ duration: Duration? = nil
    ) {
        guard level >= log.level else { return }
        var record = LogRecord(level, event, message, at: now)
        record.run = facts.run
        record.graph = facts.graph
        record.activation = id
        record.attempt = attempt
        record.duration = duration
        record.error = error.map { log.redaction($0) }
        record.fields = fields
        let span = id.map { facts.trace.span(of: $0, attempt: attempt ?? 1) }
        record.trace = span.map { facts.trace.context.with($0) } ?? facts.trace.context
        if let sampler = log.sampler {
            guard let dropped = sampler.keeps(record) else { return }
            if dropped > 0 { record.fields.append(.init("dropped", "\(dropped)")) }
        }
        log.sink.log(record)
    }

    private func write(_ call: ModelCall, _ id: ActivationID, _ now: Instant) {
        var fields: [LogRecord.Field] = [.init("provider", call.provider), .init("model", call.model)]
        if let agent = call.agent { fields.append(.init("agent", agent)) }
        fields.append(.init("input_tokens", "\(call.inputTokens)"))
        fields.append(.init("output_tokens", "\(call.outputTokens)"))
        let level: LogLevel = call.error == nil ? .info : .warning
        write(level, "model.called", "model called", id, now, open[id]?.number, call.error, fields, call.duration)
    }

    private func write(_ use: ToolInvocation, _ id: ActivationID, _ now: Instant) {
        var fields: [LogRecord.Field] = [.init("tool", use.tool)]
        if let agent = use.agent { fields.append(.init("agent", agent)) }
        let level: LogLevel = use.isError ? .warning : .info
        write(level, "tool.called", "tool called", id, now, open[id]?.number, nil, fields, use.duration)
    }
}

extension Duration {
    /// For a person, in milliseconds.
    fileprivate var text: String { "\(Int((seconds * 1_000).rounded()))ms" }
}
