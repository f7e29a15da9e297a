/// Writes that apply together, and what has to be so that they do.
public struct StorageBatch: Sendable, Hashable {
    /// What must be so just before the writes.
    public enum Precondition: Sendable, Hashable {
        /// Nothing is at the key, or it has expired.
        case absent(StorageKey)
        /// Something is at the key.
        case present(StorageKey)
        /// Exactly this value is at the key.
        case holds(StorageKey, [UInt8])

        public var key: StorageKey {
            switch self {
            case .absent(let key), .present(let key), .holds(let key, _): key
            }
        }
    }

    /// One write.
    public enum Write: Sendable, Hashable {
        /// Puts a value in place of what was there. From `expires` on, nothing is at the key.
        case put(StorageKey, [UInt8], expires: WallTime?)
        /// Takes away what is at the key, if there is something.
        case delete(StorageKey)
        case deleteRange(StorageRange)
    }

    public var preconditions: [Precondition] = []
    /// Applied in order, so the last write at a key is the one that counts.
    public var writes: [Write] = []

    public init() {}

    public var isEmpty: Bool { preconditions.isEmpty && writes.isEmpty }

    public mutating func require(_ precondition: Precondition) { preconditions.append(precondition) }

    public mutating func put(_ value: [UInt8], at key: StorageKey, expires: WallTime? = nil) {
        writes.append(.put(key, value, expires: expires))
    }

    /// Puts a value where nothing is; otherwise the batch is in conflict.
    public mutating func create(_ value: [UInt8], at key: StorageKey, expires: WallTime? = nil) {
        preconditions.append(.absent(key))
        writes.append(.put(key, value, expires: expires))
    }

    public mutating func delete(_ key: StorageKey) { writes.append(.delete(key)) }

    public mutating func delete(_ range: StorageRange) { writes.append(.deleteRange(range)) }

    /// Lets the writes of `other` follow these, under the preconditions of both.
    public mutating func append(_ other: StorageBatch) {
        preconditions += other.preconditions
        writes += other.writes
    }
}
