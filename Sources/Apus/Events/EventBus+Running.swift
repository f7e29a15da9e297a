/// Serving those who want events.
extension EventBus {
    /// Serves consumers until the task is cancelled: subscriptions, read models, triggers. It also numbers what was published with
    /// the batches of others, and drops what is not to be kept.
    ///
    /// On cancellation handlers that are under way are cancelled, and what was handled is written down. Throws when the storage
    /// can't be used at all or is damaged, or a consumer can't go on.
    @concurrent
    public func run(_ consumers: [any EventConsumer] = []) async throws {
        let names = consumers.map(\.name)
        precondition(Set(names).count == names.count, "two consumers have one name: \(names)")
        try await environment.spawned {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: self.environment.executor) { try await self.relay() }
                group.addTask(executorPreference: self.environment.executor) { try await self.trimming() }
                for consumer in consumers {
                    group.addTask(executorPreference: self.environment.executor) {
                        try await consumer.consume(from: self)
                    }
                }
                if let storage = self.storage as? any WatchableStorage {
                    for key in [self.keys.log, self.keys.outbox, self.keys.allAgain] {
                        group.addTask(executorPreference: self.environment.executor) { await self.watch(key, storage) }
                    }
                }
                defer { group.cancelAll() }
                // The first that can't go on ends the others.
                while try await group.next() != nil {}
            }
        }
    }

    /// Rings when others write something.
    private func watch(_ key: StorageKey, _ storage: any WatchableStorage) async {
        for await _ in storage.changes(in: .below(key)) {
            if Task.isCancelled { return }
            ring()
        }
    }

    private func trimming() async throws {
        while (try? await environment.sleep(for: options.retention.interval)) != nil {
            if options.retention.count == nil, options.retention.age == nil { continue }
            do {
                try await trim()
            } catch let error as StorageError where error.failureKind == .transient || error.code == .conflict {
                // It is tried again the next time.
            }
        }
    }
}

extension Environment {
    /// What `body` returns, on this environment's executor; it is cancelled with the caller.
    fileprivate func spawned(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = spawn(body)
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
