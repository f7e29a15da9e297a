/// Counts what happens in one run.
struct RunMetricsWatcher: RunWatcher {
    private let metrics: RunMetrics
    private let graph: String
    private let activationsInFlight: Gauge
    /// What was known of the graph's nodes when the run began, and what has come since.
    private var nodes: [String: NodeSeries]
    private var open = ActivationMap<Instant>()
    private var begun: Instant?

    init(_ metrics: RunMetrics, _ graph: String) {
        self.metrics = metrics
        self.graph = graph
        activationsInFlight = metrics.nodes.inFlight[graph]
        nodes = metrics.table.nodes(of: graph)
    }

    mutating func observe(_ event: RunEvent) {
        switch event.kind {
        case .started(let id, attempt: 1):
            open[id] = event.instant
            activationsInFlight.add(1)
        case .completed(let id): end(id, at: event.instant, nil)
        case .retrying(let id, _, _, _): metrics.nodes.retried[graph, id.nodeName].increment()
        case .failed(let id, _): end(id, at: event.instant, "failed")
        case .passedOver(let id, _): end(id, at: event.instant, "passed_over")
        case .cancelled(let id): end(id, at: event.instant, "cancelled")
        case .suspended(let id): end(id, at: event.instant, "suspended")
        case .skipped(let id): metrics.nodes.ended[graph, id.nodeName, "skipped"].increment()
        case .asked(let id, _): metrics.nodes.asked[graph, id.nodeName].increment()
        case .modelCalled(_, let call): count(call)
        case .toolCalled(_, let use): count(use)
        case .runStarted: begin(event.instant, metrics.runs.started)
        case .runContinued: begin(event.instant, metrics.runs.continued)
        case .runCompleted: endRun(at: event.instant, "completed")
        case .runFailed: endRun(at: event.instant, "failed")
        case .runCancelled: endRun(at: event.instant, "cancelled")
        case .runSuspended: endRun(at: event.instant, "suspended")
        case .runReleased: endRun(at: event.instant, "released")
        case .started, .progress, .runPaused, .runResumed: break
        }
    }

    private mutating func begin(_ instant: Instant, _ counter: MetricFamily<Counter>) {
        begun = instant
        counter[graph].increment()
        metrics.runs.inFlight[graph].add(1)
    }

    private mutating func endRun(at instant: Instant, _ outcome: String) {
        guard let begun else { return }
        self.begun = nil
        metrics.runs.ended[graph, outcome].increment()
        metrics.runs.duration[graph].record(begun.duration(to: instant))
        metrics.runs.inFlight[graph].add(-1)
        activationsInFlight.add(-open.removeAll().count)
    }

    private mutating func end(_ id: ActivationID, at instant: Instant, _ outcome: String?) {
        guard let start = open.remove(id) else { return }
        activationsInFlight.add(-1)
        let name = id.nodeName
        let series = series(of: name)
        series.duration.record(start.duration(to: instant))
        if let outcome { metrics.nodes.ended[graph, name, outcome].increment() } else { series.completed.increment() }
    }

    private mutating func series(of node: String) -> NodeSeries {
        if let known = nodes[node] { return known }
        let series = metrics.series(of: node, in: graph)
        nodes[node] = series
        return series
    }

    private func count(_ call: ModelCall) {
        let (provider, model) = (call.provider, call.model)
        metrics.calls.models[provider, model, call.error == nil ? "ok" : "failed"].increment()
        metrics.calls.modelDuration[provider, model].record(call.duration)
        metrics.calls.tokens[provider, model, "input"].increment(by: max(0, call.inputTokens))
        metrics.calls.tokens[provider, model, "output"].increment(by: max(0, call.outputTokens))
        metrics.calls.cost[provider, model].increment(by: max(0, call.cost))
    }

    private func count(_ use: ToolInvocation) {
        metrics.calls.tools[use.tool, use.isError ? "failed" : "ok"].increment()
        metrics.calls.toolDuration[use.tool].record(use.duration)
    }
}
