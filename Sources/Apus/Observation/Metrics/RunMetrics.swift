/// The metrics of runs, their nodes, models and tools.
///
/// All names begin with `apus_`. Labels are names of graphs, nodes, models and tools, never identities of runs, and bounded as the
/// registry says.
public struct RunMetrics: Observer {
    public let registry: MetricsRegistry
    let runs: Runs
    let nodes: Nodes
    let calls: Calls
    let table = NodeSeriesTable()

    public init(_ registry: MetricsRegistry) {
        self.registry = registry
        runs = Runs(registry)
        nodes = Nodes(registry)
        calls = Calls(registry)
    }

    public func watcher(of run: RunFacts) -> (any RunWatcher)? { RunMetricsWatcher(self, run.graph) }

    /// The series of a node, made where they are not there yet.
    func series(of node: String, in graph: String) -> NodeSeries {
        table.series(of: node, in: graph) {
            NodeSeries(completed: nodes.ended[graph, node, "completed"], duration: nodes.duration[graph, node])
        }
    }

    struct Runs: Sendable {
        let started: MetricFamily<Counter>
        let continued: MetricFamily<Counter>
        let ended: MetricFamily<Counter>
        let inFlight: MetricFamily<Gauge>
        let duration: MetricFamily<Histogram>

        init(_ registry: MetricsRegistry) {
            started = registry.counter("apus_runs_started", "Runs that began.", labels: ["graph"])
            continued = registry.counter("apus_runs_continued", "Runs that were taken up again.", labels: ["graph"])
            ended = registry.counter(
                "apus_runs_ended", "Runs that completed, failed, were cancelled, put away or let go of.",
                labels: ["graph", "outcome"])
            inFlight = registry.gauge("apus_runs_in_flight", "Runs that are executed now.", labels: ["graph"])
            duration = registry.histogram(
                "apus_run_duration_seconds", "Time from when a run begins or is taken up until it is let go of.",
                labels: ["graph"])
        }
    }

    struct Nodes: Sendable {
        let ended: MetricFamily<Counter>
        let retried: MetricFamily<Counter>
        let asked: MetricFamily<Counter>
        let inFlight: MetricFamily<Gauge>
        let duration: MetricFamily<Histogram>

        init(_ registry: MetricsRegistry) {
            ended = registry.counter(
                "apus_activations_ended", "Activations of nodes by how they ended.",
                labels: ["graph", "node", "outcome"])
            retried = registry.counter("apus_retries", "Attempts that another one follows.", labels: ["graph", "node"])
            asked = registry.counter("apus_questions", "Questions that nodes asked.", labels: ["graph", "node"])
            inFlight = registry.gauge(
                "apus_activations_in_flight", "Activations that are under way.", labels: ["graph"])
            duration = registry.histogram(
                "apus_activation_duration_seconds", "Time of an activation with all its attempts.",
                labels: ["graph", "node"])
        }
    }

    struct Calls: Sendable {
        let models: MetricFamily<Counter>
        let modelDuration: MetricFamily<Histogram>
        let tokens: MetricFamily<Counter>
        let cost: MetricFamily<Counter>
        let tools: MetricFamily<Counter>
        let toolDuration: MetricFamily<Histogram>

        init(_ registry: MetricsRegistry) {
            let model = ["provider", "model"]
            models = registry.counter("apus_model_calls", "Requests to models.", labels: model + ["outcome"])
            modelDuration = registry.histogram(
                "apus_model_call_duration_seconds", "Time of a request to a model.", labels: model)
            tokens = registry.counter("apus_model_tokens", "Tokens read and written.", labels: model + ["direction"])
            cost = registry.counter("apus_model_cost", "Cost in the currency of the prices.", labels: model)
            tools = registry.counter("apus_tool_calls", "Calls of tools.", labels: ["tool", "outcome"])
            toolDuration = registry.histogram(
                "apus_tool_call_duration_seconds", "Time of a call of a tool.", labels: ["tool"])
        }
    }
}
