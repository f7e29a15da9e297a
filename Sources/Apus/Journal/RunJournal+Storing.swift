extension RunJournal {
    /// Does what the durability asks for after a step.
    package func settle() async throws {
        switch durability {
        case .everyStep: if planted(.settledEarly) { try await storeBehind() } else { try await store() }
        case .pipelined: try await storeBehind()
        case .onSuspend: if let failure { throw failure }
        }
    }

    /// Returns when all records added so far are stored.
    package func store() async throws {
        let upTo = state.withLock { $0.added }
        // Who finds nobody storing does it itself, which spares two changes of tasks.
        if let work = takeLead() { await lead(work) }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let (outcome, begins) = state.withLock { state -> (Result<Void, any Error>?, Bool) in
                if state.stored >= upTo, state.failure == nil { return (.success(()), false) }
                if let failure = state.failure { return (.failure(failure), false) }
                state.waiters.append((upTo, continuation))
                defer { state.isStoring = true }
                return (nil, !state.isStoring)
            }
            if let outcome { continuation.resume(with: outcome) }
            if begins { begin() }
        }
    }

    private func takeLead() -> JournalCommit? {
        let isFree = state.withLock { state -> Bool in
            if state.isStoring || state.failure != nil || state.pending.isEmpty { return false }
            state.isStoring = true
            return true
        }
        return isFree ? takeWork() : nil
    }

    /// Stores one frame in the task of a caller. What goes wrong, and what has gathered meanwhile, is left to a task that
    /// nobody cancels.
    private func lead(_ work: JournalCommit) async {
        do {
            try await storage.commit(work.batch)
        } catch {
            // A storage that gives up when its caller is cancelled may have written nevertheless.
            let failure = error is CancellationError ? StorageError(.unknownOutcome, detail: "it was cancelled") : error
            _ = environment.spawn { await self.storeAll(first: work, after: failure) }
            return
        }
        finish(work)
        let isMore = state.withLock { state -> Bool in
            state.isStoring = !state.pending.isEmpty || !state.turns.isEmpty
            return state.isStoring
        }
        if isMore { begin() }
    }

    /// How many records may be ahead of the storage.
    private static let backlog = 1_024

    func storeBehind() async throws {
        let (begins, mustWait) = try state.withLock { state -> (Bool, Bool) in
            if let failure = state.failure { throw failure }
            defer { state.isStoring = true }
            return (!state.isStoring, state.added - state.stored > Self.backlog)
        }
        if begins { begin() }
        if mustWait { try await store() }
    }

    func begin() {
        // It ends by itself when nothing is left to store; whoever closes the run has waited for that.
        _ = environment.spawn { await self.storeAll() }
    }

    /// Stores what has gathered until there is nothing left; `first` has failed once.
    private func storeAll(first: JournalCommit? = nil, after failure: (any Error)? = nil) async {
        var (next, failure) = (first, failure)
        if next == nil { next = await takeNextWork() }
        while let work = next {
            do {
                try await work.commit(to: storage, environment, after: failure)
            } catch {
                // Whoever hears of it may take the run up again at once.
                state.withLock { $0.isStoring = false }
                close(error)
                return
            }
            failure = nil
            finish(work)
            next = await takeNextWork()
        }
    }

    /// Tells those who have waited for a frame.
    private func finish(_ work: JournalCommit) {
        let (sequels, waiters) = state.withLock { $0.stored(work) }
        for sequel in sequels { sequel.body() }
        for waiter in waiters { waiter.continuation.resume() }
        if work.isProgress { progress.fire() }
    }

    /// What is stored next; first whoever wants to write a frame of its own has its turn.
    private func takeNextWork() async -> JournalCommit? {
        if let work = takeWork() { return work }
        let turn = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.turns.isEmpty { return nil }
            state.isStoring = true
            return state.turns.removeFirst()
        }
        turn?.resume()
        return nil
    }

    private func takeWork() -> JournalCommit? {
        let now = environment.now().wallTime
        return state.withLock { state in
            guard !state.pending.isEmpty, state.failure == nil, state.turns.isEmpty else {
                state.isStoring = false
                return nil
            }
            let end = state.end
            let (bytes, link) = JournalFrame.encode(
                state.pending, run: run, sequence: end.sequence, at: now, after: end.link)
            var batch = StorageBatch()
            end.store(bytes, in: &batch, of: run, isFenced: !planted(.frameWithoutFence))
            batch.append(state.batch)
            if state.pending.contains(where: { $0.tag == .snapshot }) {
                let pointer = SnapshotPointer(sequence: end.sequence, link: end.link)
                batch.put(pointer.bytes, at: RunKeys.snapshot(run))
                if retention.history == .sinceSnapshot { batch.delete(RunKeys.frames(run, before: end.sequence)) }
            }
            state.budget.add(bytes.count)
            defer {
                state.pending = []
                state.batch = StorageBatch()
            }
            return JournalCommit(
                run: run, key: RunKeys.frame(run, end.sequence), bytes: bytes, link: link, batch: batch, end: end,
                count: state.pending.count, isProgress: state.pending.contains { $0.isProgress })
        }
    }
}

extension RunJournal.State {
    /// Notes that a commit is stored; returns what follows, and who waited for that.
    fileprivate mutating func stored(
        _ work: JournalCommit
    ) -> (
        [(upTo: Int, body: @Sendable () -> Void)], [(upTo: Int, continuation: CheckedContinuation<Void, any Error>)]
    ) {
        end = end.followed(by: work.bytes, work.link)
        stored += work.count
        let count = stored
        defer {
            sequels.removeAll { $0.upTo <= count }
            waiters.removeAll { $0.upTo <= count }
        }
        return (sequels.filter { $0.upTo <= count }, waiters.filter { $0.upTo <= count })
    }
}
