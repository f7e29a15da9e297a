import Apus
import ApusTesting
import Testing

@Suite struct ForEachTests {
    private func state(_ items: [Int]) -> Trail {
        var state = Trail()
        state.items = items
        return state
    }

    /// Bodies that take as many seconds as their element says and fail if it is odd beyond 100.
    private func graph(
        concurrency: Int = 16, policy: ElementPolicy = .all, rest: RestPolicy = .cancel, gauge: Gauge = Gauge(),
        until: (@Sendable ([Int]) -> Bool)? = nil
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let each = g.forEach(
                "each", \.items, concurrency: concurrency, policy: policy, rest: rest, until: until
            ) { item, context in
                try await gauge.during("\(context.activation)") {
                    try await context.environment.sleep(for: .seconds(item % 100))
                }
                if item > 100 { throw Trouble(name: "\(item)") }
                return item
            } collect: { state, results in
                state.log.append("\(results)")
            }
            g.start(at: each)
            g.edge(from: each, to: g.mark("after"))
        }
    }

    @Test func `results come in element order, however long each takes, and no more run at once than allowed`() throws {
        for seed in UInt64(1)...10 {
            let gauge = Gauge()
            let (final, time) = try simulate(
                graph(concurrency: 2, gauge: gauge), from: state([5, 1, 1, 3]), seed: seed)
            #expect(final.log == ["[5, 1, 1, 3]", "after"], "seed \(seed)")
            #expect(gauge.most == 2 && time == .seconds(5))
        }
    }

    @Test func `no elements, no bodies, and collect is asked all the same`() throws {
        for policy in [ElementPolicy.all, .atLeast(0)] {
            #expect(try simulate(graph(policy: policy), from: state([])).state.log == ["[]", "after"])
        }
        #expect(throws: RunError.self) { try simulate(graph(policy: .any), from: state([])) }
    }

    @Test func `a hundred elements under a limit of ten keep their order`() throws {
        for seed in UInt64(1)...5 {
            let gauge = Gauge()
            let items = (0..<100).map { ($0 * 7) % 10 }
            let final = try simulate(graph(concurrency: 10, gauge: gauge), from: state(items), seed: seed).state
            #expect(final.log == ["\(items)", "after"] && gauge.most == 10 && gauge.started == 100, "seed \(seed)")
        }
    }

    @Test func `all: the first failure cancels the rest and fails the node`() throws {
        let gauge = Gauge()
        let simulator = Simulator(seed: 1)
        let (graph, initial) = (try graph(concurrency: 3, gauge: gauge), state([9, 102, 50, 1]))
        let error = #expect(throws: RunError.self) {
            try simulator.run { _ = try await GraphExecutor(environment: $0).run(graph, from: initial) }
        }
        #expect(error?.underlying as? Trouble == Trouble(name: "102"))
        #expect(simulator.elapsed == .seconds(2) && gauge.started == 3 && gauge.running == 0)
    }

    @Test func `any: the first success is enough`() throws {
        let gauge = Gauge()
        let (final, time) = try simulate(graph(policy: .any, gauge: gauge), from: state([9, 101, 3, 50]))
        #expect(final.log == ["[3]", "after"] && time == .seconds(3) && gauge.running == 0)
        let error = #expect(throws: RunError.self) { try simulate(graph(policy: .any), from: state([102, 101])) }
        #expect(error?.underlying as? Trouble == Trouble(name: "101"))
    }

    @Test func `at least two: in element order, and failing as soon as it can't be`() throws {
        let (final, time) = try simulate(graph(policy: .atLeast(2)), from: state([9, 101, 30, 4]))
        #expect(final.log == ["[9, 4]", "after"] && time == .seconds(9))
        let simulator = Simulator(seed: 1)
        let (graph, initial) = (try graph(policy: .atLeast(2)), state([50, 101, 102]))
        #expect(throws: RunError.self) {
            try simulator.run { _ = try await GraphExecutor(environment: $0).run(graph, from: initial) }
        }
        #expect(simulator.elapsed == .seconds(2))
    }

    @Test func `settle gets every element's end, errors too`() throws {
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items) { item, _ in
                if item == 2 { throw Trouble(name: "two") }
                return item
            } settle: { state, results in
                for result in results {
                    switch result {
                    case .success(let value): state.log.append("\(value)")
                    case .failure(let error): state.log.append((error as? Trouble)?.name ?? "?")
                    }
                }
            }
            g.start(at: each)
        }
        #expect(try simulate(graph, from: state([1, 2, 3])).state.log == ["1", "two", "3"])
    }

    @Test func `until ends it by the results so far`() throws {
        let gauge = Gauge()
        let graph = try graph(gauge: gauge) { $0.reduce(0, +) >= 4 }
        let (final, time) = try simulate(graph, from: state([9, 1, 3, 50]))
        #expect(final.log == ["[1, 3]", "after"] && time == .seconds(3) && gauge.running == 0)
    }

    @Test func `elements that run on are waited for at the end, and those not begun still run`() throws {
        let gauge = Gauge()
        let graph = try graph(concurrency: 2, policy: .atLeast(1), rest: .runsOn, gauge: gauge)
        for seed in UInt64(1)...10 {
            let before = gauge.started
            let (final, time) = try simulate(graph, from: state([1, 5, 7, 102]), seed: seed)
            #expect(final.log == ["[1]", "after"] && time == .seconds(8), "seed \(seed)")
            #expect(gauge.started == before + 4 && gauge.running == 0)
        }
    }

    @Test func `a body that fails tries again by itself, and the others are not run again`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items, retry: .constant(attempts: 3, delay: .seconds(1))) { item, context in
                try await gauge.during("\(context.activation)") {}
                if item == 2, context.attempt < 3 { throw Trouble() }
                return item * 10 + context.attempt
            } collect: { state, results in
                state.items = results
            }
            g.start(at: each)
        }
        let (final, time) = try simulate(graph, from: state([1, 2, 3]))
        #expect(final.items == [11, 23, 31] && time == .seconds(2) && gauge.started == 5)
    }

    @Test func `bodies see the state the composite started with, and activations have their index`() throws {
        let gauge = Gauge()
        let recording = try record(graph(gauge: gauge), from: state([1, 1, 1]))
        #expect(gauge.order.sorted() == ["each[0]", "each[1]", "each[2]"])
        #expect(recording.failures(of: .visited("each[0]", times: 1), .visited("each", times: 1)) == [])
    }

    @Test func `a failing collect is the node's failure`() throws {
        let graph = try Graph<Trail>("g") { g in
            g.start(
                at: g.forEach("each", \.items) { item, _ in
                    item
                } collect: { _, _ in
                    throw Trouble()
                })
        }
        let error = #expect(throws: RunError.self) { try simulate(graph, from: state([1])) }
        #expect(error?.underlying as? Trouble == Trouble() && error?.activation?.node == "each")
    }
}
