import Apus
import ApusTesting
import Testing

@Suite struct ElementTimeoutTests {
    private let start: Trail = {
        var state = Trail()
        state.items = [1, 60, 3]
        return state
    }()

    /// An attempt of an element takes as many seconds as the element says, later ones one.
    private func graph(
        policy: ElementPolicy = .all, retry: RetryPolicy? = nil, concurrency: Int = 16, gauge: Gauge = Gauge()
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let each = g.forEach(
                "each", \.items, concurrency: concurrency, policy: policy, retry: retry, timeout: .seconds(5)
            ) { item, context in
                try await gauge.during("\(context.activation)") {
                    try await context.environment.sleep(for: .seconds(context.attempt == 1 ? item : 1))
                }
                return item * 10 + context.attempt
            } collect: { state, results in
                state.items = results
            }
            g.start(at: each)
        }
    }

    @Test func `an element that takes too long is cancelled and fails the node with its limit`() throws {
        let gauge = Gauge()
        let (graph, start) = (try graph(gauge: gauge), start)
        let simulator = Simulator(seed: 1)
        let error = #expect(throws: RunError.self) {
            try simulator.run { _ = try await GraphExecutor(environment: $0).run(graph, from: start) }
        }
        let id = ActivationID([.init(node: "each", index: 1)])
        #expect(error?.underlying as? TimeoutError == TimeoutError(activation: id, limit: .seconds(5)))
        #expect(simulator.elapsed == .seconds(5) && gauge.started == 3 && gauge.running == 0)
    }

    @Test func `each attempt of an element has the whole time, and the others are not disturbed`() throws {
        let retry = RetryPolicy.constant(attempts: 2, delay: .seconds(2)).when { $0 is TimeoutError }
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph(retry: retry), from: start, seed: seed)
            #expect(state.items == [11, 602, 31] && time == .seconds(5 + 2 + 1), "seed \(seed)")
        }
    }

    @Test func `the time of an element runs from its own start`() throws {
        var start = Trail()
        start.items = [4, 4, 4, 4]
        for seed in UInt64(1)...5 {
            let (state, time) = try simulate(graph(concurrency: 2), from: start, seed: seed)
            #expect(state.items == [41, 41, 41, 41] && time == .seconds(8), "seed \(seed)")
        }
    }

    @Test func `an element that is too late is one that failed, for whoever counts`() throws {
        let (state, time) = try simulate(graph(policy: .atLeast(2)), from: start)
        #expect(state.items == [11, 31] && time == .seconds(3))
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items, timeout: .seconds(5)) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } settle: { state, results in
                state.log = results.map { result in
                    switch result {
                    case .success(let item): "\(item)"
                    case .failure(let error): "\(type(of: error))"
                    }
                }
            }
            g.start(at: each)
        }
        let (settled, later) = try simulate(graph, from: start)
        #expect(settled.log == ["1", "TimeoutError", "3"] && later == .seconds(5))
    }

    @Test func `what a late attempt sent is dropped`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let retry = RetryPolicy.constant(attempts: 2, delay: .zero).when { $0 is TimeoutError }
            let each = g.forEach("each", \.items, retry: retry, timeout: .seconds(5)) { item, context in
                context.send(item * 10 + context.attempt, to: channel)
                try await context.environment.sleep(for: .seconds(context.attempt == 1 ? item : 1))
                return item
            } collect: { _, _ in
            }
            each.sends(to: channel)
            let read = g.forEach("read", channel) { item, _ in
                item
            } collect: { state, results in
                state.owner = "\(results)"
            }
            g.start(at: first)
            g.fork(from: first, to: each, read)
        }
        for seed in UInt64(1)...5 {
            #expect(try simulate(graph, from: start, seed: seed).state.owner == "[11, 602, 31]", "seed \(seed)")
        }
    }
}
