/// What the lead of a queue does with work that has ended.
extension QueueTerm {
    /// Clears the places of ended runs away, and decides what becomes of those that failed.
    func clear() async {
        let ended = lead.decide(office) { state in state.ended.sorted { $0.key.value < $1.key.value } } ?? []
        for part in ended.chunked(by: 128) {
            do {
                try await clear(part)
            } catch let error as StorageError where error.code == .conflict {
                // A singleton was replaced meanwhile, or this engine is out of office: one by one it is seen.
                for one in part { try? await clear([one]) }
                if (try? await storage.value(at: keys.lead)) != office { return lead.resign(office) }
            } catch {
                return
            }
        }
    }

    private func clear(_ ended: [(key: RunID, value: RunHead.Status)]) async throws {
        let entries = try await storage.read(ended.map { keys.active($0.key) })
        var batch = fenced
        var goingOn: [(work: QueuedWork, attempt: Int)] = []
        for ((run, status), entry) in zip(ended, entries) {
            guard let entry, let stored = try? StoredWork(entry) else {
                batch.delete(keys.active(run))
                batch.delete(RunKeys.ended(keys.group, run))
                continue
            }
            if status == .failed || status == .dead {
                if let next = try await failed(stored, status, in: &batch) { goingOn.append((next, stored.attempt)) }
            } else {
                try await close(stored, in: &batch)
            }
        }
        try await storage.commit(batch)
        let now = environment.now().wallTime
        let next = goingOn
        _ = lead.decide(office) { state in
            for (run, _) in ended { (state.ended[run], state.attempts[run]) = (nil, nil) }
            for (work, attempt) in next {
                state.attempts[work.id] = attempt
                state.machine.add(work.ranked(by: state.queue.strategy), at: now)
            }
        }
    }

    private func close(_ stored: StoredWork, in batch: inout StorageBatch) async throws {
        batch.delete(keys.active(stored.work.id))
        batch.delete(RunKeys.ended(keys.group, stored.work.id))
        try await releaseSingleton(of: stored, in: &batch)
    }

    /// What becomes of a run that failed: it goes on later, or is a dead letter.
    private func failed(
        _ stored: StoredWork, _ status: RunHead.Status, in batch: inout StorageBatch
    ) async throws -> QueuedWork? {
        let run = stored.work.id
        let reason = try await JournalReader(storage, run).soundHead()?.reason ?? "it failed"
        let chance = environment.random()
        let now = environment.now().wallTime
        if status == .failed,
            let delay = lead.strategy.retry(stored.work, attempt: stored.attempt, reason: reason, chance: chance)
        {
            var next = stored
            next.moment = now.advanced(by: delay)
            batch.put(try next.sealed(at: keys.active(run)), at: keys.active(run))
            return stored.work.goingOn(at: now.advanced(by: delay))
        }
        var dead = stored
        (dead.reason, dead.moment) = (reason, now)
        try await close(stored, in: &batch)
        batch.put(try dead.sealed(at: keys.dead(run)), at: keys.dead(run))
        return nil
    }
}
