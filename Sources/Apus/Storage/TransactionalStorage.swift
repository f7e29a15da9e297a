/// A ``Storage`` in a database whose own statements may share its transactions, so that an effect in that database and the
/// record of it commit together.
public protocol TransactionalStorage: Storage {
    /// What the caller works with inside a transaction; it is not valid after it.
    associatedtype Transaction

    /// Calls `body` in a transaction of its own, then commits what it did together with the batch it returns. If `body` throws or
    /// a precondition does not hold, nothing is written.
    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value
}
