/// Taking a run up, and letting go of it.
extension RunJournal {
    /// How often a run may be taken up without getting on before it counts as one that ends its process.
    package static let claims = 5

    /// Begins the run; returns false if it exists already.
    package func begin(
        _ head: RunHead, state: [UInt8], entry: String?, deadline: WallTime? = nil, with more: StorageBatch? = nil
    ) async throws -> Bool {
        var head = head
        let now = environment.now().wallTime
        (head.id, head.created) = (run, now)
        var batch = StorageBatch()
        // The first frame alone does not tell: it may have been dropped behind a snapshot.
        if !planted(.begunAgain) { batch.require(.absent(RunKeys.head(run))) }
        try head.store(in: &batch, replacing: nil)
        if let more { batch.append(more) }
        let nonce = Int(environment.random() >> 34)
        add(
            JournalRecord(.began, name: head.graph, number: nonce, value: state, note: entry, time: deadline),
            with: batch)
        hold(head)
        do {
            if planted(.acceptedEarly) { try await storeBehind() } else { try await store() }
            claimed()
            return true
        } catch let error as JournalError where error.code == .fenced {
            return false
        }
    }

    /// Reads what is stored of the run, and checks it; `nil` if there is no such run.
    package func load() async throws -> RunHead? {
        let reader = JournalReader(storage, run)
        let old = planted(.headReadFirst) ? try await reader.head() : nil
        let (past, end) = try await reader.past()
        // A head changes with a frame, so one that is read behind the frames is not older than they are.
        guard var head = try await reader.head() else { return nil }
        if past.began == nil { throw JournalError(.damaged, run: run, detail: "its first frame is missing") }
        if let old { head = old }
        resume(past, at: end)
        hold(head)
        return head
    }

    /// Makes `worker` the one that executes a run that was loaded.
    ///
    /// Throws ``JournalError/Code/notFree`` if another worker is alive and has it, or takes it up first, and
    /// ``JournalError/Code/poisoned`` once the run has been taken up too often without getting on.
    package func claim(
        _ head: RunHead, as worker: String?, under fingerprint: String, with more: StorageBatch? = nil,
        trace: StoredTrace? = nil
    ) async throws {
        // A worker that let go of it for want of room and is there still has not died of it.
        let isHere = worker != nil && head.status == .running && head.worker == worker
        let attempt = planted(.claimsNotCounted) ? 1 : isHere ? past.claims : past.claims + 1
        if attempt > Self.claims {
            let reason = "it was taken up \(Self.claims) times and never got on"
            try await release(.dead, reason: reason, record: JournalRecord(.ended, name: "dead", note: reason))
            throw JournalError(.poisoned, run: run, detail: reason)
        }
        var next = head
        (next.status, next.worker, next.due, next.updated) = (.running, worker, nil, environment.now().wallTime)
        (next.fingerprint, next.tries) = (fingerprint, attempt > 1 ? attempt : nil)
        next.trace = trace ?? head.trace
        var batch = StorageBatch()
        if let other = head.worker, other != worker, head.status == .running, !planted(.livingRobbed) {
            batch.require(.absent(RunKeys.worker(other)))
        }
        try next.store(in: &batch, replacing: head)
        if let more { batch.append(more) }
        add(claim(worker, attempt), with: batch)
        hold(next)
        do {
            try await store()
            claimed()
        } catch let error as JournalError where error.code == .fenced || error.underlying?.code == .conflict {
            throw JournalError(.notFree, run: run)
        }
    }

    /// Writes down that this worker lets go of the run in this status, and everything that was not yet stored with it.
    package func release(
        _ status: RunHead.Status, reason: String? = nil, due: WallTime? = nil, record: JournalRecord? = nil,
        with more: StorageBatch? = nil, beside: StorageBatch? = nil
    ) async throws {
        guard let head else { return }
        var next = head
        (next.status, next.reason, next.due) = (status, reason, planted(.timerNotSet) ? nil : due)
        (next.worker, next.tries, next.updated) = (nil, nil, environment.now().wallTime)
        var batch = StorageBatch()
        if let more, !more.isEmpty {
            batch.append(more)
            next.keepsLetters = true
        }
        if let beside { batch.append(beside) }
        try next.store(in: &batch, replacing: head)
        if status.isTerminal { batch.delete(.below(RunKeys.awaiting(run))) }
        // One that failed may be tried again, and then goes on with the questions it asked and what was sent to it.
        let mayGoOn = status != .failed || past.undoing == nil && !planted(.questionsLostByFailure)
        if status == .completed || status == .cancelled || !mayGoOn {
            batch.delete(.below(RunKeys.beats(run)))
            batch.delete(.below(RunKeys.questions(run)))
            batch.delete(.below(RunKeys.inbox(run)))
            batch.delete(.below(RunKeys.kept(run)))
        }
        if planted(.headBeforeRecords) {
            try await storage.commit(batch)
            batch = StorageBatch()
        }
        add(
            record ?? JournalRecord(.released, name: status == .waiting ? nil : status.rawValue, time: due), with: batch
        )
        hold(next)
        try await store()
    }

    private func claim(_ worker: String?, _ number: Int) -> JournalRecord {
        JournalRecord(.claimed, name: worker ?? RunID(from: environment).value, number: number)
    }
}
