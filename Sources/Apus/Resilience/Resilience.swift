/// What a host shares by name: everything that depends on "crm" stands behind the same breaker.
///
/// ```swift
/// let resilience = Resilience()
/// let crm = resilience.breaker("crm", .consecutive(5))
/// try await crm.run { print("asked") }
/// print(resilience.readings)
/// ```
///
/// A scope is a value that a host makes and hands on; there is no global one. Whoever names a thing first decides how it is made.
public final class Resilience: Sendable {
    private let members = Guarded(Members())
    private let announcer = Announcer<BreakerChange>()

    private struct Members {
        var breakers: [String: CircuitBreaker] = [:]
        var limiters: [String: RateLimiter] = [:]
        var bulkheads: [String: Bulkhead] = [:]
        var caches: [String: ContentCache] = [:]
    }

    public init() {}

    /// The breaker of this name, made by `policy` if there is none.
    public func breaker(_ name: String, _ policy: BreakerPolicy = BreakerPolicy()) -> CircuitBreaker {
        let announcer = announcer
        return member(name, \.breakers) { CircuitBreaker(name, policy) { announcer.announce($0) } }
    }

    /// The limiter of this name, made as said if there is none.
    public func limiter(
        _ name: String, _ limit: RateLimit, waiting: Duration = .zero, keys: Int = 10_000
    ) -> RateLimiter {
        member(name, \.limiters) { RateLimiter(name, limit, waiting: waiting, keys: keys) }
    }

    /// The bulkhead of this name, made as said if there is none.
    public func bulkhead(_ name: String, places: Int, queue: Int = 0, waiting: Duration? = nil) -> Bulkhead {
        member(name, \.bulkheads) { Bulkhead(name, places: places, queue: queue, waiting: waiting) }
    }

    /// The cache of this name, made as said if there is none.
    public func cache(
        _ name: String, _ policy: CachePolicy = CachePolicy(), storage: (any Storage)? = nil
    ) -> ContentCache {
        member(name, \.caches) { ContentCache(name, policy, storage: storage) }
    }

    /// The breakers made so far, by name.
    public var breakers: [CircuitBreaker] {
        members.withLock { members in members.breakers.keys.sorted().compactMap { members.breakers[$0] } }
    }

    /// How everything stands, breakers first, then limiters, bulkheads and caches, each by name.
    public var readings: [GuardReading] {
        let (breakers, limiters, bulkheads, caches) = members.withLock {
            (Array($0.breakers.values), Array($0.limiters.values), Array($0.bulkheads.values), Array($0.caches.values))
        }
        return Self.sorted(breakers.map(\.reading)) + Self.sorted(limiters.map(\.reading))
            + Self.sorted(bulkheads.map(\.reading)) + Self.sorted(caches.map(\.reading))
    }

    /// The changes of all breakers of this scope from now on, also of those that are made later.
    public var changes: AsyncStream<BreakerChange> { announcer.stream() }

    private static func sorted(_ readings: [GuardReading]) -> [GuardReading] {
        readings.sorted { $0.name < $1.name }
    }

    private func member<Member: Sendable>(
        _ name: String, _ path: WritableKeyPath<Members, [String: Member]>, _ make: () -> Member
    ) -> Member {
        members.withLock { members in
            if let member = members[keyPath: path][name] { return member }
            let member = make()
            members[keyPath: path][name] = member
            return member
        }
    }
}
