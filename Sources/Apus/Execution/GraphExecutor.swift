/// Runs graphs.
public struct GraphExecutor: Sendable {
    public let environment: any Environment
    public let limits: GraphLimits

    public init(environment: any Environment = .live, limits: GraphLimits = GraphLimits()) {
        self.environment = environment
        self.limits = limits
    }

    /// Runs `graph` to its end and returns its final state.
    ///
    /// Throws ``RunError`` when the run fails, `CancellationError` when the calling task is cancelled. When it returns or throws,
    /// nothing of the run is left running.
    @concurrent
    public func run<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil
    ) async throws -> State {
        let core = RunCore(environment, nil, limits, graph: graph.name, hub: nil)
        return try await execute(graph, from: state, entry: entry, in: core)
    }

    /// Starts a run and returns a handle on it, by which it is watched, paused and cancelled.
    public func start<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID? = nil
    ) -> Run<State> {
        Run(self, graph, state, entry, id ?? RunID(from: environment))
    }

    func execute<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String?, in core: RunCore
    ) async throws -> State {
        let start = try number(of: entry, in: graph)
        let run = GraphRun(graph, core, prefix: [])
        let final = try await timed(run, from: state, start: start)
        // A composite may have taken the error of a body that could not start for a result.
        if core.isOutOfSteps { throw core.limitError() }
        return final
    }

    private func timed<State: GraphState>(
        _ run: GraphRun<State>, from state: State, start: Int
    ) async throws -> State {
        guard let time = limits.time else { return try await run.run(from: state, start: start) }
        let environment = environment
        return try await withThrowingTaskGroup(of: State?.self) { group in
            group.addImmediateTask(executorPreference: environment.executor) {
                try await run.run(from: state, start: start)
            }
            group.addTask {
                try await environment.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard let final = try await group.next() ?? nil else {
                throw RunError(.timeLimit, graph: run.graph.name, detail: "\(time)")
            }
            return final
        }
    }

    private func number<State>(of entry: String?, in graph: Graph<State>) throws(RunError) -> Int {
        guard let entry else {
            if graph.plan.hasStart { return 0 }
            throw RunError(.unknownEntry, graph: graph.name)
        }
        guard let position = graph.entries.firstIndex(of: entry) else {
            throw RunError(.unknownEntry, graph: graph.name, detail: entry)
        }
        return position + 1
    }
}
