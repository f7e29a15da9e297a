import Apus
import ApusTesting
import Testing

@Suite struct HeartbeatTests {
    private let book = Book()

    @Test func `an attempt that says nothing fails, and the next goes on from its last details`() throws {
        let book = book
        try Simulator(seed: 1).run { environment in
            let graph = try Graph<Trip>("long") { g in
                let node = g.node("copy") { trip, context in
                    let done = try await context.lastHeartbeat(as: Int.self) ?? 0
                    trip.log.append("from \(done)")
                    try book.apply("from \(done)", key: "\(context.attempt)")
                    for number in done..<10 {
                        // The first attempt hangs in its sixth part.
                        let isStuck = context.attempt == 1 && number == 5
                        try await context.environment.sleep(for: isStuck ? .seconds(1_000) : .seconds(20))
                        try await context.heartbeat(number + 1)
                    }
                }
                g.start(at: node.retry(.constant(attempts: 2, delay: .zero)).heartbeat(within: .seconds(30)))
            }
            let start = environment.now()
            let trip = try await GraphExecutor(environment: environment).run(graph, from: Trip())
            #expect(trip.log == ["from 5"])
            #expect(book.lines == ["from 0", "from 5"])
            #expect(start.duration(to: environment.now()) == .seconds(5 * 20 + 30 + 5 * 20))
        }
    }

    @Test func `without another attempt the error names the activation and may pass`() throws {
        try Simulator(seed: 1).run { environment in
            let graph = try Graph<Trip>("long") { g in
                let node = g.node("copy") { _, context in try await context.environment.sleep(for: .seconds(100)) }
                g.start(at: node.heartbeat(within: .seconds(30)))
            }
            let error = await #expect(throws: RunError.self) {
                try await GraphExecutor(environment: environment).run(graph, from: Trip())
            }
            let silent = error?.underlying as? HeartbeatError
            #expect(silent == HeartbeatError(activation: ActivationID([.init(node: "copy")]), limit: .seconds(30)))
            #expect(silent?.failureKind == .transient)
        }
    }

    @Test func `signs of life of what is inside count for what is around it`() throws {
        try Simulator(seed: 1).run { environment in
            let inner = try Graph<Trip>("inner") { g in
                let node = g.node("leaf") { _, context in
                    for _ in 0..<10 {
                        try await context.environment.sleep(for: .seconds(20))
                        context.heartbeat()
                    }
                }
                g.start(at: node)
            }
            let graph = try Graph<Trip>("outer") { g in
                let each = g.forEach("each", \.items) { item, context in
                    for _ in 0..<10 {
                        try await context.environment.sleep(for: .seconds(20))
                        context.heartbeat()
                    }
                    return item
                } collect: { _, _ in
                }
                let sub = g.subgraph("sub", inner)
                g.start(at: each.heartbeat(within: .seconds(30)))
                g.chain(each, sub.heartbeat(within: .seconds(30)))
            }
            _ = try await GraphExecutor(environment: environment).run(graph, from: Trip())
        }
    }

    @Test func `details outlive the process, and the run's end takes them away`() throws {
        let book = book
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            let graph = try Graph<Trip>("long") { g in
                let node = g.node("copy") { _, context in
                    let done = try await context.lastHeartbeat(as: Int.self) ?? 0
                    try book.apply("from \(done)", key: "\(done)")
                    for number in done..<5 {
                        try await context.environment.sleep(for: .seconds(20))
                        try await context.heartbeat(number + 1)
                    }
                }
                g.start(at: node)
            }
            let executor = GraphExecutor(environment: environment, storage: storage)
            let first = environment.spawn { try await executor.run(graph, from: Trip(), id: RunID("one")) }
            try await environment.sleep(for: .seconds(50))
            first.cancel()
            _ = await first.result
            _ = try await executor.resume(graph, id: RunID("one"))
            #expect(book.lines == ["from 0", "from 2"])
            let left = try await storage.scan(.all, limit: 100).filter { $0.key.parts[0] == "beat" }
            #expect(left == [])
        }
    }
}
