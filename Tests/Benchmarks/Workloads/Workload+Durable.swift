import Apus
import ApusSQLite
import Foundation
import Synchronization

extension Workload {
    /// One run alone, each step stored before the next, beside SQLite alone with as many bytes a commit.
    static let durableChain = Workload("durable-chain") {
        try await Disk.within { disk in
            let steps = 500
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let raw = try RawSQLite(at: disk.path("raw"))
            let executor = GraphExecutor(storage: storage)
            let graph = try Shapes.chain(steps, of: Count())
            let bytes = [UInt8](repeating: 42, count: try await frameSize(graph))
            var rows = 0
            let times = try await Contest(rounds: 5).time {
                _ = try await executor.run(graph, from: Tally())
            } against: {
                for _ in 0..<steps {
                    rows += 1
                    try raw.commit(bytes, at: StorageKey("journal", "01m7yb1vm33gy20p2mzt1xge8t", rows))
                }
            }
            await storage.close()
            return [
                Figure(
                    workload: "durable-chain", n: steps, apus: times.first / Double(steps),
                    raw: times.second / Double(steps), unit: "µs/step", bars: [.ratio(1.3)])
            ]
        }
    }

    /// Many runs at once beside SQLite with one commit after the other.
    static let groupCommit = Workload("group-commit") {
        try await Disk.within { disk in
            let (runs, steps) = (64, 100)
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let raw = try RawSQLite(at: disk.path("raw"))
            let executor = GraphExecutor(storage: storage)
            let graph = try Shapes.chain(steps, of: Count())
            let bytes = [UInt8](repeating: 42, count: try await frameSize(graph))
            var rows = 0
            let times = try await Contest(rounds: 5).time {
                try await withThrowingDiscardingTaskGroup { group in
                    for _ in 0..<runs { group.addTask { _ = try await executor.run(graph, from: Tally()) } }
                }
            } against: {
                for _ in 0..<1_000 {
                    rows += 1
                    try raw.commit(bytes, at: StorageKey("journal", "01m7yb1vm33gy20p2mzt1xge8t", rows))
                }
            }
            await storage.close()
            return [
                Figure(
                    workload: "group-commit", n: runs, apus: times.first / Double(runs * steps),
                    raw: times.second / 1_000, unit: "µs/step", bars: [.ratio(1.0 / 6)])
            ]
        }
    }

    /// A run whose successors do not wait for the disk, beside one whose do.
    static let pipelined = Workload("pipelined") {
        try await Disk.within { disk in
            let steps = 1_000
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let eager = GraphExecutor(storage: storage, durability: .pipelined)
            let careful = GraphExecutor(storage: storage)
            let graph = try Shapes.chain(steps, of: Count())
            let times = try await Contest(rounds: 3).time {
                _ = try await eager.run(graph, from: Tally())
            } against: {
                _ = try await careful.run(graph, from: Tally())
            }
            await storage.close()
            return [
                Figure(
                    workload: "pipelined", n: steps, apus: times.first / Double(steps),
                    raw: times.second / Double(steps), unit: "µs/step", bars: [.ratio(1.0 / 5)])
            ]
        }
    }

    /// What is written for a run whose state gains a kilobyte a step, beside these kilobytes; and a late step beside an early one.
    static let durableGrowth = Workload("durable-growth") {
        let steps = 400
        let storage = CountingStorage()
        let executor = GraphExecutor(storage: storage)
        let times = StepTimes()
        let graph = try Graph<Diary>("diary") { g in
            let write = g.node("write") { state, _ in
                times.note()
                state.pages.append(String(repeating: "x", count: 1_000) + "\(state.pages.count)")
            }
            .iterationLimit(steps)
            g.start(at: write)
            g.route(from: write, to: [write, .end]) { $0.pages.count < steps ? write : .end }
        }
        var late = Double.infinity
        var early = Double.infinity
        for _ in 0..<5 {
            storage.reset()
            times.reset()
            _ = try await executor.run(graph, from: Diary())
            late = min(late, times.mean(350..<399))
            early = min(early, times.mean(25..<75))
        }
        let payload = Double(steps * 1_003)
        return [
            Figure(
                workload: "durable-growth", n: steps, apus: Double(storage.bytes), raw: payload, unit: "bytes",
                bars: [.ratio(2)]),
            Figure(
                workload: "durable-growth-time", n: steps, apus: late, raw: early, unit: "µs/step", bars: [.ratio(1.2)]),
        ]
    }

    /// The bytes of a typical frame of this graph.
    private static func frameSize(_ graph: Graph<Tally>) async throws -> Int {
        let storage = CountingStorage()
        _ = try await GraphExecutor(storage: storage).run(graph, from: Tally())
        return storage.bytes / storage.commits
    }
}

/// A state that grows.
struct Diary: GraphState {
    var pages: [String] = []
    static let fields: [Field<Self>] = [Field("pages", \.pages, merging: .append)]
}

/// When each step began.
final class StepTimes: Sendable {
    private let moments = Mutex<[ContinuousClock.Instant]>([])

    func note() { moments.withLock { $0.append(.now) } }
    func reset() { moments.withLock { $0 = [] } }

    var all: [ContinuousClock.Instant] { moments.withLock { $0 } }

    /// The mean time of these steps, in microseconds.
    func mean(_ steps: Range<Int>) -> Double {
        moments.withLock { moments in
            (moments[steps.upperBound] - moments[steps.lowerBound]) / .microseconds(1) / Double(steps.count)
        }
    }
}

/// A space in memory that counts what is written.
final class CountingStorage: Storage {
    private let inner = MemoryStorage()
    private let written = Atomic(0)
    private let count = Atomic(0)

    var bytes: Int { written.load(ordering: .relaxed) }
    var commits: Int { count.load(ordering: .relaxed) }

    func reset() {
        written.store(0, ordering: .relaxed)
        count.store(0, ordering: .relaxed)
    }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await inner.read(keys) }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await inner.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        for case .put(let key, let value, _) in batch.writes {
            written.add(key.bytes.count + value.count, ordering: .relaxed)
        }
        count.add(1, ordering: .relaxed)
        try await inner.commit(batch)
    }
}
