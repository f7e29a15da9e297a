/// Filling a cache ahead of the questions, and making void what it knows.
extension ContentCache {
    /// Puts in a value that was made elsewhere.
    public func put<Value: Codable & Sendable>(
        _ value: Value, for content: some Encodable, tags: [String] = [], in environment: any Environment = .live
    ) async throws {
        let key = try Self.key(of: content)
        let now = environment.now()
        let end = policy.lifetime.map { now.wallTime.advanced(by: $0) }
        if let shelf {
            let counters = try await shelf.look(Value.self, key, tags, at: now.wallTime).counters
            try await shelf.put(value, key, counters: counters, until: end)
        }
        let lifetime = CacheFlight(cache: self, number: 0, key: key, tags: tags, environment: environment)
            .memoryLifetime(until: end)
        guard lifetime != .zero else { return }
        state.withLock { $0.machine.put(.value(value), at: key, tags: tags, lifetime: lifetime, at: now.uptime) }
    }

    /// Asks for each of `items`, `concurrency` at a time, so that their values are known when somebody else asks. Returns the errors of those
    /// that could not be made, by their place.
    @discardableResult
    public func warm<Item: Encodable & Sendable, Value: Codable & Sendable>(
        _ items: [Item], tags: [String] = [], concurrency: Int = 4, in environment: any Environment = .live,
        _ make: @escaping @Sendable (Item) async throws -> Value
    ) async -> [Int: any Error] {
        await withTaskGroup(of: (Int, (any Error)?).self) { group in
            var errors: [Int: any Error] = [:]
            for (place, item) in items.enumerated() {
                if place >= max(1, concurrency), let (other, error) = await group.next() { errors[other] = error }
                group.addTask(executorPreference: environment.executor) { [self] in
                    do {
                        _ = try await value(for: item, tags: tags, in: environment) { try await make(item) }
                        return (place, nil)
                    } catch {
                        return (place, error)
                    }
                }
            }
            for await (place, error) in group { errors[place] = error }
            return errors
        }
    }

    /// Makes void what was made of `content`, also what is being made of it here now.
    public func invalidate(_ content: some Encodable) async throws {
        let key = try Self.key(of: content)
        try await shelf?.forget(key)
        state.withLock { state in state.machine.forget { other, _ in other == key } }
    }

    /// Makes void all values of a tag, also those that are being made, here and in other processes; those may serve a value from their
    /// memory for ``CachePolicy/staleness`` more.
    public func invalidate(tag: String) async throws {
        try await shelf?.forget(tag: tag)
        state.withLock { state in state.machine.forget { _, tags in tags.contains(tag) } }
    }

    /// Makes everything void that is known here and in the storage.
    public func invalidateAll() async throws {
        try await shelf?.forgetAll()
        state.withLock { state in state.machine.forget { _, _ in true } }
    }
}
