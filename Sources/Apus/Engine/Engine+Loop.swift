extension Engine {
    /// Executes runs until the task is cancelled, then drains as ``EngineOptions/drain`` says.
    ///
    /// Throws ``StorageError`` when the storage can't be used at all, or not for the first seconds. When it returns, nothing of it is
    /// left running.
    @concurrent
    public func run() async throws {
        let isFirst = table.withLock { table in
            defer { table.isRunning = true }
            table.newLeads = table.leads.keys.sorted().compactMap { table.leads[$0] }
            table.newTriggers = table.triggers.keys.sorted().compactMap { table.triggers[$0] }
            return !table.isRunning
        }
        precondition(isFirst, "the engine \(worker) runs already")
        defer {
            table.withLock { ($0.isRunning, $0.isKnown, $0.isStopping, $0.isDraining) = (false, false, false, false) }
            endAllEvents()
        }
        try await environment.patiently { try await renew() }
        table.withLock { $0.isKnown = true }
        // The runs must not be cancelled with the task: what becomes of them then is up to the drain.
        let work = environment.spawn { await self.work() }
        await withTaskCancellationHandler {
            _ = await work.result
        } onCancel: {
            stop()
        }
    }

    /// Nothing new begins here any more.
    private func stop() {
        let (leads, triggers) = table.withLock { table in
            table.isStopping = true
            let triggers = table.triggers.keys.sorted().compactMap { table.triggers[$0] }
            return (table.leads.keys.sorted().compactMap { table.leads[$0] }, triggers)
        }
        for lead in leads { lead.bell.ring() }
        for trigger in triggers { trigger.bell.ring() }
        bell.ring()
    }

    var isStopping: Bool { table.withLock { $0.isStopping } }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.heartbeats() }
            group.addTask { await self.removals() }
            watch(&group)
            await withDiscardingTaskGroup { runs in
                await self.attend(&runs)
                await self.drain()
            }
            group.cancelAll()
        }
        try? await retire()
    }

    /// Looks for what there is to do and begins it, until the engine is to stop.
    private func attend(_ runs: inout DiscardingTaskGroup) async {
        var isFresh = true
        var nextLook = environment.now()
        while !table.withLock({ $0.isStopping }) {
            let now = environment.now()
            if isFresh || now >= nextLook {
                nextLook = now.advanced(by: options.poll)
                await look()
                observe(at: now)
                isFresh = false
            }
            var pause = environment.now().duration(to: nextLook)
            let moment = environment.now().wallTime
            if let due = table.withLock({ $0.agenda.wake(at: moment) }) { pause = min(pause, moment.duration(to: due)) }
            begin(&runs)
            lead(&runs)
            host(&runs)
            await bell.wait(pause, environment)
        }
    }

    /// Begins as many of the runs that want it as may be executed at once.
    private func begin(_ runs: inout DiscardingTaskGroup) {
        while let run = table.withLock({ $0.agenda.next() }) {
            runs.addTask(executorPreference: environment.executor) { await self.execute(run) }
        }
    }

    /// Begins to lead queues that nobody leads.
    private func lead(_ runs: inout DiscardingTaskGroup) {
        let leads = table.withLock { table in
            defer { table.newLeads = [] }
            return table.newLeads
        }
        for lead in leads {
            runs.addTask(executorPreference: environment.executor) { await QueueTerm.hold(lead, of: self) }
        }
    }

    /// Executes one run until it ends or this worker lets go of it.
    private func execute(_ run: RunID) async {
        var wants = false
        var refused = false
        var obstacle: JournalError?
        var ending: RunEvent.Kind?
        do {
            if let begun = table.withLock({ $0.begun.removeValue(forKey: run) }) {
                if try await begun() { ending = .runCompleted }
            } else if try await takeUp(run) {
                ending = .runCompleted
            }
        } catch let suspended as RunSuspended {
            ending = .runSuspended(until: suspended.due)
            if let due = suspended.due { table.withLock { $0.agenda.sleep(run, until: due) } }
            wants = await hasLetters(run)
        } catch let error as JournalError {
            if table.withLock({ $0.cores[run]?.hasBegun ?? false }) { ending = .runReleased("\(error)") }
            refused = await consequence(of: error, for: run)
            obstacle = error.isObstacle ? error : nil
        } catch {
            ending = self.ending(of: run, error)
        }
        endEvents(of: run, with: ending)
        tellOfEnd(of: run)
        let watchers = table.withLock { table in
            table.cores[run]?.inbox.leave()
            table.cores[run] = nil
            table.obstacles[run] = obstacle
            table.agenda.ended(run, wants: wants, refused: refused)
            return table.watchers.removeValue(forKey: run) ?? []
        }
        for watcher in watchers { watcher.resume() }
        bell.ring()
    }

    /// Tells those who began a run that it has ended.
    private func tellOfEnd(of run: RunID) {
        let (journal, listeners) = table.withLock { ($0.cores[run]?.journal, $0.listeners) }
        guard let head = journal?.head, journal?.failure == nil, head.status.isTerminal, let group = head.group else {
            return
        }
        listeners[group]?(run, head.status)
    }

    /// Lets somebody hear at once of the ends of runs of a group that are executed here. All ends are in the storage: see ``StartTerms``.
    package func listen(to group: String, _ body: @escaping @Sendable (RunID, RunHead.Status) -> Void) {
        table.withLock { $0.listeners[group] = body }
    }

    /// Executes a run that is in the storage, if there is something to do; returns whether it has completed by that.
    private func takeUp(_ run: RunID) async throws -> Bool {
        guard let head = try await JournalReader(storage, run).head(), !head.status.isTerminal else { return false }
        if head.status == .inDoubt { return false }
        // A look at the storage may be older than what was done here since.
        if head.status == .waiting, !isDue(head), !(await hasLetters(run)) { return false }
        guard let graph = table.withLock({ $0.graphs[head.graph] }) else {
            throw JournalError(.otherGraph, run: run, detail: "no graph \"\(head.graph)\" is registered")
        }
        guard let gate else { return try await takeUp(run, head, graph) }
        guard gate.canDo(graph.requirements) else {
            throw JournalError(.otherGraph, run: run, detail: "no pool has \(graph.requirements.sorted())")
        }
        return try await gate.perform(graph.requirements, at: environment.now()) {
            try await takeUp(run, head, graph)
        }
    }

    private func takeUp(_ run: RunID, _ head: RunHead, _ graph: RegisteredGraph) async throws -> Bool {
        let core = executor.core(run, head.graph, hub: table.withLock { $0.hub(of: run) })
        guard let journal = core.journal, admit(core, run) else { return false }
        guard head.status == .running, head.tries ?? 0 >= SuspectGate.tries else {
            try await graph.execute(core, journal)
            return true
        }
        try await suspects.perform(journal, patience: options.lease / 2, environment) {
            try await graph.execute(core, journal)
        }
        return true
    }

    private func isDue(_ head: RunHead) -> Bool {
        head.due.map { $0 <= environment.now().wallTime } ?? false
    }

    /// Notes who executes a run; false when the engine is stopping.
    func admit(_ core: RunCore, _ run: RunID) -> Bool {
        let isAdmitted = table.withLock { table in
            if table.isDraining { return false }
            table.cores[run] = core
            return true
        }
        return isAdmitted
    }

    /// Whether this engine does not try again what it could not execute.
    private func consequence(of error: JournalError, for run: RunID) async -> Bool {
        switch error.code {
        case .damaged, .regressed:
            await setAside(run, error)
            return false
        case .otherGraph, .coding, .doesNotFit, .unreadable: return true
        default: return false
        }
    }

    /// Lets go of what is executed, and returns when all of it has ended.
    private func drain() async {
        if case .finish(let time) = options.drain {
            let deadline = environment.now().advanced(by: time)
            await waitForAll(until: deadline)
        }
        let cores = table.withLock { table in
            table.isDraining = true
            return table.agenda.runs.compactMap { table.cores[$0] }
        }
        for core in cores { core.activity.letGo(CancellationError()) }
    }

    private func waitForAll(until deadline: Instant) async {
        while environment.now() < deadline, !table.withLock({ $0.agenda.isEmpty }) {
            await bell.wait(environment.now().duration(to: deadline), environment)
        }
    }
}
