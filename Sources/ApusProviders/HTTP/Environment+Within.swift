import Apus

extension Environment {
    /// What `body` returns, unless `limit` runs out before: then it is cancelled, and `onTimeout` says what is thrown.
    func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value,
        onTimeout: @escaping @Sendable () -> any Error
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(executorPreference: executor) { try await body() }
            group.addTask(executorPreference: executor) {
                try await self.sleep(for: limit)
                throw onTimeout()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
