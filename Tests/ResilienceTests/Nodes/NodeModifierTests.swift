import Apus
import ApusTesting
import Testing

/// What a node asks and what it gets.
struct Inquiry: GraphState {
    var question = "?"
    var answer = 0
    var notes: [String] = []
}

@Suite struct NodeModifierTests {
    /// Runs a graph of one node in the simulator.
    private func simulate(
        _ times: Int = 1, from state: Inquiry = Inquiry(),
        _ node: @escaping @Sendable (NodeHandle<Inquiry>) -> NodeHandle<Inquiry>,
        _ body: @escaping @Sendable (inout Inquiry, NodeContext) async throws -> Void
    ) throws -> [Result<Inquiry, any Error>] {
        let graph = try Graph<Inquiry>("g") { g in
            let handle = g.node("ask", body)
            g.start(at: node(handle))
        }
        return try Simulator(seed: 8).run { environment in
            var results: [Result<Inquiry, any Error>] = []
            for _ in 0..<times {
                do {
                    results.append(.success(try await GraphExecutor(environment: environment).run(graph, from: state)))
                } catch {
                    results.append(.failure((error as? RunError)?.underlying ?? error))
                }
            }
            return results
        }
    }

    @Test func `a timeout counts for the breaker, and what it refuses goes to the fallback`() throws {
        let (slow, breaker) = (Dependency(delay: .seconds(60)), CircuitBreaker("crm", .consecutive(2)))
        let results = try simulate(3) { node in
            // In whatever order they are written.
            node.timeout(.seconds(1)).breaker(breaker).fallback(when: { $0 is ResilienceError }) { state, _ in
                state.notes.append("fallback")
            }
        } _: { state, context in
            try await slow.call(in: context.environment)
        }
        #expect(throws: TimeoutError.self) { try results[0].get() }
        #expect(throws: TimeoutError.self) { try results[1].get() }
        #expect(try results[2].get().notes == ["fallback"])
        #expect(slow.calls == 2)
    }

    @Test func `each attempt asks the limiter, whose wait is not the node's`() throws {
        let service = Dependency(delay: .seconds(1))
        let limiter = RateLimiter("api", .bucket(1, per: .seconds(10)), waiting: .seconds(60))
        let results = try simulate { node in
            node.retry(.constant(attempts: 4, delay: .zero)).timeout(.seconds(2)).rateLimited(by: limiter)
        } _: { state, context in
            service.isDown = service.calls < 3
            try await service.call(in: context.environment)
            state.notes.append("\(context.environment.now().uptime)")
        }
        #expect(try results[0].get().notes == ["\(Duration.seconds(31))"])
    }

    @Test func `a limit may be each tenant's own, and an open circuit is not tried again`() throws {
        let limiter = RateLimiter("api", .bucket(1, per: .seconds(10)))
        let breaker = CircuitBreaker("crm")
        breaker.forceOpen()
        let results = try simulate(2) { node in
            node.retry(.constant(attempts: 9, delay: .seconds(1))).rateLimited(by: limiter) { $0.question }
                .breaker(breaker)
        } _: { _, _ in
        }
        for result in results { #expect(throws: ResilienceError(.circuitOpen, "crm")) { try result.get() } }
        // The breaker stands before the limit.
        #expect(limiter.reading.admitted == 0)
    }

    @Test func `a bulkhead is shared by nodes side by side`() throws {
        let (service, bulkhead) = (Dependency(delay: .seconds(1)), Bulkhead("api", places: 2, queue: .max))
        let graph = try Graph<Inquiry>("g") { g in
            var nodes: [NodeHandle<Inquiry>] = []
            for number in 0..<6 {
                let node = g.node("ask \(number)") { _, context in
                    try await service.call(in: context.environment)
                }
                nodes.append(node.bulkhead(bulkhead))
            }
            g.start(at: nodes)
        }
        _ = try Simulator(seed: 8).run { try await GraphExecutor(environment: $0).run(graph, from: Inquiry()) }
        #expect(service.calls == 6 && service.most == 2)
    }

    @Test func `a remembered result costs no attempt, and leaves what else the node writes`() throws {
        let (service, cache) = (Dependency(), ContentCache("answers"))
        let results = try simulate(3) { node in
            node.cached(in: cache, keeping: \.answer) { $0.question }
        } _: { state, context in
            state.answer = try await service.call(in: context.environment) * 100
            state.notes.append("made")
        }
        #expect(try results.map { try $0.get().answer } == [100, 100, 100])
        #expect(try results.map { try $0.get().notes.count } == [1, 0, 0])
        #expect(service.calls == 1)
    }

    @Test func `an idempotent node is hedged, and the change of the one that was first counts`() throws {
        let service = Dependency()
        let results = try simulate { node in
            node.idempotent().hedged(.after(.seconds(1), share: 1))
        } _: { state, context in
            let isFirst = service.calls == 0
            state.answer = try await service.call(in: context.environment, taking: isFirst ? .seconds(60) : .seconds(1))
            state.notes.append("\(context.environment.now().uptime)")
        }
        #expect(try results[0].get().answer == 2)
        #expect(try results[0].get().notes == ["\(Duration.seconds(2))"])
        #expect(service.cancelled == 1)
    }

    @Test func `an effect is hedged under one key, and remembered once`() throws {
        let (service, hedge) = (Dependency(), Hedge(.after(.seconds(1), share: 1)))
        let keys = Guarded<Set<String>>([])
        let results = try simulate {
            $0
        } _: { state, context in
            let environment = context.environment
            state.answer = try await context.step("ask", hedged: hedge) { key in
                keys.withLock { _ = $0.insert(key) }
                return try await service.call(in: environment, taking: service.calls == 0 ? .seconds(60) : .seconds(1))
            }
        }
        #expect(try results[0].get().answer == 2)
        #expect(keys.withLock { $0.count } == 1)
    }

    @Test func `a graph is refused that hedges what must not run twice`() {
        let error = #expect(throws: GraphError.self) {
            try Graph<Inquiry>("g") { g in
                let ask = g.node("ask") { _, _ in }.hedged(.after(.seconds(1)))
                let many = g.forEach("many", \.notes) { note, _ in
                    note
                } collect: { _, _ in
                }
                g.start(at: ask, many.idempotent().hedged(.after(.seconds(1))))
            }
        }
        #expect(error?.diagnostics.map(\.code) == [.unfitForHedging, .unfitForHedging])
        #expect(error?.diagnostics.map(\.nodes) == [["ask"], ["many"]])
    }

    @Test func `a fallback that fails hands over to the next that takes its failure`() throws {
        let results = try simulate { node in
            node.fallback(when: { $0 is ResilienceError }) { state, _ in state.notes.append("not meant") }
                .fallback(when: { $0 is Dependency.Down }) { state, _ in
                    state.notes.append("lost")
                    throw ResilienceError(.rateLimited, "other")
                }
                .fallback { state, _ in state.notes.append("last") }
        } _: { _, _ in
            throw Dependency.Down()
        }
        #expect(try results[0].get().notes == ["last"])
    }
}
