/// An ordered space of keys and values that commits batches atomically.
///
/// Once ``commit(_:)`` returns, every later read sees the whole batch, and the batch survives whatever the adapter promises to
/// survive. If it throws, nothing was written, unless the error is ``StorageError/Code/unknownOutcome``. Reads never see half of a
/// batch. Each call may be made from any number of tasks at once. `StorageConformance` in ApusTesting is the executable form of
/// this contract.
public protocol Storage: Sendable {
    /// The entries at `keys`, in their order and from one moment; `nil` where nothing is, or what was there has expired.
    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?]
    /// The first `limit` entries of a range, in its direction and from one moment.
    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry]
    /// Applies all writes if all preconditions hold; otherwise it throws ``StorageError/Code/conflict`` with the first key that
    /// does not hold, and none is applied. An empty batch does nothing.
    func commit(_ batch: StorageBatch) async throws
}

/// A key with what is stored there.
public struct StorageEntry: Sendable, Hashable {
    public var key: StorageKey
    public var value: [UInt8]

    public init(_ key: StorageKey, _ value: [UInt8]) {
        self.key = key
        self.value = value
    }
}
