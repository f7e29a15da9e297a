/// What a person has to take back.
extension Engine {
    /// What was to be undone of runs, or of one, and was left for a person; the list of all goes by run.
    public func unsettled(of run: RunID? = nil, limit: Int = 1_000) async throws -> [UnsettledWork] {
        let key = run.map { RunKeys.unsettled($0) } ?? RunKeys.allUnsettled
        var found: [UnsettledWork] = []
        for (key, value) in try await storage.scanPastDamage(.below(key), limit: limit) {
            guard key.parts.count == 3 else { continue }
            let run = RunID(key.parts[1])
            do {
                let json = try Seal.opened(StorageEntry(key, value ?? []), of: run)
                found.append(try JSONCoding.decode(UnsettledWork.self, from: json))
            } catch let error as JournalError {
                await setAside(run, error)
            }
        }
        return found
    }

    /// Says that a person has taken work back, or that nothing has to be; what is still to be undone before it goes on.
    ///
    /// The `note` says what was done, and stays in the journal. Throws ``JournalError/Code/notFree`` if the work is not listed, or the
    /// run is being executed. ``retry(_:)`` tries compensations again instead.
    public func settle(_ run: RunID, _ work: UnsettledWork.ID, note: String) async throws {
        let listed = try await unsettled(of: run).first { $0.id == work }
        let journal = RunJournal(run, storage, options.durability, environment)
        guard let head = try await journal.load() else { throw JournalError(.unknownRun, run: run) }
        guard let listed, let why = journal.past.undoingRecord, head.status.isTerminal else {
            throw JournalError(.notFree, run: run, detail: "\(work) is not left for a person")
        }
        journal.add(
            JournalRecord(.compensated, listed.activation, name: listed.name, number: listed.number, note: note))
        journal.add(why)
        var batch = StorageBatch()
        batch.delete(RunKeys.unsettled(run, work))
        try await free(journal, beside: batch)
    }

    /// Lets whoever executes runs of its graph take a run up that was mended.
    func free(_ journal: RunJournal, beside batch: StorageBatch? = nil) async throws {
        do {
            try await journal.release(.ready, beside: batch)
        } catch let error as JournalError where error.code == .fenced {
            throw JournalError(.notFree, run: journal.run)
        }
        table.withLock { table in
            table.forgive(journal.run)
            table.agenda.want(journal.run)
        }
        bell.ring()
    }
}
