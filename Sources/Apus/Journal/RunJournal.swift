/// The journal of one run while a worker executes it.
///
/// Records are numbered as they are added, in one synchronous step, and stored in that order, as many at once as have
/// gathered while the commit before was under way. Each commit creates the next frame; where another worker has created it
/// before, this one is fenced off and stores nothing any more.
package final class RunJournal: Sendable {
    package let run: RunID
    package let storage: any Storage
    package let durability: Durability
    package let retention: Retention
    let environment: any Environment
    let planted = Planted()
    let state: Guarded<State>
    /// Fires when something is stored by which the run gets on.
    let progress = OneShot()

    struct State {
        var pending: [JournalRecord] = []
        /// What is written together with them.
        var batch = StorageBatch()
        var end = JournalEnd()
        /// How many records were added, and how many of them are stored.
        var added = 0
        var stored = 0
        var isStoring = false
        var waiters: [(upTo: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        /// What follows when so many records are stored.
        var sequels: [(upTo: Int, body: @Sendable () -> Void)] = []
        var failure: (any Error)?
        var past = RunPast()
        var head: RunHead?
        var isClaimed = false
        var budget: SnapshotBudget
        /// How many records the journal had when it was taken up.
        var before = 0
        /// Those who want to write a frame of their own.
        var turns: [CheckedContinuation<Void, Never>] = []
    }

    package init(
        _ run: RunID, _ storage: any Storage, _ durability: Durability, _ environment: any Environment,
        retention: Retention = .everything
    ) {
        self.retention = retention
        self.run = run
        self.storage = storage
        self.durability = durability
        self.environment = environment
        state = Guarded(State(budget: SnapshotBudget(least: retention.growth)))
    }

    /// What was stored when the run was taken up, and what has happened since inside of activations that have not ended.
    package var past: RunPast { state.withLock { $0.past } }

    func effect(_ name: String, of activation: String) -> RunPast.Effect? {
        state.withLock { $0.past.effect(name, of: activation) }
    }

    func question(_ id: String) -> JournalRecord? { state.withLock { $0.past.question(id) } }

    func sleep(_ number: Int, of activation: String) -> WallTime? {
        state.withLock { $0.past.sleep(number, of: activation) }
    }

    func signal(_ name: String, _ number: Int, of activation: String) -> [UInt8]? {
        state.withLock { $0.past.signal(name, number, of: activation) }
    }

    func openWaits(inside activation: String) -> [JournalRecord] {
        state.withLock { $0.past.openWaits(inside: activation) }
    }

    func bodies(of composite: String) -> [JournalRecord] { state.withLock { $0.past.bodies(of: composite) } }

    /// What is known of the run without its journal, as this worker last wrote it.
    package var head: RunHead? { state.withLock { $0.head } }

    func hold(_ head: RunHead) { state.withLock { $0.head = head } }

    /// Whether it is stored that this worker executes the run.
    package var isClaimed: Bool { state.withLock { $0.isClaimed } }

    func claimed() { state.withLock { $0.isClaimed = true } }

    /// Why nothing is stored any more.
    package var failure: (any Error)? { state.withLock { $0.failure } }

    /// Goes on after these frames, whatever came before.
    package func resume(_ past: RunPast, at end: JournalEnd) {
        state.withLock { state in
            precondition(!state.isStoring, "a journal is taken up while it is being written")
            state = State(budget: SnapshotBudget(least: retention.growth))
            state.past = past
            state.before = past.records
            state.end = end
        }
    }

    /// Whether it is time to offer a snapshot.
    package var wantsSnapshot: Bool { state.withLock { $0.budget.isDue } }

    /// Adds a snapshot if it is worth its bytes.
    package func offer(_ make: (RunPast) throws -> RunSnapshot) rethrows {
        var snapshot = try make(past)
        snapshot.records = state.withLock { $0.before + $0.added }
        let json = snapshot.json
        if state.withLock({ $0.budget.takes(json.count) }) { add(JournalRecord(.snapshot, value: json)) }
    }

    /// Adds a record, to be stored with the next commit, and what is to be written with it; `sequel` is called when it is stored.
    package func add(
        _ record: JournalRecord, with batch: StorageBatch? = nil, sequel: (@Sendable () -> Void)? = nil
    ) {
        state.withLock { state in
            guard state.failure == nil else { return }
            state.pending.append(record)
            if state.past.isKept(record) { state.past.add(record) }
            if let batch { state.batch.append(batch) }
            state.added += 1
            if let sequel { state.sequels.append((state.added, sequel)) }
        }
    }

    /// Adds two records that are stored in one commit.
    package func add(_ record: JournalRecord, before next: JournalRecord) {
        state.withLock { state in
            guard state.failure == nil else { return }
            for record in [record, next] {
                state.pending.append(record)
                if state.past.isKept(record) { state.past.add(record) }
                state.added += 1
            }
        }
    }

    /// Stores nothing any more; who waits gets `error`.
    package func close(_ error: any Error) {
        let (waiters, turns) = state.withLock { state in
            if state.failure == nil { state.failure = error }
            (state.pending, state.sequels) = ([], [])
            defer { (state.waiters, state.turns) = ([], []) }
            return (state.waiters, state.turns)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
        for turn in turns { turn.resume() }
    }
}

extension RunJournal {
    /// Where the next frame stands.
    struct Place: Sendable {
        var end: JournalEnd
        var time: WallTime
    }

    /// Waits until everything added is stored and nobody else stores, and keeps it so until ``endTurn(_:)``.
    func takeTurn() async throws -> Place {
        try await store()
        let begins = state.withLock { state -> Bool in
            defer { state.isStoring = true }
            return !state.isStoring
        }
        if !begins {
            await withCheckedContinuation { turn in
                let isFree = state.withLock { state -> Bool in
                    if !state.isStoring {
                        state.isStoring = true
                        return true
                    }
                    state.turns.append(turn)
                    return false
                }
                if isFree { turn.resume() }
            }
        }
        let now = environment.now().wallTime
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return Place(end: state.end, time: now)
        }
    }

    /// Goes on with the frames of others, behind one that was written meanwhile if there is one.
    func endTurn(_ written: (record: JournalRecord, link: JournalLink, bytes: [UInt8])?) {
        state.withLock { state in
            guard let written else { return }
            if state.past.isKept(written.record) { state.past.add(written.record) }
            state.end = state.end.followed(by: written.bytes, written.link)
            state.budget.add(written.bytes.count)
        }
        begin()
    }
}
