extension RunJournal {
    /// How many frames are stored at once.
    private static let portion = 64

    /// Stores the beginning of a run that goes on where another one was; false if there is a run of this id already.
    ///
    /// Its head comes with the last frame: what is left of an attempt that ended half way is gone over by the next.
    package func fork(_ lots: [ForkPlan.Lot], as head: RunHead) async throws -> Bool {
        guard try await JournalReader(storage, run).head() == nil else { return false }
        var link = JournalLink.start
        var batch = StorageBatch()
        for (sequence, lot) in lots.enumerated() {
            let (bytes, next) = JournalFrame.encode(
                lot.records, run: run, sequence: sequence, at: lot.time, after: link)
            let key = RunKeys.frame(run, sequence)
            batch.put(bytes, at: key)
            link = next
            let isLast = sequence == lots.count - 1
            if isLast {
                var head = head
                head.id = run
                batch.require(.absent(RunKeys.head(run)))
                try head.store(in: &batch, replacing: nil)
            }
            guard isLast || (sequence + 1) % Self.portion == 0 else { continue }
            let commit = JournalCommit(run: run, key: key, bytes: bytes, link: link, batch: batch, count: 0)
            do {
                try await commit.commit(to: storage, environment)
            } catch let error as JournalError where error.code == .fenced || error.underlying?.code == .conflict {
                return false
            }
            batch = StorageBatch()
        }
        return true
    }
}
