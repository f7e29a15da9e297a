/// Something that stands before calls: it may let one through, make it wait, or refuse it with a ``ResilienceError``.
///
/// Breakers, rate limits and bulkheads are guards, and so is whatever else conforms. One guard may stand before any number of nodes, models,
/// tools and plain calls at once.
public protocol CallGuard: Sendable {
    /// What `body` returns or throws, if it is called. `environment` tells the time and lets wait.
    @discardableResult
    func run<Value>(in environment: any Environment, _ body: () async throws -> Value) async throws -> Value
}

extension CallGuard {
    /// The same in the real world.
    @discardableResult
    public func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await run(in: LiveEnvironment(), body)
    }
}
