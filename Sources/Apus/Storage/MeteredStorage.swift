/// A storage that tells what each call did and how long it took.
public struct MeteredStorage<Base: Storage>: Storage {
    private let base: Base
    private let environment: any Environment
    private let observe: @Sendable (StorageCall) -> Void

    /// `observe` is called at the end of each call, on the task that made it.
    public init(
        _ base: Base, environment: any Environment = .live, observe: @escaping @Sendable (StorageCall) -> Void
    ) {
        self.base = base
        self.environment = environment
        self.observe = observe
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try await measuring(.read) { call in
            call.items = keys.count
            let entries = try await base.read(keys)
            call.bytes = entries.reduce(0) { $0 + ($1?.value.count ?? 0) }
            return entries
        }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await measuring(.scan) { call in
            let entries = try await base.scan(range, limit: limit)
            call.items = entries.count
            call.bytes = entries.reduce(0) { $0 + $1.value.count }
            return entries
        }
    }

    public func commit(_ batch: StorageBatch) async throws {
        try await measuring(.commit) { call in
            call.count(batch)
            try await base.commit(batch)
        }
    }

    private func measuring<Value>(
        _ kind: StorageCall.Kind, _ body: (inout StorageCall) async throws -> Value
    ) async throws -> Value {
        let start = environment.now()
        var call = StorageCall(kind)
        defer {
            call.duration = start.duration(to: environment.now())
            observe(call)
        }
        do {
            return try await body(&call)
        } catch {
            call.error = (error as? StorageError)?.code
            call.isFailed = true
            throw error
        }
    }
}

extension StorageCall {
    fileprivate mutating func count(_ batch: StorageBatch) {
        items = batch.writes.count + batch.preconditions.count
        bytes = batch.writes.reduce(0) { sum, write in
            if case .put(_, let value, _) = write { sum + value.count } else { sum }
        }
    }
}

extension MeteredStorage: WatchableStorage where Base: WatchableStorage {
    public func changes(in range: StorageRange) -> AsyncStream<Void> { base.changes(in: range) }
}

extension MeteredStorage: TransactionalStorage where Base: TransactionalStorage {
    public func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Base.Transaction) throws -> (Value, StorageBatch)
    ) async throws -> Value {
        try await measuring(.transaction) { call in
            let (value, batch) = try await base.transact { transaction in
                let (value, batch) = try body(transaction)
                return ((value, batch), batch)
            }
            call.count(batch)
            return value
        }
    }
}

extension Storage {
    /// This storage, with `observe` told of each call when it ends.
    public func metered(
        environment: any Environment = .live, _ observe: @escaping @Sendable (StorageCall) -> Void
    ) -> MeteredStorage<Self> {
        MeteredStorage(self, environment: environment, observe: observe)
    }

    /// This storage, with each call added up by `meter`.
    public func metered(by meter: StorageMeter, environment: any Environment = .live) -> MeteredStorage<Self> {
        MeteredStorage(self, environment: environment) { meter.record($0) }
    }
}
