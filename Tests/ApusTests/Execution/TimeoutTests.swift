import Apus
import ApusTesting
import Testing

@Suite struct TimeoutTests {
    /// A node that writes, then takes so long in each attempt.
    private func graph(
        taking seconds: [Int], timeout: Duration, gauge: Gauge = Gauge(),
        _ policy: @Sendable (NodeHandle<Trail>) -> NodeHandle<Trail> = { $0 }
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let a = g.node("a") { state, context in
                state.items.append(context.attempt)
                try await gauge.during("a") {
                    try await context.environment.sleep(for: .seconds(seconds[min(context.attempt, seconds.count) - 1]))
                }
                state.note(context)
            }
            g.start(at: policy(a.timeout(timeout)))
            g.edge(from: a, to: g.mark("after"))
        }
    }

    @Test func `a node that takes too long is cancelled and fails with its limit`() throws {
        let gauge = Gauge()
        let graph = try graph(taking: [60], timeout: .seconds(5), gauge: gauge)
        let simulator = Simulator(seed: 1)
        let error = #expect(throws: RunError.self) {
            try simulator.run { try await GraphExecutor(environment: $0).run(graph, from: Trail()) }
        }
        let id = ActivationID([.init(node: "a")])
        #expect(error?.underlying as? TimeoutError == TimeoutError(activation: id, limit: .seconds(5)))
        #expect(simulator.elapsed == .seconds(5))
        #expect(gauge.started == 1 && gauge.running == 0)
    }

    @Test func `a node that ends in time is not disturbed`() throws {
        let (state, time) = try simulate(graph(taking: [4], timeout: .seconds(5)))
        #expect(state.log == ["a", "after"])
        #expect(time == .seconds(4))
    }

    @Test func `what was written before the timeout is dropped, also when another attempt follows`() throws {
        let graph = try graph(taking: [60, 1], timeout: .seconds(5)) {
            $0.retry(.constant(attempts: 2, delay: .seconds(2)).when { $0 is TimeoutError })
        }
        let (state, time) = try simulate(graph)
        #expect(state.items == [2])
        #expect(state.log == ["a", "after"])
        #expect(time == .seconds(5 + 2 + 1))
    }

    @Test func `a timeout is not tried again unless the policy says so`() throws {
        let graph = try graph(taking: [60, 1], timeout: .seconds(5)) { $0.retry(.constant(attempts: 2, delay: .zero)) }
        let recording = try record(graph)
        #expect(recording.attempts(of: "a") == 1)
        #expect(recording.failure(of: "a")?.contains("did not end within 5.0 seconds") == true)
    }

    @Test func `each attempt has the whole time`() throws {
        let graph = try graph(taking: [60, 60, 4], timeout: .seconds(5)) {
            $0.retry(.constant(attempts: 3, delay: .seconds(30)).when { _ in true })
        }
        let (state, time) = try simulate(graph)
        #expect(state.items == [3])
        #expect(time == .seconds(5 + 30 + 5 + 30 + 4))
    }

    @Test func `waiting for a turn does not count`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, a) = (g.mark("first"), g.mark("a", takes: .seconds(9)).critical("k"))
            let b = g.mark("b", takes: .seconds(9)).critical("k")
            g.start(at: first)
            g.fork(from: first, to: a.timeout(.seconds(10)), b.timeout(.seconds(10)))
        }
        for seed in UInt64(1)...10 { #expect(try simulate(graph, seed: seed).time == .seconds(18), "seed \(seed)") }
    }

    @Test func `a timeout stops a composite with all that runs in it`() throws {
        let gauge = Gauge()
        let inner = try Graph<Trail>("inner") { g in
            let first = g.mark("first")
            g.start(at: first)
            g.fork(from: first, to: (0..<5).map { g.mark("n\($0)", takes: .seconds(100), in: gauge) })
        }
        let graph = try Graph<Trail>("g") { g in
            let sub = g.subgraph("sub", inner).timeout(.seconds(3)).passedOverOnFailure()
            g.start(at: sub)
            g.edge(from: sub, to: g.mark("after"))
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["after"])
        #expect(time == .seconds(3))
        #expect(gauge.started == 5 && gauge.running == 0)
    }

    @Test func `a node that ignores its cancellation is waited for, and its change is dropped`() throws {
        let graph = try Graph<Trail>("g") { g in
            let a = g.node("a") { state, context in
                let environment = context.environment
                try await environment.spawn { try await environment.sleep(for: .seconds(50)) }.value
                state.note(context)
            }
            g.start(at: a.timeout(.seconds(3)).passedOverOnFailure())
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == [])
        #expect(time == .seconds(50))
    }
}
