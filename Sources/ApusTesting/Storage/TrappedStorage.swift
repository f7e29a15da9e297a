public import Apus

/// A storage that lets something happen just before or just behind one of its commits: its process dies, another worker is faster,
/// the answer gets lost.
///
/// With every commit in turn, before and after, a test goes through all that a crash can leave behind: what is stored changes only
/// by commits.
public final class TrappedStorage<Base: Storage>: Storage {
    private let base: Base
    private let number: Int
    private let moment: CommitMoment
    private let isMeant: @Sendable (StorageBatch) -> Bool
    private let trap: @Sendable () async throws -> Void
    private let count = Guarded(0)

    /// The trap is at commit `number` of those that `isMeant` chooses, counted from 1; 0 is none. What it throws is what the commit
    /// throws.
    public init(
        _ base: Base, at number: Int, _ moment: CommitMoment,
        of isMeant: @escaping @Sendable (StorageBatch) -> Bool = { _ in true },
        trap: @escaping @Sendable () async throws -> Void
    ) {
        self.base = base
        self.number = number
        self.moment = moment
        self.isMeant = isMeant
        self.trap = trap
    }

    /// How many commits there were of those that count.
    public var commits: Int { count.withLock { $0 } }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await base.read(keys) }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await base.scan(range, limit: limit)
    }

    public func commit(_ batch: StorageBatch) async throws {
        guard isMeant(batch), isNext() else { return try await base.commit(batch) }
        if moment == .before { try await trap() }
        try await base.commit(batch)
        if moment == .after { try await trap() }
    }

    fileprivate func isNext() -> Bool {
        count.withLock { count in
            count += 1
            return count == number
        }
    }
}

extension TrappedStorage: TransactionalStorage where Base: TransactionalStorage {
    public typealias Transaction = Base.Transaction

    /// Counts as a commit whatever its batch is.
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Base.Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        guard isNext() else { return try await base.transact(body) }
        if moment == .before { try await trap() }
        let value = try await base.transact(body)
        if moment == .after { try await trap() }
        return value
    }
}

/// A side of a commit.
public enum CommitMoment: String, Sendable, Hashable, CaseIterable {
    /// Nothing of the commit is stored.
    case before
    /// All of it is stored, and nobody has been told.
    case after
}
