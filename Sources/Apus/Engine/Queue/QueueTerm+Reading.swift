/// What the lead of a queue reads.
extension QueueTerm {
    /// Reads all there is, at the beginning.
    func load() async throws {
        let now = environment.now().wallTime
        var active: [StoredWork] = []
        try await storage.each(in: .below(keys.allActive)) { key, value in
            if let stored = await opened(key, value) { active.append(stored) }
        }
        for part in active.chunked(by: 256) {
            let heads = try await storage.read(part.map { RunKeys.ended(keys.group, $0.work.id) })
            for (stored, ended) in zip(part, heads) { resume(stored, hasEnded: ended != nil, at: now) }
        }
        try await storage.each(in: .below(keys.allStarts)) { key, value in
            guard key.parts.count == 5, let moment = StorageKey.number(key.parts[3]) else { return }
            let started = WallTime(milliseconds: Int64(clamping: moment))
            _ = lead.decide(office) {
                $0.machine.countStart(of: String(decoding: value ?? [], as: UTF8.self), at: started)
            }
        }
        var works: [QueuedWork] = []
        try await storage.each(in: .below(keys.allWaiting)) { key, value in
            if let stored = await opened(key, value) { works.append(stored.work) }
        }
        lead.arrived(works, at: now)
    }

    /// Work that was started before: it has its place, or waits to go on.
    private func resume(_ stored: StoredWork, hasEnded: Bool, at now: WallTime) {
        _ = lead.decide(office) { state in
            let run = stored.work.id
            state.attempts[run] = stored.attempt
            if hasEnded, let moment = stored.moment {
                state.machine.add(stored.work.goingOn(at: moment).ranked(by: state.queue.strategy), at: now)
            } else {
                state.machine.resume(run, key: stored.work.key)
            }
        }
    }

    /// Sees what others have put there or ended. What can't be read now is looked at the next time.
    func look() async {
        try? await lookForNews()
        try? await lookForEnds()
        let now = environment.now().wallTime
        _ = lead.decide(office) { $0.machine.forget(at: now) }
    }

    private func lookForNews() async throws {
        var runs: [RunID] = []
        try await storage.each(in: .below(keys.allNews)) { key, _ in
            if let last = key.parts.last { runs.append(RunID(last)) }
        }
        for part in runs.chunked(by: 256) {
            let entries = try await storage.read(part.map { keys.waiting($0) })
            var works: [QueuedWork] = []
            var batch = StorageBatch()
            batch.require(.holds(keys.lead, office))
            for (run, entry) in zip(part, entries) {
                batch.delete(keys.news(run))
                if let entry, let stored = await opened(entry.key, entry.value) { works.append(stored.work) }
            }
            lead.arrived(works, at: environment.now().wallTime)
            try await storage.commit(batch)
        }
    }

    private func lookForEnds() async throws {
        try await storage.each(in: .below(RunKeys.ended(keys.group))) { key, _ in
            guard let run = key.parts.last.map({ RunID($0) }), let before = idle(run) else { return }
            // What was scanned may be older than what was done with the run since.
            let status = try await JournalReader(storage, run).soundHead()?.status ?? .cancelled
            if status.isTerminal, idle(run) == before, !Planted()(.endsForgotten) { lead.ended(run, status) }
        }
    }

    /// Runs that ended without a note: they were taken away, or what was stored of them was damaged.
    func lookForLost() async throws {
        try await storage.each(in: .below(keys.allActive)) { key, _ in
            guard let run = key.parts.last.map({ RunID($0) }), let before = idle(run) else { return }
            var status: RunHead.Status? = .cancelled
            if let entry = try await storage.read([RunKeys.head(run)])[0] {
                status = try? RunHead(entry, id: run).status
            }
            guard let status, status.isTerminal, idle(run) == before, !Planted()(.endsForgotten) else { return }
            lead.ended(run, status)
        }
    }

    /// How often a run was started of which an end means something: it has not been seen to end, and nothing is done with it.
    private func idle(_ run: RunID) -> Int? {
        lead.decide(office) { state -> Int? in
            if state.ended[run] != nil || state.machine.waiting[run] != nil || state.busy.contains(run) { return nil }
            return state.attempts[run] ?? 0
        } ?? nil
    }

    /// What is stored at a place of the queue; damaged entries are taken out of it, since nobody can tell what they were.
    func opened(_ key: StorageKey, _ value: [UInt8]?) async -> StoredWork? {
        if let value, let stored = try? StoredWork(StorageEntry(key, value)) { return stored }
        guard let run = key.parts.last.map({ RunID($0) }) else { return nil }
        var dead = StoredWork(
            QueuedWork(run, graph: "", enqueued: environment.now().wallTime), state: Array("null".utf8))
        (dead.reason, dead.moment) = ("what was stored of it is damaged", environment.now().wallTime)
        var batch = StorageBatch()
        batch.require(.holds(keys.lead, office))
        batch.delete(key)
        if let bytes = try? dead.sealed(at: keys.dead(run)) { batch.put(bytes, at: keys.dead(run)) }
        try? await storage.commit(batch)
        return nil
    }
}

extension QueuedWork {
    /// The same work, to go on at a moment.
    func goingOn(at moment: WallTime) -> QueuedWork {
        var copy = self
        (copy.notBefore, copy.expires) = (moment, nil)
        return copy
    }
}

extension Array {
    func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
