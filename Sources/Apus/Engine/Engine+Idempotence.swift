/// Starts that may be repeated.
extension Engine {
    /// Starts a run for a request that may come twice: with one `idempotencyKey` a graph is started once, in whatever process, and every
    /// repetition returns the same run, as long as it is kept (see ``Retention/ended``).
    ///
    /// A repetition with another first state or entry throws ``JournalError/Code/otherRun``: two requests have got one key. A start whose
    /// outcome is unknown, after ``StorageError/Code/unknownOutcome``, is repeated with the same key.
    @discardableResult
    public func start<State: GraphState>(
        _ graph: Graph<State>, from state: State, entry: String? = nil, idempotencyKey key: String
    ) async throws -> RunID {
        try await start(graph, from: state, entry: entry, id: RunID(graph: graph.name, idempotencyKey: key))
    }
}

extension RunID {
    /// The run that ``Engine/start(_:from:entry:idempotencyKey:)`` begins for a key: 22 characters that say nothing of it.
    public init(graph: String, idempotencyKey key: String) {
        let digest = SHA256.digest(of: Array("\(graph.utf8.count)/\(graph)/\(key)".utf8))
        self.init(Base64URL.text(of: digest.prefix(16)))
    }
}
