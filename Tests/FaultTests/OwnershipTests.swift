import Apus
import ApusTesting
import AsideKit
import Testing

/// One worker at a time executes a run, whoever reaches for it and whenever.
@Suite(.aside) struct OwnershipTests {
    private let run = RunID("one")

    private func graph(_ trace: Trace, taking time: Duration = .seconds(1)) throws -> Graph<Sum> {
        try Graph<Sum>("work") { g in
            let work = g.node("work") { state, context in
                trace.add("work")
                try await context.environment.sleep(for: time)
                state.total += 1
            }
            g.start(at: work)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `fifty engines reach for a run at one instant, and one executes it`(_ seed: UInt64) throws {
        let trace = Trace()
        let graph = try graph(trace)
        let records = try Simulator(seed: seed).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let desk = Engine(storage: storage, environment: environment)
            try await desk.start(graph, from: Sum(), id: run)
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    let engine = Engine(storage: storage, environment: environment)
                    engine.register(graph)
                    group.addTask { try await engine.run() }
                }
                let final = try await desk.value(of: run, graph)
                #expect(final.total == 1, "seed \(seed)")
                group.cancelAll()
            }
            return try await FaultTests.records(of: run, in: storage)
        }
        #expect(trace.all == ["work"], "seed \(seed)")
        #expect(records.filter { $0.tag == .claimed }.count == 1, "seed \(seed)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a rescuer that acts on an old view of a run changes nothing once its owner has finished`(
        _ seed: UInt64
    ) throws {
        let trace = Trace()
        let graph = try graph(trace)
        let simulator = Simulator(seed: seed)
        let records = try simulator.run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let owner = SimulatedWorker("owner", simulator, environment, storage, graph)
            let desk = Engine(storage: storage, environment: environment)
            let late = TrappedStorage(storage, at: 1, .before) { batch in
                batch.writes.contains { if case .put(let key, _, _) = $0 { key.parts[0] == "journal" } else { false } }
            } trap: {
                trace.add("rescue")
                owner.host.goOn()
                _ = try await desk.outcome(of: run)
            }
            let rescuer = SimulatedWorker("rescuer", simulator, environment, late, graph)
            owner.start()
            try await environment.sleep(for: .milliseconds(10))
            try await owner.engine.start(graph, from: Sum(), id: run)
            while trace.all.isEmpty { try await environment.sleep(for: .milliseconds(10)) }
            owner.host.pause()
            rescuer.start()
            #expect(try await desk.value(of: run, graph).total == 1, "seed \(seed)")
            try await environment.sleep(for: .seconds(20))
            await rescuer.end()
            await owner.end()
            return try await FaultTests.records(of: run, in: storage)
        }
        #expect(trace.all == ["work", "rescue"], "seed \(seed)")
        #expect(!records.contains { $0.tag == .claimed }, "seed \(seed)")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `a start races with engines that begin to recover in the same instant, and the run runs once`(
        _ seed: UInt64
    ) throws {
        let trace = Trace()
        let graph = try graph(trace, taking: .zero)
        let records = try Simulator(seed: seed).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let engines = (0..<3).map { _ in Engine(storage: storage, environment: environment) }
            try await withThrowingTaskGroup { group in
                for engine in engines {
                    engine.register(graph)
                    group.addTask { try await engine.run() }
                    group.addTask { _ = try await engine.start(graph, from: Sum(), id: run) }
                }
                try await engines[0].start(graph, from: Sum(), id: run)
                let final = try await engines[0].value(of: run, graph)
                #expect(final.total == 1, "seed \(seed)")
                group.cancelAll()
            }
            return try await FaultTests.records(of: run, in: storage)
        }
        #expect(records.filter { $0.tag == .done }.count == 1, "seed \(seed)")
        #expect(trace.all == ["work"], "seed \(seed)")
    }

    @Test func `a worker whose frames a newer snapshot made needless has lost the run, and its storage nothing`() throws
    {
        #expect(try codeOfLatecomer() == .fenced)
        #if DEBUG
            let code = try PlantedBug.$current.withValue(.droppedTakenForLost) { try codeOfLatecomer() }
            #expect(code == .regressed)
        #endif
    }

    /// What one who stands at the beginning of a journal is told when it writes on, after another worker has dropped that beginning.
    private func codeOfLatecomer() throws -> JournalError.Code? {
        try Simulator(seed: 1).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            var options = EngineOptions()
            options.retention.history = .sinceSnapshot
            let engine = Engine(storage: storage, environment: environment, options: options)
            let graph = try Orders.graph()
            engine.register(graph)
            try await engine.start(graph, from: Order(), id: run)
            let late = RunJournal(run, storage, .everyStep, environment)
            _ = try await late.load()
            return try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await Orders.begin(run, engine, graph)
                #expect(try await storage.value(at: RunKeys.frame(run, 0)) == nil)
                late.add(JournalRecord(.done, "fill"))
                let error = await #expect(throws: JournalError.self) { try await late.store() }
                group.cancelAll()
                return error?.code
            }
        }
    }
}
