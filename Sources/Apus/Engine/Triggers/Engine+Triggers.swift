/// Starting runs by triggers.
extension Engine {
    /// Lets this engine host a trigger while it runs: each firing starts a run of `graph`, from the state that `state` makes of it.
    ///
    /// What becomes of a firing is stored in the commit that starts its run, so that it is neither lost nor taken twice, whichever engine
    /// dies at whatever moment. Any number of engines may host a trigger of one name. A run's id is the trigger's name, `@` and the
    /// firing's id. A firing of which `state` throws is dropped as ``FiringLoss/Reason/refused``. If engines disagree about a
    /// trigger's schedule, the one that began to run last is right, and the others stand aside. The graph is registered if it is not.
    public func add<State: GraphState>(
        _ trigger: some Trigger, policy: TriggerPolicy = TriggerPolicy(), starting graph: Graph<State>,
        entry: String? = nil, from state: @escaping @Sendable (Firing) throws -> State
    ) {
        let hosted = HostedTrigger(trigger, policy) { engine, firing, run, terms in
            let first: State
            do {
                first = try state(firing)
            } catch {
                throw FiringRefusal(detail: "\(type(of: error))")
            }
            return try await engine.begin(graph, from: first, entry: entry, id: run, terms)
        }
        if table.withLock({ $0.graphs[graph.name] == nil }) { register(graph) }
        listen(to: TriggerKeys.group(trigger.name)) { _, _ in hosted.bell.ring() }
        let replaced = table.withLock { table in
            defer { table.triggers[trigger.name] = hosted }
            if table.isRunning { table.newTriggers.append(hosted) }
            return table.triggers[trigger.name]
        }
        replaced?.bell.ring()
        bell.ring()
    }

    /// Ends the hosting of a trigger by this engine. What is stored of it stays, and other engines go on.
    public func remove(trigger name: String) {
        let hosted = table.withLock { $0.triggers.removeValue(forKey: name) }
        hosted?.bell.ring()
    }

    /// Lets nothing start by a trigger until it is resumed, whoever hosts it. What it has started goes on.
    ///
    /// What a schedule has meanwhile is missed, and its policy says what becomes of it. A trigger with positions goes on where it was. What
    /// can't be told again is dropped as ``FiringLoss/Reason/paused``. Throws ``TriggerError/Code/unknown`` if nothing is stored of it.
    public func pause(trigger name: String) async throws { try await change(name) { $0.pause() } }

    public func resume(trigger name: String) async throws { try await change(name) { $0.resume() } }

    /// Starts a run for each moment that a trigger's schedule had in a past range, in their order, `atOnce` side by side.
    ///
    /// They run beside those of the present and are not held up by the policy for overlaps. A moment whose run is still
    /// stored is passed over. Several ranges are gone through one after the other.
    public func backfill(trigger name: String, _ range: Range<WallTime>, atOnce: Int = 1) async throws {
        guard !range.isEmpty, range.upperBound <= environment.now().wallTime else {
            throw TriggerError(.notPast, trigger: name)
        }
        try await change(name) { machine throws(TriggerError) in
            if machine.state.schedule == nil { throw TriggerError(.notScheduled, trigger: name) }
            if machine.state.backfills.count >= 16 { throw TriggerError(.busy, trigger: name) }
            machine.fill(range, atOnce: atOnce)
        }
    }

    private func change(
        _ name: String, _ body: (inout TriggerMachine) throws(TriggerError) -> Void
    ) async throws {
        let key = TriggerKeys.state(name)
        while true {
            guard let stored = try StoredTrigger(try await storage.read([key])[0]) else {
                throw TriggerError(.unknown, trigger: name)
            }
            var machine = TriggerMachine(name, TriggerPolicy(), stored.state)
            try body(&machine)
            var state = machine.state
            state.version += 1
            if try await storage.compareAndSwap(key, from: stored.bytes, to: try JSONCoding.encode(state)) { break }
            try Task.checkCancellation()
        }
        table.withLock { $0.triggers[name] }?.bell.ring()
    }
}

extension Engine {
    /// Begins to host triggers that are not hosted here yet.
    func host(_ runs: inout DiscardingTaskGroup) {
        let triggers = table.withLock { table in
            defer { table.newTriggers = [] }
            return table.newTriggers
        }
        for hosted in triggers {
            runs.addTask(executorPreference: environment.executor) { await TriggerHost(hosted, self).hold() }
        }
    }

    /// Whether this engine is to go on hosting.
    func hosts(_ hosted: HostedTrigger) -> Bool {
        table.withLock { !$0.isStopping && $0.triggers[hosted.name] === hosted }
    }
}
