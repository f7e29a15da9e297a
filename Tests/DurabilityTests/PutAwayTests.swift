import Apus
import ApusTesting
import Testing

@Suite struct PutAwayTests {
    @Test(arguments: ["race", "forEach"])
    func `a run is not put away while something follows a composite with one worker`(_ kind: String) async throws {
        let graph = try Graph<Sale>("beside") { g in
            let open = g.node("open") { _, _ in }
            let wait = g.node("wait") { sale, context in
                sale.total = try await context.signal(named: "never", as: Int.self)
            }
            let work =
                kind == "race"
                ? g.race("work", [Branch("only") { _, _ in }])
                : g.forEach("work", \.items, concurrency: 1) { item, _ in
                    item
                } collect: { _, _ in
                }
            let tail = g.node("tail") { sale, _ in
                for _ in 0..<5_000 { await Task.yield() }
                sale.log.append("tail")
            }
            g.start(at: open)
            g.fork(from: open, to: wait, work)
            g.chain(work, tail)
        }
        let engine = Engine(storage: MemoryStorage())
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let run = try await engine.start(graph, from: Sale())
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            #expect(try await engine.history(of: run, graph).last?.open == ["wait"])
            group.cancelAll()
        }
    }

    @Test(arguments: 0..<20)
    func `a signal that comes while its run is put away wakes it`(pause: Int) throws {
        for seed in 0..<10 as Range<UInt64> {
            let status = try Simulator(seed: seed).run(limit: .seconds(60)) { environment in
                let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
                let graph = try Graph<Sale>("signalled") { g in
                    let wait = g.node("wait") { sale, context in
                        let run = context.runID
                        _ = environment.spawn {
                            for _ in 0..<pause { await Task.yield() }
                            try await engine.signal(run, "go", 7)
                        }
                        sale.total = try await context.signal(named: "go", as: Int.self)
                    }
                    g.start(at: wait)
                }
                engine.register(graph)
                return try await withThrowingTaskGroup { group in
                    group.addTask { try await engine.run() }
                    let run = try await engine.start(graph, from: Sale())
                    try await environment.sleep(for: .seconds(20))
                    defer { group.cancelAll() }
                    return try await engine.status(of: run)?.status
                }
            }
            #expect(status == .completed, "seed \(seed)")
        }
    }
}
