import Apus
import ApusTesting
import Synchronization
import Testing

/// Takes so many commits, and then nothing any more.
final class DyingStorage: Storage {
    private let memory: MemoryStorage
    private let left: Atomic<Int>

    init(_ environment: any Environment, after commits: Int) {
        memory = MemoryStorage(environment: environment)
        left = Atomic(commits)
    }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await memory.read(keys) }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await memory.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        if left.subtract(1, ordering: .relaxed).newValue < 0 { throw StorageError(.closed) }
        try await memory.commit(batch)
    }
}

@Suite struct DyingStorageTests {
    @Test(arguments: 0..<20)
    func `an engine whose storage dies stops when it is told, wherever its run is`(commits: Int) throws {
        try Simulator(seed: UInt64(commits)).run(limit: .seconds(600)) { environment in
            let graph = try Graph<Sale>("forked") { g in
                let open = g.node("open") { _, _ in }
                let side = g.node("side") { _, _ in }
                let main = g.node("main") { _, context in try await context.environment.sleep(for: .milliseconds(1)) }
                let next = g.node("next") { _, _ in }
                let ends = ["a", "b", "c"].map { g.node($0) { _, _ in } }
                g.start(at: open)
                g.fork(from: open, to: side, main)
                g.chain(main, next)
                g.fork(from: next, to: ends)
            }
            let engine = Engine(storage: DyingStorage(environment, after: commits), environment: environment)
            engine.register(graph)
            await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try? await environment.sleep(for: .seconds(1))
                _ = try? await engine.start(graph, from: Sale())
                try? await environment.sleep(for: .seconds(10))
                group.cancelAll()
                while await group.nextResult() != nil {}
            }
        }
    }
}
