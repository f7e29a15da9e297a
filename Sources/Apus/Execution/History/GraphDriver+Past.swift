/// What a driver that only follows a journal knows besides what is open.
extension GraphDriver {
    /// The state with everything that was committed so far, in graph order.
    func pastState() throws -> StateBox? {
        try shared.withLock { shared in
            var book = shared.book
            return try book?.result()
        }
    }

    /// Whether everything that is open sees the same state, so that a change of it has a meaning.
    var isUniform: Bool { shared.withLock { $0.book?.isUniform ?? false && $0.machine?.phase == .running } }

    /// Changes what everything that is open sees.
    func edit(_ record: JournalRecord, _ open: inout OpenActivations) throws {
        guard let json = record.value else { return }
        let change: StateChange
        do {
            change = try kit.decode(json)
        } catch {
            throw JournalError(.coding, run: core.runID, detail: "the edit of its state: \(error)")
        }
        let edited = try shared.withLock { try $0.book?.edit(change) }
        guard let edited else {
            throw JournalError(.doesNotFit, run: core.runID, detail: "its state was edited where branches had diverged")
        }
        open.show(edited)
    }
}
