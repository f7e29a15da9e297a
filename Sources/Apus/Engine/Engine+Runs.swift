/// Starting runs and asking about them.
extension Engine {
    /// Starts a run and returns when it is certain to be executed, here or by another engine.
    ///
    /// Starting one of the same id again does nothing, as long as graph, first state and entry are the same; otherwise it throws
    /// ``JournalError/Code/otherRun``. A run that has not ended by its `deadline` fails with ``DeadlineError``, however often it was
    /// taken up or put away meanwhile; one that is there already keeps its own.
    @discardableResult
    public func start<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID? = nil, deadline: WallTime? = nil,
        trace: TraceContext? = nil
    ) async throws -> RunID {
        let id = id ?? RunID(from: environment)
        try await begin(graph, from: state, entry: entry, id: id, StartTerms(deadline: deadline, trace: trace))
        return id
    }

    /// Begins a run on terms, and returns whether it did: false if a run of this id, graph, first state and entry is there already.
    ///
    /// If one of the preconditions of the terms does not hold it throws ``JournalError/Code/storage`` over a conflict, and nothing
    /// is begun.
    @discardableResult
    package func begin<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, id: RunID, _ terms: StartTerms = StartTerms()
    ) async throws -> Bool {
        var isHanded = false
        defer { if !isHanded { table.withLock { $0.forgetEvents(of: id) } } }
        let core = executor.core(
            id, graph.name, hub: table.withLock { $0.hub(of: id) }, deadline: terms.deadline, caller: terms.trace)
        guard let journal = core.journal else { preconditionFailure("an engine has a storage") }
        _ = try executor.prepared(graph, entry, core)
        let isHere = table.withLock { table in
            guard table.isKnown, !table.isDraining, let graph = table.graphs[graph.name] else { return false }
            return (gate?.hasRoom(graph.requirements) ?? true) && table.agenda.begin(id)
        }
        let run = DurableRun(executor: executor, graph: graph, core: core, journal: journal, versions: .refuse)
        var isNew = false
        do {
            isNew = try await run.begin(state, entry, isHere: isHere, terms)
            if isNew {
                if isHere { hand(run, core, graph.name, id, state, entry) }
                isHanded = isHere
            } else {
                if isHere { table.withLock { $0.agenda.ended(id, wants: false) } }
                try await run.confirm(state, entry)
            }
        } catch {
            if isHere { table.withLock { $0.agenda.ended(id, wants: false) } }
            throw error
        }
        bell.ring()
        return isNew
    }

    /// Lets the loop execute a run that was begun here.
    private func hand<State: GraphState>(
        _ run: DurableRun<State>, _ core: RunCore, _ graph: String, _ id: RunID, _ state: State, _ entry: String?
    ) {
        table.withLock { table in
            let requirements = table.graphs[graph]?.requirements ?? []
            table.begun[id] = { [self] in
                guard admit(core, id) else {
                    try await run.journal.release(.ready)
                    return false
                }
                try await core.readInbox()
                core.began()
                guard let gate else {
                    _ = try await run.run(from: state, entry)
                    return true
                }
                _ = try await gate.perform(requirements, at: environment.now()) {
                    try await run.run(from: state, entry)
                }
                return true
            }
            table.agenda.ended(id, wants: true)
        }
    }

    /// What is known of a run; `nil` if there is none of this id.
    public func status(of run: RunID) async throws -> RunHead? { try await JournalReader(storage, run).head() }

    /// The final state of a run, when it has ended. Throws what it failed with, as text, or `CancellationError`.
    public func value<State: GraphState>(of run: RunID, _ graph: Graph<State>) async throws -> State {
        _ = try await outcome(of: run)
        let core = executor.core(run, graph.name, hub: nil)
        guard let journal = core.journal else { preconditionFailure("an engine has a storage") }
        return try await DurableRun(executor: executor, graph: graph, core: core, journal: journal, versions: .refuse)
            .execute(from: nil, entry: nil)
    }

    /// Returns when a run has ended, with how.
    public func outcome(of run: RunID) async throws -> RunHead {
        while true {
            guard let head = try await status(of: run) else { throw JournalError(.unknownRun, run: run) }
            if head.status.isTerminal { return head }
            try await change(of: run)
        }
    }

    /// Returns when this engine has let go of a run, or when it is time to look what others did.
    func change(of run: RunID) async throws {
        try Task.checkCancellation()
        let environment = environment
        await withDiscardingTaskGroup { group in
            group.addTask {
                guard (try? await environment.sleep(for: self.options.poll)) != nil else { return }
                self.wake(run)
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = table.withLock { table in
                        if Task.isCancelled { return false }
                        table.watchers[run, default: []].append(continuation)
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                wake(run)
            }
            group.cancelAll()
        }
    }

    private func wake(_ run: RunID) {
        let watchers = table.withLock { $0.watchers.removeValue(forKey: run) ?? [] }
        for watcher in watchers { watcher.resume() }
    }
}
