import Apus
import ApusTesting
import Testing

/// There is no room left for what a run has to store.
@Suite struct FullStorageTests {
    @Test
    func
        `a run that finds no room is let go with the reason, and goes on when there is room, however often it was tried`()
        throws
    {
        let trace = Trace()
        let graph = try Graph<Sum>.chain(3, trace)
        let run = RunID("one")
        try Simulator(seed: 1).run { environment in
            let storage = FullStorage(MemoryStorage(environment: environment))
            let engine = Engine(storage: storage, environment: environment)
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await engine.start(graph, from: Sum(), id: run)
                try await environment.sleep(for: .seconds(600))
                #expect(trace.all == [])
                #expect(engine.obstacles[run]?.underlying?.code == .full)
                #expect(try await engine.status(of: run)?.status == .running)
                storage.makeRoom()
                #expect(try await engine.value(of: run, graph).total == 3)
                #expect(engine.obstacles.isEmpty)
                group.cancelAll()
            }
        }
        #expect(trace.all.count == 3)
    }
}

/// A storage that has room for claims and signs of life, and for nothing else, until some is made.
private final class FullStorage: Storage {
    private let base: MemoryStorage
    private let isFull = Guarded(true)

    init(_ base: MemoryStorage) { self.base = base }

    func makeRoom() { isFull.withLock { $0 = false } }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await base.read(keys) }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await base.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        let isIntent = batch.writes.contains { write in
            guard case .put(_, let value, _) = write else { return false }
            return String(decoding: value, as: UTF8.self).contains("\"intent\"")
        }
        if isIntent, isFull.withLock({ $0 }) { throw StorageError(.full) }
        try await base.commit(batch)
    }
}
