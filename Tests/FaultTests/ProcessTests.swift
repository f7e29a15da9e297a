import Apus
import ApusSQLite
import CrashKit
import Foundation
import ProcessKit
import Testing

/// Real processes over one SQLite file: one stands still past its lease, one holds the file, one dies of a run.
@Suite struct ProcessTests {
    @Test
    func `a process that is stopped past its lease finds out when it wakes, and its late effect has the same key`()
        async throws
    {
        let folder = try CrashFolder("stopped")
        let world = try CrashWorld(folder.url)
        let zombie = try ChildProgram("CrashChild", "stall", "chain", folder.path, "1", "0")
        #expect(zombie.line() == "stalled")
        kill(zombie.process.processIdentifier, SIGSTOP)
        let rescuer = try await ChildProgram("CrashChild", "host", "chain", folder.path, "1", "0").ending()
        kill(zombie.process.processIdentifier, SIGCONT)
        try zombie.send("go on")
        #expect(await zombie.ending() == rescuer)
        guard case .printed(let text) = rescuer else {
            Issue.record("\(rescuer)")
            return
        }
        #expect(text.contains("\"total\":6"), "\(text)")
        let key = "run-0/n0/effect"
        #expect(world.calls.filter { $0 == key }.count == 2)
        #expect(world.effects == Set((0..<6).map { "run-0/n\($0)/effect" }))
        let storage = try await SQLiteStorage.open(at: world.database)
        let records = try await records(of: RunID("run-0"), in: storage)
        await storage.close()
        #expect(records.filter { $0.tag == .effect }.count == 6)
        #expect(records.filter { $0.tag == .done }.count == 6)
    }

    @Test
    func `a run whose node ends the process each time is dead after five attempts, and the others complete`()
        async throws
    {
        let folder = try CrashFolder("poison")
        let world = try CrashWorld(folder.url)
        let storage = try await SQLiteStorage.open(at: world.database)
        let desk = Engine(storage: storage)
        let poison = RunID("poison")
        try await desk.start(try CrashGraph.poison(world), from: CrashState(), id: poison)
        let others = (0..<4).map { RunID("run-\($0)") }
        for run in others { try await desk.start(try CrashGraph.fork.graph(world), from: CrashState(), id: run) }
        var deaths = 0
        while deaths < 20,
            try await ChildProgram("CrashChild", "poison", "fork", folder.path, "4", "0").ending() == .killed
        {
            deaths += 1
        }
        #expect(deaths == 5)
        #expect(world.visits.filter { $0 == "poison" }.count == 5)
        let head = try await desk.status(of: poison)
        #expect(head?.status == .dead)
        #expect(head?.reason == "it was taken up 5 times and never got on")
        for run in others { #expect(try await desk.status(of: run)?.status == .completed) }
        await storage.close()
    }

    @Test
    func `a run waits for another process that holds the file, and nothing of it is stored twice`() async throws {
        let folder = try CrashFolder("busy")
        let world = try CrashWorld(folder.url)
        var options = SQLiteOptions()
        options.busyTimeout = .milliseconds(20)
        let storage = try await SQLiteStorage.open(at: world.database, options: options)
        let holder = try ChildProgram("CrashChild", "hold", "chain", folder.path, "0", "0")
        #expect(holder.line() == "held")
        let witness = Witness(storage) { if $0.code == .unavailable { try? holder.send("let go") } }
        let final = try await GraphExecutor(storage: witness)
            .run(CrashGraph.chain.graph(world), from: CrashState(), id: RunID("one"))
        #expect(final.total == 6)
        #expect(witness.refusals > 0)
        #expect(await holder.ending() == .printed(""))
        #expect(try await records(of: RunID("one"), in: storage).filter { $0.tag == .began }.count == 1)
        #expect(world.calls.count == 6)
        await storage.close()
    }
}

/// Hears of commits that failed.
private final class Witness: Storage {
    private let base: SQLiteStorage
    private let hear: @Sendable (StorageError) -> Void
    private let count = Guarded(0)

    init(_ base: SQLiteStorage, _ hear: @escaping @Sendable (StorageError) -> Void) {
        self.base = base
        self.hear = hear
    }

    var refusals: Int { count.withLock { $0 } }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] { try await base.read(keys) }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await base.scan(range, limit: limit)
    }

    func commit(_ batch: StorageBatch) async throws {
        do {
            try await base.commit(batch)
        } catch let error as StorageError {
            count.withLock { $0 += 1 }
            hear(error)
            throw error
        }
    }
}
