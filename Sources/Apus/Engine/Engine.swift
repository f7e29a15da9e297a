/// The long-running host of durable runs: it takes runs up, executes them side by side, wakes those that wait, and hands them back
/// when it stops.
///
/// Any number of engines, in any number of processes, may share one storage; a run is executed by one of them at a time. All
/// functions but ``run()`` work also where no engine runs, such as in a process that only starts runs and answers questions.
///
/// ```swift
/// func serve<State: GraphState>(_ graph: Graph<State>, from state: State, in storage: any Storage) async throws {
///     let engine = Engine(storage: storage)
///     engine.register(graph)
///     try await withThrowingTaskGroup(of: Void.self) { group in
///         group.addTask { try await engine.run() }
///         let run = try await engine.start(graph, from: state, id: RunID("order-17"))
///         print(try await engine.value(of: run, graph))
///         group.cancelAll()
///     }
/// }
/// ```
public final class Engine: Sendable {
    public let storage: any Storage
    public let environment: any Environment
    public let options: EngineOptions
    /// Names this engine among all that share the storage.
    public let worker: String
    let executor: GraphExecutor
    let planted = Planted()
    let bell = Doorbell()
    let suspects = SuspectGate()
    let gate: PoolGate?
    let watchers: [any EngineObserver]
    let table: Guarded<Table>

    /// What is known of the graphs and of the runs that are executed here.
    struct Table: ~Copyable {
        var graphs: [String: RegisteredGraph] = [:]
        var agenda: EngineAgenda
        var cores: [RunID: RunCore] = [:]
        /// Runs that were begun here and only wait to be executed; they return whether they were.
        var begun: [RunID: @Sendable () async throws -> Bool] = [:]
        var obstacles: [RunID: JournalError] = [:]
        /// Where the events of runs go.
        var hubs: [RunID: EventHub] = [:]
        /// Those who wait until a run is in another status.
        var watchers: [RunID: [CheckedContinuation<Void, Never>]] = [:]
        /// The queues that are led here when no other engine does, and those among them that do not know yet that it runs.
        var leads: [String: QueueLead] = [:]
        var newLeads: [QueueLead] = []
        /// Who hears at once of the ends of runs of a group.
        var listeners: [String: @Sendable (RunID, RunHead.Status) -> Void] = [:]
        /// The triggers that are hosted here, and those among them that do not know yet that it runs.
        var triggers: [String: HostedTrigger] = [:]
        var newTriggers: [HostedTrigger] = []
        var isRunning = false
        /// Whether others can see that this worker is alive; before that they take its runs for orphans.
        var isKnown = false
        /// Whether nothing new begins here any more.
        var isStopping = false
        /// Whether what is executed here is let go of.
        var isDraining = false
    }

    public init(
        storage: any Storage, environment: any Environment = .live, options: EngineOptions = EngineOptions(),
        observers: [any Observer] = []
    ) {
        self.storage = storage
        self.environment = environment
        self.options = options
        worker = RunID(from: environment).value
        executor = GraphExecutor(
            environment, options.limits, storage, options.durability, worker: worker, parks: true,
            retention: options.retention, observers: Observers(observers))
        watchers = observers.compactMap { $0 as? any EngineObserver }
        gate = options.pools.isEmpty ? nil : PoolGate(options.pools)
        table = Guarded(Table(agenda: EngineAgenda(limit: options.concurrency)))
    }

    /// Lets this engine execute the runs of a graph. `versions` says what becomes of runs that an older version of it began; `requirements`
    /// what an executor has to have, where the engine has ``EngineOptions/pools``.
    public func register<State: GraphState>(
        _ graph: Graph<State>, versions: VersionPolicy<State> = .refuse, requiring requirements: Set<String> = []
    ) {
        let executor = executor
        let registered = RegisteredGraph(
            name: graph.name, requirements: requirements,
            execute: { core, journal in
                let run = DurableRun(
                    executor: executor, graph: graph, core: core, journal: journal, versions: versions)
                _ = try await run.execute(from: nil, entry: nil)
            },
            begin: { engine, run, json, entry, terms in
                let state: State
                do {
                    state = try JSONCoding.decode(State.self, from: json)
                } catch {
                    throw JournalError(.coding, run: run, detail: "its first state: \(error)")
                }
                return try await engine.begin(graph, from: state, entry: entry, id: run, terms)
            })
        table.withLock { table in
            table.graphs[graph.name] = registered
            table.agenda.forgiveAll()
        }
        bell.ring()
    }

    /// A graph whose state's type only it knows.
    struct RegisteredGraph: Sendable {
        let name: String
        let requirements: Set<String>
        /// Takes a run of it up and executes it.
        let execute: @Sendable (RunCore, RunJournal) async throws -> Void
        /// Begins a run of it from a state in JSON; returns whether it was not there yet.
        let begin: @Sendable (Engine, RunID, [UInt8], String?, StartTerms) async throws -> Bool
    }
}
