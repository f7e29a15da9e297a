import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct DegradationTests {
    private func policy() -> DegradationPolicy {
        var policy = DegradationPolicy()
        policy.dependencies = ["bank": .limited, "storage": .maintenance]
        policy.dwell = .seconds(30)
        return policy
    }

    @Test func `readers hear of every change with its reason, also of those that only time brings`() throws {
        try Simulator(seed: 1).run { environment in
            let degradation = Degradation("test", policy(), environment: environment)
            let events = degradation.events
            let clock = environment.spawn { await degradation.run() }
            degradation.dependency("storage", isUp: false)
            #expect(degradation.level == .limited && degradation.wanted == .maintenance)
            degradation.confirm(by: "Ada")
            #expect(degradation.level == .maintenance)
            degradation.dependency("storage", isUp: true)
            let start = environment.now()
            var seen: [DegradationEvent] = []
            for await event in events {
                seen.append(event)
                if case .changed(_, .normal, _) = event { break }
            }
            let well = "all was well for 30.0 seconds"
            #expect(
                seen == [
                    .changed(from: .normal, to: .limited, reason: "storage is down"),
                    .needsConfirmation(.maintenance, reason: "storage is down"),
                    .changed(from: .limited, to: .maintenance, reason: "confirmed by Ada"),
                    .changed(from: .maintenance, to: .critical, reason: well),
                    .changed(from: .critical, to: .limited, reason: well),
                    .changed(from: .limited, to: .reduced, reason: well),
                    .changed(from: .reduced, to: .normal, reason: well),
                ])
            #expect(start.duration(to: environment.now()) == .seconds(120))
            clock.cancel()
            _ = await clock.result
        }
    }

    @Test func `calls that fail raise the level; permanent errors and cancellations do not`() async throws {
        var policy = policy()
        policy.minimumCalls = 4
        let degradation = Degradation("test", policy)
        for _ in 0..<10 {
            try? await degradation.measuring { throw DegradingAgentTests.Wrong() }
            try? await degradation.measuring { throw CancellationError() }
        }
        #expect(degradation.level == .normal)
        for _ in 0..<10 { try? await degradation.measuring { throw Refusal(what: "call") } }
        #expect(degradation.level == .limited && degradation.wanted == .critical)
    }

    @Test func `a node that refuses for its level does not keep the system there`() async throws {
        var policy = policy()
        policy.minimumCalls = 4
        let degradation = Degradation("test", policy)
        let graph = try Graph<Trip>("refusing") { g in
            let node = g.node("node") { _, _ in }
            g.start(at: node.degrading(by: degradation, [.limited: .refusing("later")]).measured(by: degradation))
        }
        degradation.order(.limited, because: "test")
        for _ in 0..<10 { _ = try? await GraphExecutor().run(graph, from: Trip()) }
        #expect(degradation.wanted == nil)
    }

    private func graph(_ degradation: Degradation, _ book: Book) throws -> Graph<Trip> {
        try Graph<Trip>("levels") { g in
            let answer = g.node("answer") { trip, context in
                trip.log.append("full")
                try book.apply("full", key: "full")
                _ = try await context.signal(named: "go", as: Int.self)
            }
            .degrading(
                by: degradation,
                [
                    .limited: .running { trip, _ in trip.log.append("rules") },
                    .critical: .skipping,
                    .maintenance: .refusing("the storage is moved"),
                ])
            g.start(at: answer)
        }
    }

    @Test func `a node does what it declares for the level, or for the nearest one below`() async throws {
        let degradation = Degradation("test", policy())
        let graph = try graph(degradation, Book())
        degradation.order(.limited, because: "test")
        #expect(try await GraphExecutor().run(graph, from: Trip()).log == ["rules"])
        degradation.order(.critical, because: "test")
        #expect(try await GraphExecutor().run(graph, from: Trip()).log == [])
        degradation.order(.maintenance, because: "test")
        let error = await #expect(throws: RunError.self) { try await GraphExecutor().run(graph, from: Trip()) }
        #expect(
            error?.underlying as? DegradedError == DegradedError(level: .maintenance, reason: "the storage is moved"))
    }

    @Test func `an activation that runs again sees the level that it saw, and a run that is retried looks anew`()
        async throws
    {
        let (storage, book) = (MemoryStorage(), Book())
        var policy = policy()
        policy.dwell = .zero
        let degradation = Degradation("test", policy)
        let graph = try graph(degradation, book)
        let engine = Engine(storage: storage)
        engine.register(graph)
        let (run, other) = (RunID("one"), RunID("two"))
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Trip(), id: run)
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            degradation.order(.limited, because: "test")
            try await engine.signal(run, "go", 1)
            #expect(try await engine.value(of: run, graph).log == ["full"])
            #expect(book.calls("full") == 2)

            degradation.order(.maintenance, because: "test")
            try await engine.start(graph, from: Trip(), id: other)
            #expect(try await engine.outcome(of: other).status == .failed)
            degradation.order(.limited, because: "test")
            while degradation.level > .limited {}
            try await engine.retry(other)
            #expect(try await engine.value(of: other, graph).log == ["rules"])
            group.cancelAll()
        }
    }
}
