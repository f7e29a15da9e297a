extension Environment {
    /// What `body` returns, also if the storage has a bad moment, which may be as long as a few seconds. What it does may happen again.
    func patiently<Value>(attempts: Int = 8, _ body: () async throws -> Value) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await body()
            } catch let error as StorageError where error.failureKind == .transient && attempt < attempts {
                try await JournalCommit.pause(attempt, self)
                attempt += 1
            }
        }
    }
}
