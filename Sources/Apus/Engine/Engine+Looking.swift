/// What an engine finds in the storage.
extension Engine {
    /// Puts what has something to do on the agenda. What can't be read now is looked at the next time.
    func look() async {
        for part in [lookForReady, lookForOrphans, lookForLetters, lookForTimers] { try? await part() }
    }

    private func lookForReady() async throws {
        try await storage.each(in: .below(RunKeys.index(.ready))) { key, _ in want(key) }
    }

    /// Runs whose worker says nothing any more.
    private func lookForOrphans() async throws {
        var alive: [String: Bool] = [worker: true]
        try await storage.each(in: .below(RunKeys.index(.running))) { key, value in
            let other: String
            if let value { other = String(decoding: value, as: UTF8.self) } else { other = try await owner(in: key) }
            if alive[other] == nil { alive[other] = try await isAlive(other) }
            if other == worker ? !isHere(key) : alive[other] == false { want(key) }
        }
    }

    /// Who executes a run whose place in the index is damaged.
    private func owner(in key: StorageKey) async throws -> String {
        guard let run = key.parts.last else { return "" }
        return try await JournalReader(storage, RunID(run)).soundHead()?.worker ?? ""
    }

    private func isAlive(_ other: String) async throws -> Bool {
        guard !other.isEmpty, !planted(.livingRobbed) else { return false }
        do {
            return try await storage.read([RunKeys.worker(other)])[0] != nil
        } catch let error as StorageError where error.code == .corrupt {
            // It says so again soon if it is.
            var batch = StorageBatch()
            batch.delete(RunKeys.worker(other))
            try await storage.commit(batch)
            return true
        }
    }

    private func isHere(_ key: StorageKey) -> Bool {
        guard let run = key.parts.last else { return false }
        return table.withLock { $0.agenda.isLive(RunID(run)) }
    }

    /// Runs to which something was sent.
    private func lookForLetters() async throws {
        var last: RunID?
        try await storage.each(in: .below(RunKeys.allInboxes)) { key, _ in
            guard key.parts.count == 3 else { return }
            let run = RunID(key.parts[1])
            if run == last { return }
            last = run
            await attend(run)
        }
    }

    /// Runs that are to be woken before the next look.
    private func lookForTimers() async throws {
        let horizon = environment.now().wallTime.advanced(by: options.poll)
        let last = StorageKey("timer", UInt64(max(0, horizon.milliseconds + 1)))
        let range = StorageRange(from: StorageRange.below(RunKeys.timers).lower, to: last)
        try await storage.each(in: range) { key, _ in
            guard key.parts.count == 3, let due = StorageKey.number(key.parts[1]) else { return }
            let moment = WallTime(milliseconds: Int64(clamping: due))
            table.withLock { $0.agenda.sleep(RunID(key.parts[2]), until: moment) }
        }
    }

    private func want(_ key: StorageKey) {
        guard let run = key.parts.last else { return }
        table.withLock { $0.agenda.want(RunID(run)) }
    }

    /// Lets a run look at what was sent to it, wherever it is.
    func attend(_ run: RunID) async {
        let core = table.withLock { table -> RunCore? in
            if let core = table.cores[run] { return core }
            table.agenda.want(run)
            return nil
        }
        guard let core else { return bell.ring() }
        do {
            try await core.readInbox()
        } catch let error as JournalError where error.code == .damaged {
            core.activity.letGo(error)
        } catch {
            // It is read again at the next look.
        }
    }

    func hasLetters(_ run: RunID) async -> Bool {
        let found = try? await storage.scan(.below(RunKeys.inbox(run)), limit: 1)
        return found?.isEmpty == false
    }

}

/// The life of an engine as others see it.
extension Engine {
    /// Says that this worker is alive.
    func renew() async throws {
        var batch = StorageBatch()
        batch.put([], at: RunKeys.worker(worker), expires: environment.now().wallTime.advanced(by: options.lease))
        try await storage.commit(batch)
    }

    func retire() async throws {
        var batch = StorageBatch()
        batch.delete(RunKeys.worker(worker))
        try await storage.commit(batch)
    }

    func heartbeats() async {
        var last = environment.now()
        while !Task.isCancelled {
            guard (try? await environment.sleep(for: options.lease / 3)) != nil else { return }
            if (try? await renew()) != nil {
                last = environment.now()
            } else if last.duration(to: environment.now()) > options.lease {
                letGoOfAll()
            }
        }
    }

    /// Others may have taken the runs up by now.
    private func letGoOfAll() {
        let cores = table.withLock { table in table.agenda.runs.compactMap { table.cores[$0] } }
        for core in cores { core.activity.letGo(JournalError(.fenced, run: core.runID)) }
    }

    /// Rings when other processes send something, if the storage tells.
    func watch(_ group: inout TaskGroup<Void>) {
        guard let storage = storage as? any WatchableStorage else { return }
        for key in [RunKeys.allInboxes, RunKeys.index(.ready)] {
            group.addTask {
                for await _ in storage.changes(in: .below(key)) {
                    if Task.isCancelled { return }
                    if key == RunKeys.allInboxes {
                        try? await self.lookForLetters()
                    } else {
                        try? await self.lookForReady()
                    }
                    self.bell.ring()
                }
            }
        }
    }
}
