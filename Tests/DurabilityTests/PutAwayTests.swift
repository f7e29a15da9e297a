import Apus
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
}
