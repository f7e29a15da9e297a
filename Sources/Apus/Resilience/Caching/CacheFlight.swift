/// One value of a ``ContentCache`` that is being made, by the task of whoever asked for it.
struct CacheFlight: Sendable {
    let cache: ContentCache
    let number: CacheMachine.Flight
    let key: String
    let tags: [String]
    let environment: any Environment

    /// The value out of the storage, or as `make` makes it.
    func perform<Value: Codable & Sendable>(_ make: () async throws -> Value) async throws -> Value {
        let look = await onShelf { try await $0.look(Value.self, key, tags, at: environment.now().wallTime) }
        if let look, let value = look.value {
            land(.value(value), lifetime: memoryLifetime(until: look.end))
            return value
        }
        let value: Value
        do {
            value = try await make()
        } catch {
            if Task.isCancelled { abandon() } else { land(.failure(error), lifetime: lifetime(of: error)) }
            throw error
        }
        if (value as? any MaybeNone)?.isNone == true {
            land(.value(value), lifetime: cache.policy.negativeLifetime ?? .zero)
            return value
        }
        let end = cache.policy.lifetime.map { environment.now().wallTime.advanced(by: $0) }
        land(.value(value), lifetime: memoryLifetime(until: end))
        if let look {
            _ = await onShelf { try await $0.put(value, key, counters: look.counters, until: end) }
        }
        return value
    }

    /// What `work` makes of the storage; `nil` where there is none, or it is in trouble.
    private func onShelf<Result: Sendable>(_ work: (CacheShelf) async throws -> Result) async -> Result? {
        guard let shelf = cache.shelf else { return nil }
        do {
            return try await work(shelf)
        } catch {
            if !Task.isCancelled { cache.state.withLock { $0.troubles += 1 } }
            return nil
        }
    }

    /// How long a good value may stay in memory.
    func memoryLifetime(until end: WallTime?) -> Duration? {
        if cache.policy.memory < 1 { return .zero }
        var lifetime = cache.shelf == nil ? nil : cache.policy.staleness
        if let end {
            let left = max(.zero, environment.now().wallTime.duration(to: end))
            lifetime = min(left, lifetime ?? left)
        }
        return lifetime
    }

    private func lifetime(of error: any Error) -> Duration {
        guard let lifetime = cache.policy.negativeLifetime, cache.policy.isNegative(error) else { return .zero }
        return lifetime
    }

    private func land(_ content: CacheContent, lifetime: Duration?) {
        let now = environment.now().uptime
        let waiters = cache.state.withLock { state in
            let tickets = state.machine.land(number, content, lifetime: lifetime, at: now)
            return tickets.compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for waiter in waiters { waiter.resume(returning: .known(content)) }
    }

    private func abandon() {
        let next = cache.state.withLock { state in
            state.machine.abandon(number).flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.resume(returning: .make(number))
    }
}
