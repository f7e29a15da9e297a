/// Runs graphs.
public struct GraphExecutor: Sendable {
    public let environment: any Environment
    public let limits: GraphLimits
    /// Where runs are written down; `nil` for runs that end with their process.
    public let storage: (any Storage)?
    public let durability: Durability
    /// Who executes, for others who look at the storage.
    let worker: String?
    /// Whether runs that only wait are put away.
    let parks: Bool
    /// How far back what is written down reaches.
    let retention: Retention
    let observers: Observers
    let outlines = StoredOutlines()

    /// With a `storage`, runs survive the process: see ``resume(_:id:)``. The `observers` watch all runs.
    public init(
        environment: any Environment = .live, limits: GraphLimits = GraphLimits(), storage: (any Storage)? = nil,
        durability: Durability = .everyStep, observers: [any Observer] = []
    ) {
        self.init(
            environment, limits, storage, durability, worker: nil, parks: false, observers: Observers(observers))
    }

    init(
        _ environment: any Environment, _ limits: GraphLimits, _ storage: (any Storage)?, _ durability: Durability,
        worker: String?, parks: Bool, retention: Retention = .everything, observers: Observers
    ) {
        self.observers = observers
        self.environment = environment
        self.limits = limits
        self.storage = storage
        self.durability = durability
        self.worker = worker
        self.parks = parks
        self.retention = retention
    }

    /// Runs `graph` to its end and returns its final state.
    ///
    /// Throws ``RunError`` when the run fails, `CancellationError` when the calling task is cancelled. When it returns or throws,
    /// nothing of the run is left running. With a storage, a run of that `id` that is there already is taken up where it was left,
    /// or its result is returned if it has ended; its graph, first state and entry must be the same. A run that has not ended by its
    /// `deadline` fails with ``DeadlineError``; it holds for all inside, and one that is there already keeps the one it began with.
    /// A `trace` is what the run becomes a part of.
    @concurrent
    public func run<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID? = nil, deadline: WallTime? = nil,
        trace: TraceContext? = nil
    ) async throws -> State {
        if observers.isEmpty {
            let core = core(id, graph.name, hub: nil, deadline: deadline, caller: trace)
            return try await execute(graph, from: state, entry: entry, in: core)
        }
        let core = watched(id ?? RunID(from: environment), graph.name, deadline, trace)
        return try await core.told { try await execute(graph, from: state, entry: entry, in: core) }
    }

    /// For a run that only the observers watch. One that none of them wants to goes as fast as if there were none.
    private func watched(
        _ id: RunID, _ graph: String, _ deadline: WallTime?, _ trace: TraceContext?
    ) -> RunCore {
        if storage != nil { return core(id, graph, hub: hub, deadline: deadline, caller: trace) }
        let opening = observers.opening(id, graph, below: trace, environment)
        let hub = opening.watchers.isEmpty ? nil : EventHub(retaining: 0)
        return RunCore(
            environment, id, limits, graph: graph, hub: hub, deadline: deadline, observers: observers,
            opening: opening)
    }

    /// For a run that only the observers watch.
    private var hub: EventHub? { observers.isEmpty ? nil : EventHub(retaining: 0) }

    /// Takes up a run that was written down, and executes it to its end; returns its result if it has ended.
    ///
    /// Throws ``JournalError`` when there is no such run, another worker has it, or it was written by another version of the graph.
    @concurrent
    public func resume<State: GraphState>(_ graph: Graph<State>, id: RunID) async throws -> State {
        let core = core(id, graph.name, hub: hub)
        guard let durable = durable(graph, core) else { throw JournalError(.unknownRun, run: id) }
        return try await core.told { try await durable.execute(from: nil, entry: nil) }
    }

    func core(
        _ id: RunID?, _ graph: String, hub: EventHub?, deadline: WallTime? = nil, caller: TraceContext? = nil
    ) -> RunCore {
        guard let storage else {
            return RunCore(
                environment, id, limits, graph: graph, hub: hub, deadline: deadline, observers: observers,
                caller: caller)
        }
        let id = id ?? RunID(from: environment)
        let journal = RunJournal(id, storage, durability, environment, retention: retention)
        let core = RunCore(
            environment, id, limits, graph: graph, hub: hub, journal: journal, deadline: deadline,
            observers: observers, worker: worker, caller: caller)
        if parks { core.activity.allowParking() }
        return core
    }

    private func durable<State>(_ graph: Graph<State>, _ core: RunCore) -> DurableRun<State>? {
        core.journal.map { DurableRun(executor: self, graph: graph, core: core, journal: $0) }
    }

    /// Starts a run and returns a handle on it, by which it is watched, paused and cancelled.
    public func start<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID? = nil, deadline: WallTime? = nil,
        trace: TraceContext? = nil
    ) -> Run<State> {
        Run(self, graph, state, entry, id ?? RunID(from: environment), EventHub(), deadline, trace)
    }

    /// Starts a run with a reader that is there before it begins, so that no event is missing however late it begins to read.
    ///
    /// With ``EventPolicy/wait(bound:)`` the run waits for it; who no longer wants to read lets go of it.
    public func start<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID? = nil, deadline: WallTime? = nil,
        events policy: EventPolicy, trace: TraceContext? = nil
    ) -> (run: Run<State>, events: RunEvents) {
        let hub = EventHub(retaining: 0)
        let events = hub.events(policy)
        return (Run(self, graph, state, entry, id ?? RunID(from: environment), hub, deadline, trace), events)
    }

    func execute<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String?, in core: RunCore
    ) async throws -> State {
        if let durable = durable(graph, core) { return try await durable.execute(from: state, entry: entry) }
        core.beginTrace()
        core.began()
        return try await limited(try prepared(graph, entry, core), from: state)
    }

    func limited<State: GraphState>(_ run: GraphRun<State>, from state: State) async throws -> State {
        if let deadline = run.core.deadline { return try await punctual(run, from: state, deadline) }
        return try await bounded(run, from: state)
    }

    @inline(never)
    private func punctual<State: GraphState>(
        _ run: GraphRun<State>, from state: State, _ deadline: Deadline
    ) async throws -> State {
        let late = DeadlineError(activation: nil, deadline: deadline)
        return try await RunCore.within(deadline, late, run.core, environment) {
            try await bounded(run, from: state)
        }
    }

    private func bounded<State: GraphState>(_ run: GraphRun<State>, from state: State) async throws -> State {
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
    func prepared<State>(
        _ graph: Graph<State>, _ entry: String?, _ core: RunCore
    ) throws(RunError) -> GraphRun<State> {
        let scope = core.deadline.map { ActivationScope(deadline: $0) }
        guard let entry else {
            if graph.plan.hasStart { return GraphRun(graph, core, scope: scope) }
            throw RunError(.unknownEntry, graph: graph.name)
        }
        guard let position = graph.entries.firstIndex(of: entry) else {
            throw RunError(.unknownEntry, graph: graph.name, detail: entry)
        }
        return GraphRun(graph, core, start: position + 1, scope: scope)
    }
}
