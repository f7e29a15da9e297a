extension NodeContext {
    /// Performs an effect in the database that holds the journal, in one transaction with the record of it: it happens exactly once.
    ///
    /// `space` is the type of the storage the run is written down in. Where the run keeps no journal, or another storage or a
    /// decorator holds it, it throws ``JournalError/Code/noTransaction``, and nothing happens.
    public func transaction<Space: TransactionalStorage, Value: Codable & Sendable>(
        _ name: String, in space: Space.Type, _ body: @escaping @Sendable (Space.Transaction) throws -> Value
    ) async throws -> Value {
        let place = "\(activation)"
        if let core = site.services as? RunCore, let replay = core.replay {
            guard let result = core.journal?.effect(name, of: place)?.result else {
                throw await replay.outcome(of: name, place, extras?.ledger as? Ledger)
            }
            return try JSONCoding.decode(Value.self, from: result)
        }
        guard let core = site.services as? RunCore, let journal = core.journal, let storage = journal.storage as? Space
        else { throw JournalError(.noTransaction, run: runID, activation: place, detail: "\(Space.self)") }
        let ledger = extras?.ledger as? Ledger
        if ledger?.use(name) == false {
            throw JournalError(.duplicateName, run: runID, activation: place, detail: name)
        }
        if let result = journal.effect(name, of: place)?.result {
            return try JSONCoding.decode(Value.self, from: result)
        }
        ledger?.effectBegan()
        defer { ledger?.effectEnded() }
        do {
            return try await journal.transact(in: storage) { transaction in
                let value = try body(transaction)
                let record = JournalRecord(
                    .effect, place, name: name, value: try JSONCoding.encode(value), note: "transactional")
                return (value, record)
            }
        } catch let error as JournalError where [.fenced, .storage, .regressed].contains(error.code) {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }
}
