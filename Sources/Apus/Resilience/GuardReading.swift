/// How a guard stands at a moment, for health reports and metrics.
public struct GuardReading: Sendable, Hashable, Codable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable, Codable { case breaker, rateLimit, bulkhead, cache }

    public var kind: Kind
    public var name: String
    /// Of a breaker.
    public var state: BreakerState?
    /// Calls that were let through, of a cache those that were answered by it.
    public var admitted = 0
    /// Calls that were not let through, of a cache those that it could not answer.
    public var refused = 0
    /// Calls let through that counted as failures; of a cache the times a level of it could not be read or written.
    public var failed = 0
    /// Calls that have a place in a bulkhead now, keys a limiter knows, entries a cache has in memory.
    public var held = 0
    /// Calls that wait now.
    public var waiting = 0

    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}
