/// Looking back.
extension Engine {
    /// All that happened in a run up to now, whether it is executed, waits, has ended or failed.
    ///
    /// It reads what is stored and disturbs nobody. Of a damaged journal it tells what stands before the damage. Throws
    /// ``JournalError/Code/unknownRun`` if there is no such run, ``JournalError/Code/storage`` if it can't be looked up.
    public func history<State: GraphState>(of run: RunID, _ graph: Graph<State>) async throws -> RunHistory<State> {
        let (head, excerpt) = try await excerpt(of: run)
        return RunHistory(run, graph, head: head, excerpt, environment)
    }

    /// The effects that a run tried on the outside, in the order in which they were first tried.
    public func effects(of run: RunID) async throws -> [LedgerEntry] {
        EffectFold(try await excerpt(of: run).1, of: run).entries
    }

    /// How two runs of a graph differ, as far as they have come: a run and its fork, yesterday's and today's.
    public func compare<State: GraphState>(
        _ first: RunID, _ second: RunID, _ graph: Graph<State>
    ) async throws -> RunComparison {
        try RunComparison(try await history(of: first, graph), try await history(of: second, graph))
    }

    /// Starts a run that begins where another one was at a point of its history, with a state that `editing` may change.
    ///
    /// The other run stays as it is. What it had done by then is taken over and not repeated; what it had failed at is tried again.
    /// What was done before the fork can be undone by the other run alone. The new run knows its ``RunHead/origin``. Forking to an
    /// `id` once more from the same point does nothing; from anywhere else it throws ``JournalError/Code/otherRun``. Throws
    /// ``HistoryError`` where it makes no sense, with the nearest points at which it does.
    @discardableResult
    public func fork<State: GraphState>(
        _ run: RunID, _ graph: Graph<State>, at point: Int, id: RunID? = nil,
        editing: (inout State) throws -> Void = { _ in }
    ) async throws -> RunID {
        let excerpt = try await excerpt(of: run).1
        let fork = RunFork(run: run, graph: graph, environment: environment, excerpt: excerpt)
        let lots = try fork.lots(at: point, editing: editing)
        let id = id ?? RunID(from: environment)
        let now = environment.now().wallTime
        var head = RunHead(
            graph: graph.name, fingerprint: graph.fingerprint, status: .ready, created: now, worker: nil)
        head.origin = RunOrigin(run: run, point: point)
        let journal = RunJournal(id, storage, options.durability, environment)
        if try await !journal.fork(lots, as: head) { try await confirm(id, lots) }
        table.withLock { $0.agenda.want(id) }
        bell.ring()
        return id
    }

    /// Throws unless the run that is there was forked in the same way.
    private func confirm(_ id: RunID, _ lots: [ForkPlan.Lot]) async throws {
        let known = try await excerpt(of: id).1.entries.last { $0.record.tag == .forked }?.record
        if known != lots.last?.records.last { throw JournalError(.otherRun, run: id) }
    }

    /// A run as one portable file, up to now. Of a damaged journal it holds what stands before the damage.
    public func export<State: GraphState>(_ run: RunID, _ graph: Graph<State>) async throws -> RunCapsule {
        RunCapsule(try await excerpt(of: run).1, of: run, graph.outline, graph.fingerprint)
    }

    func excerpt(of run: RunID) async throws -> (RunHead?, JournalExcerpt) {
        let reader = JournalReader(storage, run)
        var head: RunHead?
        var isThere = false
        do {
            head = try await reader.head()
        } catch let error as JournalError where error.code == .damaged {
            isThere = true
        }
        let excerpt = try await reader.excerpt()
        if head == nil, !isThere, excerpt.frames.isEmpty, excerpt.damage == nil {
            throw JournalError(.unknownRun, run: run)
        }
        return (head, excerpt)
    }
}
