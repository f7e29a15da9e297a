/// What protects a node, and what it protects others from.
///
/// From the outside to the inside, in whatever order the modifiers are written: fallbacks, cache, retry, hedge, guards of your own, breakers,
/// rate limits, bulkheads, timeout, and the node. So a remembered result costs no attempt, each attempt asks the breaker anew, a timeout
/// counts as a failure there, and the time spent waiting for a limit is not the node's. Several of one kind stand in the order in which they
/// are written, the first outside.
extension NodeHandle {
    /// Refuses attempts while the breaker is open, with ``ResilienceError/Code/circuitOpen``, which a retry policy does not repeat by itself.
    @discardableResult
    public func breaker(_ breaker: CircuitBreaker) -> Self {
        layered(GuardLayer(place: .breaker) { _ in breaker })
    }

    /// Keeps attempts to a limit.
    @discardableResult
    public func rateLimited(by limiter: RateLimiter) -> Self {
        layered(GuardLayer(place: .rate) { _ in limiter })
    }

    /// Keeps attempts to a limit of their own for each key.
    @discardableResult
    public func rateLimited(by limiter: RateLimiter, key: @escaping @Sendable (State) -> String) -> Self {
        layered(GuardLayer(place: .rate) { limiter[key($0)] })
    }

    /// Performs an attempt only while it has a place in the bulkhead.
    @discardableResult
    public func bulkhead(_ bulkhead: Bulkhead) -> Self {
        layered(GuardLayer(place: .bulkhead) { _ in bulkhead })
    }

    /// Puts a guard of your own before each attempt.
    @discardableResult
    public func guarded(by other: some CallGuard) -> Self {
        layered(GuardLayer(place: .other) { _ in other })
    }

    /// Performs the attempt a second time, side by side, when the first takes long; what ends first counts.
    ///
    /// The node has to be declared ``idempotent()``, and must be neither a composite nor use a channel. Its steps may be performed twice
    /// under one key, too.
    @discardableResult
    public func hedged(_ policy: HedgePolicy) -> Self { layered(HedgeLayer(hedge: Hedge(policy))) }

    /// Remembers what the node writes at `path`, by `key`: when it is known, it is written there and the node does not run. Whatever else
    /// the node writes is not remembered.
    @discardableResult
    public func cached<Key: Encodable, Value: Codable & Sendable>(
        in cache: ContentCache, keeping path: any WritableKeyPath<State, Value> & Sendable,
        tags: @escaping @Sendable (State) -> [String] = { _ in [] }, by key: @escaping @Sendable (State) -> Key
    ) -> Self {
        layered(CacheLayer(cache: cache, path: path, key: key, tags: tags))
    }
}
