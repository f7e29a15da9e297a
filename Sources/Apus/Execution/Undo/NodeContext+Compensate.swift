extension NodeContext {
    /// Registers how the work that this activation has just done is undone, should the run be.
    ///
    /// It counts also if the activation fails later. An activation that runs again, after a crash or a failure, may register the
    /// same once more, and it is undone once. In a run that is not written down it does nothing.
    public func compensate<Value: Codable & Sendable>(
        _ compensation: Compensation<Value>, with value: Value
    ) async throws {
        guard let core = site.services as? RunCore, let journal = core.journal else { return }
        let place = "\(activation)"
        let number = (extras?.ledger as? Ledger)?.nextSignal("undo/\(compensation.name)") ?? 1
        var record = JournalRecord(.compensation, place, name: compensation.name, number: number)
        do {
            record.value = try JSONCoding.encode(value)
        } catch {
            throw JournalError(
                .coding, run: core.runID, activation: place, detail: "\(compensation.name): \(error)")
        }
        if journal.past.compensations.contains(record) { return }
        journal.add(record)
        do {
            try await journal.settle()
        } catch {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }
}
