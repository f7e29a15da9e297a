/// What one call of a ``Storage`` was and what came of it, as a ``MeteredStorage`` tells it.
public struct StorageCall: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case read, scan, commit, transaction
    }

    public var kind: Kind
    /// How long it took, on the environment's monotonic clock.
    public var duration: Duration
    /// Keys that were asked for, entries that were scanned, or writes and preconditions of the batch.
    public var items: Int
    /// The lengths of the values that came or went; of a range that was deleted nothing is known.
    public var bytes: Int
    /// What was thrown; `nil` if it succeeded, or if what was thrown is no ``StorageError``.
    public var error: StorageError.Code?
    public var isFailed: Bool

    public init(
        _ kind: Kind, duration: Duration = .zero, items: Int = 0, bytes: Int = 0, error: StorageError.Code? = nil,
        isFailed: Bool = false
    ) {
        self.kind = kind
        self.duration = duration
        self.items = items
        self.bytes = bytes
        self.error = error
        self.isFailed = isFailed
    }
}
