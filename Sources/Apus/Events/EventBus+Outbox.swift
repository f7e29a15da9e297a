/// What was published with the batches of others.
extension EventBus {
    private static let most = 128

    /// Gives events in the outbox their numbers as they come, until the task is cancelled.
    func relay() async throws {
        try await listening { bell in
            while !Task.isCancelled {
                do {
                    while try await relayed() == Self.most, !Task.isCancelled {}
                } catch let error as StorageError where error.failureKind == .transient || error.code == .conflict {
                    // Another bus was quicker, or the storage has a bad moment; it is looked at again.
                } catch let error as EventBusError where error.code == .crowded {}
                await bell.wait(options.poll, environment)
            }
        }
    }

    /// Moves what is in the outbox to the log, in one commit if nothing has to be looked at one by one; returns how many events.
    ///
    /// An event that middleware can't take now stays, and so do those of its key behind it.
    func relayed() async throws -> Int {
        let entries = try await storage.scan(.below(keys.outbox), limit: Self.most)
        if options.middleware.isEmpty, !entries.contains(where: \.key.isOnce) {
            try await move(entries)
            return entries.count
        }
        var held: Set<String> = []
        var moved = 0
        for entry in entries {
            let key = try EventRecord(entry.value, sequence: 0, at: entry.key).key
            if held.contains(key) { continue }
            do {
                try await move([entry])
                moved += 1
            } catch let error where !isOutside(error, entry.key) {
                held.insert(key)
            }
        }
        return moved
    }

    private func move(_ entries: [StorageEntry]) async throws {
        var batch = StorageBatch()
        var records: [EventRecord] = []
        for entry in entries {
            var passage = EventPassage(try EventRecord(entry.value, sequence: 0, at: entry.key))
            try await passage.pass(options.middleware)
            batch.require(.present(entry.key))
            if !planted(.outboxLeft) { batch.delete(entry.key) }
            batch.append(passage.batch)
            if !passage.isStopped { records.append(passage.event) }
        }
        if batch.isEmpty { return }
        if records.isEmpty { return try await storage.commit(batch) }
        let once = entries.count == 1 && entries[0].key.isOnce ? [keys.id(records[0].id)] : []
        if try await queue.publish(records, once: once, with: batch) == nil {
            try await storage.commit { for entry in entries { $0.delete(entry.key) } }
        }
        if planted(.outboxLeft) { try await storage.commit { for entry in entries { $0.delete(entry.key) } } }
        ring()
    }

    /// Whether trouble with an event in the outbox is not the event's own.
    private func isOutside(_ error: any Error, _ key: StorageKey) -> Bool {
        guard let error = error as? StorageError else { return error is CancellationError || error is EventBusError }
        return error.code != .conflict || error.key == key
    }
}

extension StorageKey {
    static let once = "once"

    /// Whether an event in the outbox is not to be published if its id was.
    fileprivate var isOnce: Bool { parts.last == Self.once }
}
