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
