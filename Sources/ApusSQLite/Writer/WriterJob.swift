import Apus

/// Something for the thread that writes.
enum WriterJob: Sendable {
    case commit(StorageBatch, CheckedContinuation<Void, any Error>)
    case transact(TransactJob)
    /// Not part of a transaction.
    case read(ReadJob)
    /// Looks whether other processes have written.
    case poll(CheckedContinuation<Void, Never>)
}

/// Statements of a caller, to be performed together with a batch.
struct TransactJob: Sendable {
    /// Performs the statements and keeps their result until the end.
    let body: @Sendable (SQLiteTransaction) throws -> StorageBatch
    /// Answers: without an error once all is committed.
    let finish: @Sendable ((any Error)?) -> Void
}
