import Apus

extension Workload {
    /// Steps of a straight line that metrics and a log at the level info watch; then with observers that do not want to watch
    /// it, beside the same without any.
    static let observedChain = Workload("observed-chain") {
        let count = 1_000
        let graph = try Shapes.chain(count)
        let bare = GraphExecutor()
        let watched = GraphExecutor(observers: [
            RunMetrics(MetricsRegistry(seriesLimit: 10_000)), RunLog(LogWriter(.json) { _ in }),
        ])
        let declined = GraphExecutor(observers: [Uninterested()])
        let steps = 100_000
        func run(_ executor: GraphExecutor) async throws {
            for _ in 0..<(steps / count) {
                try MeasureError.expect(try await executor.run(graph, from: Tally()).total, count)
            }
        }
        let times = try await Contest(rounds: 20).time {
            try await run(watched)
        } against: {
            try await run(bare)
        }
        let idle = try await Contest(rounds: 50).time {
            try await run(declined)
        } against: {
            try await run(bare)
        }
        return [
            Figure(
                workload: "observed-chain", n: count, apus: times.first / Double(steps),
                raw: times.second / Double(steps), unit: "µs/step", bars: [.apus(1.5)]),
            Figure(
                workload: "unobserved-chain", n: count, apus: idle.first / Double(steps),
                raw: idle.second / Double(steps), unit: "µs/step", bars: [.ratio(1.05)]),
        ]
    }

    /// The page of metrics while many runs of many graphs are under way; the other figure is OpenMetrics.
    static let metricsPage = Workload("metrics-page") {
        let registry = MetricsRegistry()
        let executor = GraphExecutor(observers: [RunMetrics(registry)])
        let (count, nodes) = (1_000, 10)
        let graphs = try (0..<20).map { number in
            try Graph<Tally>("graph-\(number)") { g in
                let steps = (0..<nodes).map { g.node("step-\($0)", Count()) }
                let hold = g.node("hold") { _, context in try await context.environment.sleep(for: .seconds(3_600)) }
                g.start(at: steps[0])
                for (from, to) in zip(steps, steps.dropFirst()) { g.edge(from: from, to: to) }
                if let last = steps.last { g.edge(from: last, to: hold) }
            }
        }
        let runs = (0..<count).map { executor.start(graphs[$0 % graphs.count], from: Tally()) }
        while registry.snapshot.value("apus_activations_ended", where: ["node": "step-9"]) != Double(count) {
            await Task.yield()
        }
        try MeasureError.expect(Int(registry.snapshot.value("apus_runs_in_flight") ?? 0), count)
        let times = try await Contest(rounds: 50).time {
            _ = registry.snapshot.page(.prometheus)
        } against: {
            _ = registry.snapshot.page(.openMetrics)
        }
        for run in runs { run.cancel() }
        for run in runs { _ = try? await run.value }
        return [
            Figure(
                workload: "metrics-page", n: count, apus: times.first / 1_000, raw: times.second / 1_000, unit: "ms",
                bars: [.apus(10)])
        ]
    }
}

/// An observer that wants to see nothing.
private struct Uninterested: Observer {
    func watcher(of run: RunFacts) -> (any RunWatcher)? { nil }
}
