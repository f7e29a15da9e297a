/// One frame on its way to the storage.
struct JournalCommit: Sendable {
    let run: RunID
    let key: StorageKey
    let bytes: [UInt8]
    let link: JournalLink
    let batch: StorageBatch
    let count: Int

    /// How often a commit is tried that the storage could not take.
    static let attempts = 8

    /// Stores the frame once, whatever answer gets lost on the way.
    ///
    /// Throws ``JournalError/Code/fenced`` where another worker has stored a frame in its place, and
    /// ``JournalError/Code/storage`` when the storage does not take it in a bounded number of attempts.
    func commit(to storage: any Storage, _ environment: any Environment) async throws {
        var attempt = 1
        while true {
            do {
                return try await storage.commit(batch)
            } catch let error as StorageError {
                if try await isStored(storage, after: error) { return }
                guard error.failureKind == .transient, attempt < Self.attempts else {
                    throw JournalError(.storage, run: run, underlying: error)
                }
                let pause = Duration.milliseconds(10 << min(attempt, 7))
                try await environment.sleep(for: pause + .nanoseconds(Int64(environment.random() % 10_000_000)))
                attempt += 1
            }
        }
    }

    /// Whether the frame is there after all; throws if another one is.
    private func isStored(_ storage: any Storage, after error: StorageError) async throws -> Bool {
        guard error.code == .conflict || error.code == .unknownOutcome else { return false }
        let found: StorageEntry?
        do {
            found = try await storage.read([key])[0]
        } catch let error as StorageError {
            throw JournalError(.storage, run: run, underlying: error)
        }
        if found?.value == bytes { return true }
        if found != nil { throw JournalError(.fenced, run: run) }
        if error.code == .conflict { throw JournalError(.storage, run: run, underlying: error) }
        return false
    }
}
