/// One frame on its way to the storage.
struct JournalCommit: Sendable {
    let run: RunID
    let key: StorageKey
    let bytes: [UInt8]
    let link: JournalLink
    let batch: StorageBatch
    /// What the frame follows.
    var end = JournalEnd()
    let count: Int
    /// Whether the run gets on by it.
    var isProgress = false

    /// How often a commit is tried that the storage could not take.
    static let attempts = 8

    /// Stores the frame once, whatever answer gets lost on the way.
    ///
    /// Throws ``JournalError/Code/fenced`` where another worker has stored a frame in its place, and
    /// ``JournalError/Code/storage`` when the storage does not take it in a bounded number of attempts.
    /// `failure` is what a first attempt has come to.
    func commit(
        to storage: any Storage, _ environment: any Environment, after failure: (any Error)? = nil
    ) async throws {
        var (attempt, failure) = (1, failure)
        var isKnown = true
        while true {
            do {
                if let first = failure {
                    failure = nil
                    throw first
                }
                return try await storage.commit(batch)
            } catch let error as StorageError {
                if error.code == .unknownOutcome { isKnown = false }
                if Planted()(.lostAnswerIsSuccess), !isKnown { return }
                // Two that begin a run in the same millisecond write the same bytes.
                if isKnown, error.code == .conflict, try await isTaken(storage, environment) {
                    throw JournalError(.fenced, run: run)
                }
                if try await isStored(storage, environment, after: error) { return }
                guard error.failureKind == .transient, attempt < Self.attempts else {
                    throw JournalError(.storage, run: run, underlying: error)
                }
                try await Self.pause(attempt, environment)
                attempt += 1
            }
        }
    }

    /// What is at the key of the frame, before it, and where the newest snapshot is. What a lost answer leaves open is not decided before this is known.
    private func found(in storage: any Storage, _ environment: any Environment) async throws -> [StorageEntry?] {
        var attempt = 1
        while true {
            do {
                let before = RunKeys.frame(run, max(0, end.sequence - 1))
                return try await storage.read([key, before, RunKeys.snapshot(run)])
            } catch let error as StorageError {
                guard error.failureKind == .transient, attempt < Self.attempts else {
                    throw JournalError(.storage, run: run, underlying: error)
                }
                try await Self.pause(attempt, environment)
                attempt += 1
            }
        }
    }

    /// Waits twice as long each time, with a share of chance.
    static func pause(_ attempt: Int, _ environment: any Environment) async throws {
        let chance = Duration.nanoseconds(Int64(environment.random() % 10_000_000))
        try await environment.sleep(for: .milliseconds(10 << min(attempt, 7)) + chance)
    }

    /// Whether there is a frame at the place of this one, whoever has written it.
    private func isTaken(_ storage: any Storage, _ environment: any Environment) async throws -> Bool {
        try await found(in: storage, environment)[0] != nil
    }

    /// Whether the frame is there after all; throws if another one is.
    func isStored(
        _ storage: any Storage, _ environment: any Environment, after error: StorageError
    ) async throws -> Bool {
        guard error.code == .conflict || error.code == .unknownOutcome else { return false }
        let found = try await found(in: storage, environment)
        if found[0]?.value == bytes { return true }
        if found[0] != nil { throw JournalError(.fenced, run: run) }
        // Who has the run now may have dropped what its snapshot says.
        let snapshot = found[2].flatMap { SnapshotPointer($0.value) }
        if let snapshot, snapshot.sequence >= end.sequence, !Planted()(.droppedTakenForLost) {
            throw JournalError(.fenced, run: run)
        }
        if let last = end.last, found[1]?.value != last { throw JournalError(.regressed, run: run, underlying: error) }
        if error.code == .conflict { throw JournalError(.storage, run: run, underlying: error) }
        return false
    }
}
