/// What the lead of a queue starts.
extension QueueTerm {
    /// Does all that the machine decides now.
    func act(_ group: inout DiscardingTaskGroup) async {
        while !isOver, let steps = lead.decide(office, Self.steps(environment.now().wallTime)), !steps.isEmpty {
            let entries: [StorageEntry?]
            do {
                entries = try await storage.read(steps.map { keys.waiting($0.work.id) })
            } catch {
                for step in steps { giveBack(step) }
                return
            }
            for (step, entry) in zip(steps, entries) {
                group.addTask(executorPreference: environment.executor) { await perform(step, entry) }
            }
        }
    }

    struct Step: Sendable {
        let decision: QueueMachine.Decision
        /// How often it was started before.
        let attempt: Int

        var work: QueuedWork { decision.work }
    }

    private static func steps(_ now: WallTime) -> (inout QueueLead.State) -> [Step] {
        { state in
            var steps: [Step] = []
            while steps.count < 64, let decision = state.machine.next(at: now) {
                let run = decision.work.id
                state.busy.insert(run)
                steps.append(Step(decision: decision, attempt: state.attempts[run] ?? 0))
            }
            return steps
        }
    }

    private func perform(_ step: Step, _ entry: StorageEntry?) async {
        defer { _ = lead.decide(office) { $0.busy.remove(step.work.id) } }
        do {
            if step.attempt > 0 { return try await goOn(step) }
            guard let entry else { return try await gone(step) }
            guard let stored = await opened(entry.key, entry.value) else { return free(step) }
            switch step.decision {
            case .expire: try await bury(stored, entry, "it expired before it could be started")
            case .start: try await start(stored, entry)
            }
        } catch {
            await settle(step, error)
        }
    }

    private func start(_ stored: StoredWork, _ entry: StorageEntry) async throws {
        let run = stored.work.id
        guard let graph = engine.table.withLock({ $0.graphs[stored.work.graph] }) else {
            return try await bury(
                stored, entry, "no graph \"\(stored.work.graph)\" is registered where the queue is led")
        }
        // A run that failed and was redelivered is there.
        if stored.attempt > 0 { return try await adopt(stored, entry) }
        let terms = StartTerms(try moving(stored, entry), group: keys.group)
        do {
            if try await graph.begin(engine, run, stored.state, stored.work.entry, terms) { return }
            try await adopt(stored, entry)
        } catch let error as JournalError where error.code == .coding || error.code == .otherRun {
            try await bury(stored, entry, "\(error)")
        } catch let error as RunError {
            try await bury(stored, entry, "\(error)")
        }
    }

    /// What makes work that waits active.
    private func moving(_ stored: StoredWork, _ entry: StorageEntry) throws -> StorageBatch {
        let run = stored.work.id
        var batch = fenced
        batch.require(.holds(entry.key, entry.value))
        batch.delete(entry.key)
        var active = stored
        (active.state, active.attempt) = (Array("null".utf8), stored.attempt + 1)
        batch.put(try active.sealed(at: keys.active(run)), at: keys.active(run))
        if let interval = lead.limits.starts.map(\.interval).max() {
            let now = environment.now().wallTime
            batch.put(
                Array(stored.work.key.utf8), at: keys.start(run, at: now), expires: now.advanced(by: interval))
        }
        return batch
    }

    /// Requires that this engine is in office.
    var fenced: StorageBatch {
        var batch = StorageBatch()
        if !Planted()(.officeNotRequired) { batch.require(.holds(keys.lead, office)) }
        return batch
    }

    /// Goes on with a run that is there already: it was redelivered, or its start was not known to have succeeded.
    private func adopt(_ stored: StoredWork, _ entry: StorageEntry) async throws {
        let run = stored.work.id
        guard let head = try await engine.status(of: run), head.group == keys.group else {
            return try await bury(stored, entry, "a run of this id was started outside of the queue")
        }
        let terms = try moving(stored, entry)
        if head.status == .failed || head.status == .dead { return try await engine.retry(run, terms) }
        try await storage.commit(terms)
        if head.status.isTerminal { lead.ended(run, head.status) }
    }

    /// Lets a run that failed go on.
    private func goOn(_ step: Step) async throws {
        let run = step.work.id
        var active = StoredWork(step.work, state: Array("null".utf8))
        active.attempt = step.attempt + 1
        var terms = fenced
        terms.require(.present(keys.active(run)))
        terms.put(try active.sealed(at: keys.active(run)), at: keys.active(run))
        do {
            try await engine.retry(run, terms)
            _ = lead.decide(office) { $0.attempts[run] = step.attempt + 1 }
        } catch let error as JournalError where error.code == .notFree || error.code == .unknownRun {
            // Somebody else let it go on, or took it away.
            let status = try await engine.status(of: run)?.status
            if status?.isTerminal ?? true { lead.ended(run, status ?? .cancelled) }
        }
    }
}

extension QueueTerm {
    /// What becomes of work that could not be started for now.
    private func settle(_ step: Step, _ error: any Error) async {
        if (error as? StorageError ?? (error as? JournalError)?.underlying)?.code == .conflict {
            guard let value = try? await storage.read([keys.lead])[0]?.value else { return lead.resign(office) }
            if value != office { return lead.resign(office) }
            // It was taken out, or changed: what it has become is read at the next look.
            if let entry = try? await storage.read([keys.waiting(step.work.id)])[0],
                let stored = await opened(entry.key, entry.value)
            {
                free(step)
                return lead.arrived([stored.work], at: environment.now().wallTime)
            }
            if (try? await gone(step)) != nil { return }
        }
        giveBack(step)
    }

    /// Work does not wait any more: it was taken out, or its start was stored although nobody heard of it.
    private func gone(_ step: Step) async throws {
        if try await storage.value(at: keys.active(step.work.id)) == nil { free(step) }
    }

    /// The place that work had is free again; if it had none nothing changes.
    private func free(_ step: Step) {
        _ = lead.decide(office) { $0.machine.ended(step.work.id) }
        lead.bell.ring()
    }

    /// Lets work that could not be started wait until the next look.
    private func giveBack(_ step: Step) {
        let now = environment.now().wallTime
        var work = step.work
        if case .start = step.decision { work.notBefore = now.advanced(by: engine.options.poll) }
        _ = lead.decide(office) { $0.machine.giveBack(work, at: now) }
        lead.bell.ring()
    }

    /// Makes work that was never started a dead letter.
    private func bury(_ stored: StoredWork, _ entry: StorageEntry, _ reason: String) async throws {
        let run = stored.work.id
        var dead = stored
        (dead.reason, dead.moment) = (reason, environment.now().wallTime)
        var batch = fenced
        batch.require(.holds(entry.key, entry.value))
        batch.delete(entry.key)
        batch.put(try dead.sealed(at: keys.dead(run)), at: keys.dead(run))
        try await releaseSingleton(of: stored, in: &batch)
        try await storage.commit(batch)
        _ = lead.decide(office) { $0.machine.ended(run) }
        lead.bell.ring()
    }

    /// Lets the next one of its kind come, if this is the one.
    func releaseSingleton(of stored: StoredWork, in batch: inout StorageBatch) async throws {
        guard let name = stored.work.singleton else { return }
        let own = Array(stored.work.id.value.utf8)
        guard try await storage.value(at: keys.singleton(name)) == own else { return }
        batch.require(.holds(keys.singleton(name), own))
        batch.delete(keys.singleton(name))
    }
}
