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
        let run = try prepared(graph, entry, core)
        if limits.time != nil { return try await timed(run, from: state) }
        return try await run.run(from: state)
    }

    @inline(never)
    private func timed<State: GraphState>(_ run: GraphRun<State>, from state: State) async throws -> State {
        guard let time = limits.time else { return try await run.run(from: state) }
        let environment = environment
        return try await withThrowingTaskGroup(of: State?.self) { group in
            group.addImmediateTask(executorPreference: environment.executor) {
                try await run.run(from: state)
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

    @inline(never)
    private func prepared<State>(
        _ graph: Graph<State>, _ entry: String?, _ core: RunCore
    ) throws(RunError) -> GraphRun<State> {
        guard let entry else {
            if graph.plan.hasStart { return GraphRun(graph, core) }
            throw RunError(.unknownEntry, graph: graph.name)
        }
        guard let position = graph.entries.firstIndex(of: entry) else {
            throw RunError(.unknownEntry, graph: graph.name, detail: entry)
        }
        return GraphRun(graph, core, start: position + 1)
    }
}
