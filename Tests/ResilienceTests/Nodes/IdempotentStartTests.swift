import Apus
import ApusTesting
import Testing

@Suite struct IdempotentStartTests {
    @Test func `a request that comes twice starts one run, also elsewhere and at once`() throws {
        let service = Dependency()
        let graph = try Graph<Inquiry>("g") { g in
            g.start(
                at: g.node("ask") { state, context in state.answer = try await service.call(in: context.environment) })
        }
        let other = try Graph<Inquiry>("other") { g in g.start(at: g.node("ask") { _, _ in }) }
        try Simulator(seed: 10).run { environment in
            let storage = MemoryStorage(environment: environment)
            let engines = (0..<2).map { _ in Engine(storage: storage, environment: environment) }
            for engine in engines { engine.register(graph) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for engine in engines { group.addTask { try await engine.run() } }
                let ids = try await withThrowingTaskGroup(of: RunID.self) { starts in
                    for engine in engines + engines {
                        starts.addTask { try await engine.start(graph, from: Inquiry(), idempotencyKey: "order-17") }
                    }
                    return try await starts.reduce(into: Set<RunID>()) { $0.insert($1) }
                }
                #expect(ids.count == 1)
                let id = try #require(ids.first)
                #expect(try await engines[0].value(of: id, graph).answer == 1)
                #expect(id == RunID(graph: "g", idempotencyKey: "order-17"))
                #expect(try await engines[1].start(other, from: Inquiry(), idempotencyKey: "order-17") != id)
                await #expect(throws: JournalError(.otherRun, run: id)) {
                    try await engines[1].start(graph, from: Inquiry(question: "!"), idempotencyKey: "order-17")
                }
                group.cancelAll()
            }
        }
        #expect(service.calls == 1)
    }
}
