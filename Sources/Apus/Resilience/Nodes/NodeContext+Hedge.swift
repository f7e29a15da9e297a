extension NodeContext {
    /// Performs an idempotent effect as `step` does, and a second time side by side when it takes long: the
    /// first answer is the one that is remembered. Both get the same key, by which the outside tells that they are one.
    public func step<Value: Codable & Sendable>(
        _ name: String, hedged hedge: Hedge, _ body: @escaping @Sendable (_ key: String) async throws -> Value
    ) async throws -> Value {
        try await step(name, .idempotent) { key in
            try await hedge.run(in: environment) { _ in try await body(key) }
        }
    }
}
