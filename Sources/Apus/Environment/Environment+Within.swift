extension Environment {
    /// What `body` returns, unless `limit` runs out before: then it is cancelled and waited for, and `onTimeout` says what is
    /// thrown. The time runs from the call.
    package func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value,
        onTimeout: @escaping @Sendable () -> any Error
    ) async throws -> Value {
        let deadline = now().advanced(by: limit)
        let late: @Sendable () async throws -> Void = {
            try await sleep(until: deadline)
            throw onTimeout()
        }
        return try await unless([late], body)
    }

    /// What `body` returns, unless one of `ends` throws before: then it is cancelled and waited for, and that is thrown.
    /// An end that returns lets it go on.
    package func unless<Value: Sendable>(
        _ ends: [@Sendable () async throws -> Void], _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addImmediateTask(executorPreference: executor) { try await body() }
            for end in ends {
                group.addTask(executorPreference: executor) {
                    try await end()
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let first = try await group.next() {
                if let value = first { return value }
            }
            throw CancellationError()
        }
    }
}
