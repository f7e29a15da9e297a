import Apus
import ApusTesting
import Testing

/// The storage is put back to an older copy of itself.
@Suite struct RolledBackTests {
    private let run = RunID("one")

    private func graph(_ trace: Trace) throws -> Graph<Sum> {
        try Graph<Sum>("work") { g in
            let nodes = (0..<8).map { number in
                g.node("n\(number)") { state, context in
                    try await context.environment.sleep(for: .seconds(1))
                    try await context.step("effect") { key in trace.add(key) }
                    state.total += 1
                }
            }
            g.start(at: nodes[0])
            for (node, next) in zip(nodes, nodes.dropFirst()) { g.edge(from: node, to: next) }
        }
    }

    /// Puts back what was there, as a restore of a backup does.
    private static func restore(_ entries: [StorageEntry], _ storage: MemoryStorage) async throws {
        var batch = StorageBatch()
        batch.delete(.all)
        for entry in entries { batch.put(entry.value, at: entry.key) }
        try await storage.commit(batch)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a worker that knows more than its storage halts its run, and nothing is done again by itself`(
        _ seed: UInt64
    ) throws {
        let trace = Trace()
        let graph = try graph(trace)
        try Simulator(seed: seed).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment)
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await environment.sleep(for: .milliseconds(1))
                try await engine.start(graph, from: Sum(), id: run)
                try await environment.sleep(for: .milliseconds(2_500))
                let copy = try await storage.scan(.all, limit: 10_000)
                try await environment.sleep(for: .seconds(3))
                #expect(trace.all.count == 5)
                try await Self.restore(copy, storage)
                try await environment.sleep(for: .seconds(60))
                #expect(trace.all.count == 5, "seed \(seed)")
                let head = try #require(try await engine.status(of: run))
                #expect(head.status == .dead)
                #expect(head.reason?.contains("older copy") == true, "\(head.reason ?? "")")
                #expect(engine.obstacles[run]?.code == .regressed)
                try await engine.retry(run)
                #expect(try await engine.value(of: run, graph).total == 8, "seed \(seed)")
                group.cancelAll()
            }
        }
        #expect(Set(trace.all) == Set((0..<8).map { "one/n\($0)/effect" }), "seed \(seed)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a run that another worker takes up on an older copy is halted by the one that knew more`(_ seed: UInt64)
        throws
    {
        let trace = Trace()
        let graph = try graph(trace)
        let simulator = Simulator(seed: seed)
        let records = try simulator.run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let workers = ["first", "second"].map {
                SimulatedWorker($0, simulator, environment, storage, graph)
            }
            workers[0].start()
            try await workers[0].engine.start(graph, from: Sum(), id: run)
            try await environment.sleep(for: .milliseconds(2_500))
            let copy = try await storage.scan(.all, limit: 10_000)
            try await environment.sleep(for: .seconds(3))
            workers[0].host.pause()
            try await Self.restore(copy, storage)
            workers[1].start()
            try await environment.sleep(for: .milliseconds(4_500))
            workers[0].host.goOn()
            let desk = Engine(storage: storage, environment: environment)
            #expect(try await desk.outcome(of: run).status == .dead, "seed \(seed)")
            try await desk.retry(run)
            let final = try await desk.value(of: run, graph)
            #expect(final.total == 8, "seed \(seed)")
            for worker in workers { await worker.end() }
            return try await FaultTests.records(of: run, in: storage)
        }
        let done = records.filter { $0.tag == .done }.compactMap(\.activation)
        #expect(done == (0..<8).map { "n\($0)" }, "seed \(seed)")
    }

    @Test func `an older copy put back while nobody works repeats what it lacks with the same keys`() throws {
        let trace = Trace()
        let graph = try graph(trace)
        try Simulator(seed: 1).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let executor = GraphExecutor(environment: environment, storage: storage)
            let first = environment.spawn { try await executor.run(graph, from: Sum(), id: run) }
            try await environment.sleep(for: .milliseconds(2_500))
            let copy = try await storage.scan(.all, limit: 10_000)
            #expect(try await first.value.total == 8)
            try await Self.restore(copy, storage)
            #expect(try await executor.resume(graph, id: run).total == 8)
        }
        let keys = (0..<8).map { "one/n\($0)/effect" }
        #expect(trace.all == keys + keys.dropFirst(2))
    }
}
