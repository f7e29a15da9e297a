public import Apus

/// What the contract of storages is checked against: how to make a space, and how to do to it what a clause needs.
///
/// An adapter that survives the process, or one with an ability of its own, says how that is brought about:
///
/// ```swift
/// let subject = StorageSubject { environment in MemoryStorage(environment: environment) }
///     .reopening { storage, environment in storage }
/// ```
public struct StorageSubject<Space: Storage>: Sendable {
    /// Makes the same space again out of one that was used.
    public typealias Reopening = @Sendable (_ old: Space, _ environment: any Environment) async throws -> Space

    struct Transactions: Sendable {
        /// Performs an effect in a transaction with a batch, then throws if there is a failure to throw.
        var perform: @Sendable (Space, StorageBatch, (any Error)?) async throws -> Int
        var effects: @Sendable (Space) async throws -> Int
    }

    let open: @Sendable (any Environment) async throws -> Space
    private(set) var reopen: Reopening?
    private(set) var crash: Reopening?
    private(set) var transactions: Transactions?
    private(set) var changes: (@Sendable (Space, StorageRange) -> AsyncStream<Void>)?

    /// `open` makes a fresh, empty space in which entries expire by the calendar of the environment. Clauses move that calendar;
    /// its monotonic clock and its sleep are those of the world in which the clause is checked.
    public init(open: @escaping @Sendable (any Environment) async throws -> Space) { self.open = open }

    /// Lets clauses close a space and open it again, as a process does that ends and starts anew.
    public func reopening(_ reopen: @escaping Reopening) -> Self {
        var copy = self
        copy.reopen = reopen
        return copy
    }

    /// Lets clauses take a space away from its users in the midst of their commits, as the death of the process does, and open
    /// what is left of it. The old space must not write any more when this returns.
    public func crashing(_ crash: @escaping Reopening) -> Self {
        var copy = self
        copy.crash = crash
        return copy
    }
}

extension StorageSubject where Space: WatchableStorage {
    /// Lets clauses watch the space.
    public func watching() -> Self {
        var copy = self
        copy.changes = { space, range in space.changes(in: range) }
        return copy
    }
}

extension StorageSubject where Space: TransactionalStorage {
    /// Lets clauses put an effect of the adapter's own into transactions, such as a row in a table of its database, and count
    /// how many there are in the space.
    public func transacting(
        effect: @escaping @Sendable (Space.Transaction) throws -> Void,
        count: @escaping @Sendable (Space) async throws -> Int
    ) -> Self {
        var copy = self
        let perform: @Sendable (Space, StorageBatch, (any Error)?) async throws -> Int = { space, batch, failure in
            try await space.transact { transaction in
                try effect(transaction)
                if let failure { throw failure }
                return (batch.writes.count, batch)
            }
        }
        copy.transactions = Transactions(perform: perform, effects: count)
        return copy
    }
}
