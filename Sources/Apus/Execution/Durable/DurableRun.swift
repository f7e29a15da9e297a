/// Executes one run that is written down, from wherever its journal ends.
struct DurableRun<State: GraphState>: Sendable {
    let executor: GraphExecutor
    let graph: Graph<State>
    let core: RunCore
    let journal: RunJournal
    var versions = VersionPolicy<State>.refuse

    /// How it goes on.
    private enum Opening: Sendable {
        case runs(State, entry: String?, isContinued: Bool)
        /// It ended before; the state is the one it began with.
        case ended(State, entry: String?, JournalRecord)
        /// What it did behind a point is undone.
        case undoes(JournalRecord)
    }

    /// Begins the run, or takes it up if it is there already, and executes it to its end.
    func execute(from state: State?, entry: String?) async throws -> State {
        switch try await open(state, entry) {
        case .runs(let state, let entry, let isContinued):
            core.began(isContinued: isContinued)
            return try await run(from: state, entry)
        case .ended(let state, let entry, let end):
            core.emit(.runStarted(graph: graph.name))
            return try await replay(from: state, entry, end)
        case .undoes(let why):
            core.began(isContinued: true)
            return try await undo(why)
        }
    }

    private func open(_ state: State?, _ entry: String?) async throws -> Opening {
        if let state, try await begin(state, entry, isHere: true) {
            return .runs(state, entry: entry, isContinued: false)
        }
        let (head, past) = try await load()
        if let step = migration(of: head, past) {
            let next = try await migrate(head, step)
            core.countPast(past.steps)
            try await core.readInbox()
            return .runs(next.state, entry: next.entry, isContinued: true)
        }
        let isOver = past.ended != nil || past.undoing != nil || core.planted(.versionIgnored)
        if !isOver, head.fingerprint != graph.fingerprint, case .refuse = versions.way {
            throw await outdated(head)
        }
        let (first, began) = try beginning(past)
        core.set(deadline: past.began?.time)
        if let state { try check(state, entry, first, began) }
        if let end = past.ended { return .ended(first, entry: began, end) }
        if let why = past.undoingRecord {
            // It comes to an end already: nobody cancels that.
            core.undoes()
            try await journal.claim(
                head, as: executor.worker, under: head.fingerprint, trace: core.continueTrace(after: head.trace))
            return .undoes(why)
        }
        try await journal.claim(
            head, as: executor.worker, under: graph.fingerprint, with: outline(after: head.fingerprint),
            trace: core.continueTrace(after: head.trace))
        core.countPast(past.steps)
        try await core.readInbox()
        return .runs(first, entry: began, isContinued: past.records > 1 || head.trace?.isBegun == true)
    }

    /// Throws unless the run that is there is the one that was to be started.
    func confirm(_ state: State, _ entry: String?) async throws {
        let (first, began) = try beginning(try await load().1)
        try check(state, entry, first, began)
    }

    private func check(_ state: State, _ entry: String?, _ first: State, _ began: String?) throws(JournalError) {
        if state != first || entry != began { throw JournalError(.otherRun, run: journal.run) }
    }

    /// Reads what is stored.
    private func load() async throws -> (RunHead, RunPast) {
        let journal = journal
        guard let head = try await journal.load() else { throw JournalError(.unknownRun, run: journal.run) }
        return (head, journal.past)
    }

    /// The first state, and the entry.
    private func beginning(_ past: RunPast) throws(JournalError) -> (State, String?) {
        guard let began = past.began, let json = began.value else {
            throw JournalError(.damaged, run: journal.run, detail: "its first state is missing")
        }
        guard began.name == graph.name else {
            throw JournalError(.otherRun, run: journal.run, detail: "it runs the graph \"\(began.name ?? "")\"")
        }
        do {
            return (try JSONCoding.decode(State.self, from: json, filling: versions.defaults), began.note)
        } catch {
            throw JournalError(.coding, run: journal.run, detail: "its first state: \(error)")
        }
    }

    /// Begins the run, here or for whoever takes it up; returns false if it is there already.
    func begin(_ state: State, _ entry: String?, isHere: Bool, _ terms: StartTerms = StartTerms()) async throws -> Bool
    {
        let now = core.environment.now().wallTime
        var head = RunHead(
            graph: graph.name, fingerprint: graph.fingerprint, status: isHere ? .running : .ready, created: now,
            worker: isHere ? executor.worker : nil)
        head.group = terms.group
        head.trace = core.beginTrace(isHere: isHere)
        let json: [UInt8]
        do {
            json = try JSONCoding.encode(state)
        } catch {
            throw JournalError(.coding, run: journal.run, detail: "its first state: \(error)")
        }
        let outline = outline(after: nil)
        var more = terms.batch
        if let outline { more.append(outline) }
        let deadline = core.deadline?.moment
        guard try await journal.begin(head, state: json, entry: entry, deadline: deadline, with: more) else {
            return false
        }
        if outline != nil { executor.outlines.note(graph.fingerprint) }
        return true
    }

    private func replay(from state: State, _ entry: String?, _ end: JournalRecord) async throws -> State {
        switch end.name {
        case "completed": return try await executor.prepared(graph, entry, core).run(from: state)
        case "cancelled", "undone": throw CancellationError()
        case "dead": throw JournalError(.poisoned, run: journal.run, detail: end.note)
        default: throw SagaFailure(end, of: journal.run) ?? JournaledError(end.note ?? "unknown")
        }
    }

    func run(from state: State, _ entry: String?) async throws -> State {
        let (executor, graph, core) = (executor, graph, core)
        do {
            return try await closed {
                // What was cancelled before it was taken up does nothing any more.
                if core.isCancelRequested { throw CancellationError() }
                return try await executor.limited(try executor.prepared(graph, entry, core), from: state)
            }
        } catch let began as SagaBegan {
            return try await goOn(undoing: began)
        }
    }

    /// Performs the work and writes down how it ended.
    func closed(_ work: @escaping @Sendable () async throws -> State) async throws -> State {
        let result: Result<State, any Error>
        do {
            result = .success(try await supervised(work))
        } catch {
            result = .failure(error)
        }
        try await close(result)
        return try result.get()
    }

    /// Performs the work until it ends or this worker lets go of the run.
    private func supervised(_ work: @escaping @Sendable () async throws -> State) async throws -> State {
        let core = core
        // That the task is cancelled is said before what it runs is, so that nobody there takes it for a decision of the run.
        if Task.isCancelled { core.activity.letGo(CancellationError()) }
        return try await withThrowingTaskGroup(of: State?.self) { group in
            group.addImmediateTask(executorPreference: core.environment.executor) { try await work() }
            group.addTask {
                await core.activity.wait()
                return nil
            }
            defer { group.cancelAll() }
            let first = try await withTaskCancellationHandler {
                try await group.next() ?? nil
            } onCancel: {
                core.activity.letGo(CancellationError())
            }
            if let final = first { return final }
            group.cancelAll()
            // It has let go when what it was doing has ended.
            while let outcome = await group.nextResult() {
                if case .success(let final?) = outcome { return final }
            }
            throw CancellationError()
        }
    }
}
