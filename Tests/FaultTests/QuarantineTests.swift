import Apus
import ApusSQLite
import ApusTesting
import AsideKit
import CSQLite
import CrashKit
import Foundation
import ProcessKit
import Testing

/// Of a run one byte that is stored changes: it is set aside, or goes on as if nothing had happened where what changed says nothing that
/// is not said elsewhere. The others go on, and so does the engine.
@Suite(.aside) struct QuarantineTests {
    private static let bad = RunID("bad")
    private static let runs = [RunID("good-1"), bad, RunID("good-2")]

    /// The storage of three runs that wait, made once.
    private static let waiting: Result<[StorageEntry], any Error> = Result {
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment)
            let graph = try Orders.graph()
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                for run in runs {
                    try await Orders.begin(run, engine, graph, from: run == bad ? Order() : Orders.short)
                }
                group.cancelAll()
            }
            return try await storage.scan(.all, limit: 10_000)
        }
    }

    /// Kinds of entries whose damage costs time at most.
    private static let repeated: Set = ["snapshot", "index", "timer"]

    private static let seeds: Range<UInt64> =
        ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" ? 0..<4_000 : 0..<60

    /// Whether the engine is there when the byte changes.
    @Test(arguments: [false, true])
    func `a flipped byte anywhere in what is stored of a run sets that run aside and no other`(_ isLive: Bool) throws {
        var quarantined: [String: Int] = [:]
        for seed in Self.seeds {
            let (kind, isAside) = try flip(seed, isLive)
            quarantined[kind, default: 0] += isAside ? 1 : 0
        }
        for kind in ["run", "journal", "question", "kept"] {
            #expect(quarantined[kind, default: 0] > 0, "no \(kind) was hit; \(quarantined)")
        }
    }

    /// Flips a bit that the seed chooses; returns what was hit, and whether the run was set aside.
    private func flip(_ seed: UInt64, _ isLive: Bool) throws -> (String, Bool) {
        let template = try Self.waiting.get()
        return try Simulator(seed: seed).run { environment in
            let storage = MemoryStorage(environment: environment)
            var batch = StorageBatch()
            for entry in template { batch.put(entry.value, at: entry.key) }
            try await storage.commit(batch)
            let engine = Engine(storage: storage, environment: environment)
            let graph = try Orders.graph()
            engine.register(graph)
            return try await withThrowingTaskGroup { group in
                if isLive {
                    group.addTask { try await engine.run() }
                    try await environment.sleep(for: .seconds(3))
                }
                let hit = try await Self.flip(storage, seed)
                if !isLive { group.addTask { try await engine.run() } }
                try await engine.start(graph, from: Orders.short, id: RunID("late"))
                try await engine.signal(RunID("late"), "go", 5)
                try await Orders.finish(Self.runs + [RunID("late")], engine)
                let isAside = try await Self.judge(hit, engine, graph, "seed \(seed), \(hit)")
                group.cancelAll()
                return (hit.parts[0], isAside)
            }
        }
    }

    private static func flip(_ storage: MemoryStorage, _ seed: UInt64) async throws -> StorageKey {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed))
        let entries = try await storage.scan(.all, limit: 10_000).filter { entry in
            entry.key.parts.contains(bad.value) && !entry.value.isEmpty
        }
        let kinds = Set(entries.map { $0.key.parts[0] }).sorted()
        let kind = kinds[Int(seed % UInt64(kinds.count))]
        let entry = entries.filter { $0.key.parts[0] == kind }.randomElement(using: &generator)
        guard var entry else { preconditionFailure("nothing is stored") }
        entry.value[.random(in: entry.value.indices, using: &generator)] ^=
            1 << UInt8.random(in: 0..<8, using: &generator)
        var batch = StorageBatch()
        batch.put(entry.value, at: entry.key)
        try await storage.commit(batch)
        return entry.key
    }

    /// Whether the run was set aside.
    private static func judge(
        _ hit: StorageKey, _ engine: Engine, _ graph: Graph<Order>, _ name: String
    ) async throws -> Bool {
        for run in runs + [RunID("late")] where run != bad {
            let final = try await engine.value(of: run, graph)
            #expect(final.total == Orders.undisturbed, "\(run), \(name)")
        }
        let head = try #require(try await engine.status(of: bad))
        if head.status == .dead {
            #expect(try await engine.runs(.dead).map(\.id) == [bad], "\(name)")
            #expect(head.reason?.contains("damaged") == true, "\(name): \(head.reason ?? "")")
            return true
        }
        // What was hit is not what the run goes by: its end is the right one, or is not told.
        #expect(hit.parts[0] == "journal" || repeated.contains(hit.parts[0]), "\(name)")
        let final = try await engine.value(of: bad, graph)
        #expect(final.total == Orders.undisturbed, "\(name)")
        return false
    }

    @Test
    func `a live engine over SQLite sets aside each run that has a damaged row and finishes the others`() async throws {
        let folder = try CrashFolder("quarantine")
        let path = folder.path + "/runs.db"
        let storage = try await SQLiteStorage.open(at: path)
        var options = EngineOptions()
        options.poll = .milliseconds(50)
        let engine = Engine(storage: storage, options: options)
        let graph = try Orders.graph()
        engine.register(graph)
        let kinds = ["run", "journal", "question", "kept", "snapshot", "index", "timer"]
        let runs = (kinds + ["none"]).map { RunID("hit-\($0)") }
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            for (kind, run) in zip(kinds + ["none"], runs) {
                try await Orders.begin(run, engine, graph, from: kind == "snapshot" ? Order() : Orders.short)
            }
            let entries = try await storage.scan(.all, limit: 10_000)
            for (kind, run) in zip(kinds, runs) {
                let entry = try #require(
                    entries.last { $0.key.parts[0] == kind && $0.key.parts.contains(run.value) }, "\(kind)")
                Self.change("checksum = checksum + 1", entry.key, path)
            }
            try await Orders.finish(runs, engine)
            for (kind, run) in zip(kinds + ["none"], runs) {
                let head = try await engine.status(of: run)
                let isRepeated = Self.repeated.contains(kind) || kind == "none"
                #expect(head?.status == (isRepeated ? .completed : .dead), "\(kind): \(head?.reason ?? "")")
                if isRepeated { #expect(try await engine.value(of: run, graph).total == Orders.undisturbed) }
            }
            group.cancelAll()
        }
        await storage.close()
    }

    /// Runs a statement past the storage.
    private static func change(_ what: String, _ key: StorageKey, _ path: String) {
        var connection: OpaquePointer?
        #expect(sqlite3_open(path, &connection) == SQLITE_OK)
        sqlite3_busy_timeout(connection, 5_000)
        let sql = "UPDATE entry SET \(what) WHERE key = CAST('\(key)' AS BLOB)"
        #expect(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
        #expect(sqlite3_changes(connection) == 1, "\(key)")
        sqlite3_close(connection)
    }

    @Test func `a run that was set aside for what stands beside its journal goes on when it is retried`() throws {
        let template = try Self.waiting.get()
        for kind in ["question", "kept"] {
            try Simulator(seed: 1).run { environment in
                let storage = MemoryStorage(environment: environment)
                var batch = StorageBatch()
                for var entry in template {
                    if entry.key.parts[0] == kind, entry.key.parts.contains(Self.bad.value) { entry.value[9] ^= 1 }
                    batch.put(entry.value, at: entry.key)
                }
                try await storage.commit(batch)
                let engine = Engine(storage: storage, environment: environment)
                let graph = try Orders.graph()
                engine.register(graph)
                try await withThrowingTaskGroup { group in
                    group.addTask { try await engine.run() }
                    try await Orders.finish(Self.runs, engine)
                    #expect(try await engine.status(of: Self.bad)?.status == .dead, "\(kind)")
                    try await engine.retry(Self.bad)
                    if kind == "kept" { try await engine.signal(Self.bad, "go", 5) }
                    try await Orders.finish(Self.runs, engine)
                    let final = try await engine.value(of: Self.bad, graph)
                    #expect(final.total == Orders.undisturbed, "\(kind)")
                    group.cancelAll()
                }
            }
        }
    }
}
