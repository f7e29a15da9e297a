import Apus
import ApusTesting
import Testing

@Suite struct DeadlineTests {
    private let book = Book()

    private func simulated(
        _ body: @escaping @Sendable (any Environment) async throws -> Void
    ) throws {
        try Simulator(seed: 1).run(body)
    }

    @Test func `a node's deadline covers its attempts and pauses, and its error says who set it`() throws {
        let book = book
        try simulated { environment in
            let graph = try Graph<Trip>("late") { g in
                let node = g.node("slow") { _, context in
                    try book.apply("try", key: "\(context.attempt)")
                    try await context.environment.sleep(for: .seconds(4))
                    throw Refusal(what: "slow")
                }
                g.start(at: node.retry(.constant(attempts: 9, delay: .seconds(1))).deadline(.seconds(12)))
            }
            let start = environment.now()
            let error = await #expect(throws: RunError.self) {
                try await GraphExecutor(environment: environment).run(graph, from: Trip())
            }
            let late = try #require(error?.underlying as? DeadlineError)
            #expect(late.deadline.setBy == "slow")
            #expect(late.activation == ActivationID([.init(node: "slow")]))
            #expect(start.duration(to: environment.now()) == .seconds(12))
            #expect(book.calls("try") == 3)
        }
    }

    @Test func `a pause that the deadline leaves no room for is not waited for`() throws {
        try simulated { environment in
            let graph = try Graph<Trip>("late") { g in
                let node = g.node("slow") { _, _ in throw Refusal(what: "slow") }
                g.start(at: node.retry(.constant(attempts: 9, delay: .seconds(10))).deadline(.seconds(5)))
            }
            let start = environment.now()
            let error = await #expect(throws: RunError.self) {
                try await GraphExecutor(environment: environment).run(graph, from: Trip())
            }
            #expect((error?.underlying as? DeadlineError)?.cause == "slow was refused")
            #expect(start.duration(to: environment.now()) == .zero)
        }
    }

    @Test func `a run's deadline reaches all that is inside of it and cuts its timeouts`() throws {
        let book = book
        try simulated { environment in
            let end = environment.now().wallTime.advanced(by: .seconds(10))
            let look: @Sendable (NodeContext) throws -> Void = { context in
                let seen = context.deadline == Deadline(end, setBy: "run") ? "sees it" : "does not"
                try book.apply("\(context.activation) \(seen)", key: "\(context.activation)")
            }
            let inner = try Graph<Trip>("inner") { g in g.start(at: g.node("leaf") { _, context in try look(context) })
            }
            let graph = try Graph<Trip>("outer") { g in
                let sub = g.subgraph("sub", inner)
                let each = g.forEach("each", \.items) { item, context in
                    try look(context)
                    return item
                } collect: { _, _ in
                }
                let race = g.race("race", [Branch("only") { _, context in try look(context) }])
                let dynamic = g.node("dynamic") { trip, context in _ = try await context.run(inner, from: trip) }
                let slow = g.node("slow") { _, context in
                    #expect(context.remaining == .seconds(10))
                    try await context.environment.sleep(for: .seconds(60))
                }
                g.start(at: sub)
                g.chain(sub, each, race, dynamic, slow.timeout(.seconds(30)))
            }
            let error = await #expect(throws: (any Error).self) {
                try await GraphExecutor(environment: environment).run(graph, from: Trip(), deadline: end)
            }
            let late = (error as? DeadlineError) ?? (error as? RunError)?.underlying as? DeadlineError
            #expect(late?.deadline == Deadline(end, setBy: "run"), "\(String(describing: error))")
            #expect(environment.now().wallTime == end)
            #expect(book.lines.count == 5 && book.lines.allSatisfy { $0.hasSuffix("sees it") }, "\(book.lines)")
        }
    }

    @Test func `the earlier of two deadlines counts`() throws {
        try simulated { environment in
            let now = environment.now().wallTime
            let seen = Guarded<[Deadline?]>([])
            let graph = try Graph<Trip>("two") { g in
                let short = g.node("short") { _, context in seen.withLock { $0.append(context.deadline) } }
                let long = g.node("long") { _, context in seen.withLock { $0.append(context.deadline) } }
                let last = g.node("last") { _, context in seen.withLock { $0.append(context.deadline) } }
                g.start(at: short.deadline(.seconds(1)))
                g.chain(short, long.deadline(.seconds(99)), last.deadline { _ in nil })
            }
            let end = now.advanced(by: .seconds(10))
            _ = try await GraphExecutor(environment: environment).run(graph, from: Trip(), deadline: end)
            let run = Deadline(end, setBy: "run")
            #expect(seen.withLock { $0 } == [Deadline(now.advanced(by: .seconds(1)), setBy: "short"), run, run])
        }
    }

    @Test func `a deadline survives: a run that waits is woken for it, and nothing begins behind it`() throws {
        let book = book
        try simulated { environment in
            let storage = MemoryStorage(environment: environment)
            let graph = try Graph<Trip>("waits") { g in
                let ask = g.node("ask") { _, context in
                    try book.apply("began", key: "\(environment.now().uptime)")
                    _ = try await context.ask(Question<Int>("tip", "How much?"))
                }
                g.start(at: ask)
            }
            let engine = Engine(storage: storage, environment: environment)
            engine.register(graph)
            let host = environment.spawn { try await engine.run() }
            let end = environment.now().wallTime.advanced(by: .seconds(3_600))
            let run = try await engine.start(graph, from: Trip(), deadline: end)
            let head = try await engine.outcome(of: run)
            #expect(head.status == .failed)
            #expect(head.reason?.contains("did not end by the deadline that the start of the run set") == true)
            #expect(environment.now().wallTime.milliseconds - end.milliseconds < 2_000)
            #expect(book.lines.count == 1)
            host.cancel()
            _ = await host.result
        }
    }

    @Test func `a node's deadline counts from its first start, whoever takes the run up`() throws {
        let book = book
        try simulated { environment in
            let storage = MemoryStorage(environment: environment)
            let graph = try Graph<Trip>("slow") { g in
                let node = g.node("slow") { _, context in
                    try book.apply("began", key: "\(environment.now().uptime)")
                    try await context.step("first") {}
                    try await context.environment.sleep(for: .seconds(60))
                }
                g.start(at: node.deadline(.seconds(100)))
            }
            let executor = GraphExecutor(environment: environment, storage: storage)
            let first = environment.spawn { try await executor.run(graph, from: Trip(), id: RunID("one")) }
            try await environment.sleep(for: .seconds(50))
            first.cancel()
            _ = await first.result
            let error = await #expect(throws: RunError.self) { try await executor.resume(graph, id: RunID("one")) }
            #expect((error?.underlying as? DeadlineError)?.deadline.setBy == "slow")
            #expect(environment.now().uptime == .seconds(100))
            #expect(book.lines.count == 2)
            // Somebody gave it another chance: it has all of its time again.
            let engine = Engine(storage: storage, environment: environment)
            try await engine.retry(RunID("one"))
            _ = try await executor.resume(graph, id: RunID("one"))
            #expect(environment.now().uptime == .seconds(160))
        }
    }
}
