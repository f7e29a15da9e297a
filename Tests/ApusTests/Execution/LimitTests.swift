import Apus
import ApusTesting
import Testing

@Suite struct LimitTests {
    private func wide(_ gauge: Gauge, priorities: [Int]) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let first = g.mark("first", takes: .seconds(1), in: gauge)
            g.start(at: first)
            let nodes = priorities.enumerated().map { index, priority in
                g.mark("n\(index)", takes: .seconds(1), in: gauge).priority(priority)
            }
            g.fork(from: first, to: nodes)
        }
    }

    @Test func `no more nodes run at once than the limit, and as many as it allows`() throws {
        for seed in UInt64(1)...20 {
            let gauge = Gauge()
            let (state, time) = try simulate(
                wide(gauge, priorities: Array(repeating: 0, count: 10)), seed: seed, limits: GraphLimits(concurrency: 3)
            )
            #expect(gauge.most == 3 && gauge.started == 11, "seed \(seed)")
            #expect(state.log.count == 11)
            #expect(time == .seconds(1 + 4))
        }
    }

    @Test func `of those that wait the one with the highest priority goes first`() throws {
        for seed in UInt64(1)...20 {
            let gauge = Gauge()
            _ = try simulate(
                wide(gauge, priorities: [0, 5, -1, 9, 5]), seed: seed, limits: GraphLimits(concurrency: 1))
            // Whoever comes first finds the place free; the others stand in line by priority.
            let waited = gauge.order.dropFirst(2)
            let ranks = ["n3": 9, "n1": 5, "n4": 5, "n0": 0, "n2": -1]
            let order = waited.compactMap { ranks[$0] }
            #expect(order == order.sorted(by: >) && order.count == 4, "seed \(seed) \(gauge.order)")
        }
    }

    @Test func `the bodies of a composite have its priority`() throws {
        for seed in UInt64(1)...20 {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first")
                let hold = g.mark("hold", takes: .seconds(1), in: gauge).priority(100)
                let each = g.forEach("each", \.items, concurrency: 3) { item, context in
                    try await gauge.during("each") { try await context.environment.sleep(for: .seconds(1)) }
                    return item
                } collect: { _, _ in
                }
                let (low, high) = (
                    g.mark("low", takes: .seconds(1), in: gauge), g.mark("high", takes: .seconds(1), in: gauge)
                )
                g.start(at: first)
                g.fork(from: first, to: hold, low.priority(1), each.priority(5), high.priority(9))
            }
            var state = Trail()
            state.items = [1, 2, 3]
            _ = try simulate(graph, from: state, seed: seed, limits: GraphLimits(concurrency: 1))
            let ranks = ["hold": 100, "high": 9, "each": 5, "low": 1]
            let order = gauge.order.dropFirst().compactMap { ranks[$0] }
            #expect(order == order.sorted(by: >), "seed \(seed) \(gauge.order)")
        }
    }

    @Test func `composites under a limit of one do not stand in their own way`() throws {
        let inner = try Graph<Trail>("inner") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
        }
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let each = g.forEach("each", \.items) { item, _ in
                item + 1
            } collect: {
                $0.items = $1
            }
            let two = g.quorum(
                "two", 2, of: [Branch("p") { state, _ in state.sum += 1 }, Branch("q") { state, _ in state.sum += 2 }])
            let loop = g.loop("loop", times: 3) { state, _ in state.sum += 10 }
            let sub = g.subgraph("sub", inner)
            g.start(at: first)
            g.fork(from: first, to: each.critical("k"), two.critical("k"), loop.critical("k"), sub.critical("k"))
        }
        var state = Trail()
        state.items = [1, 2]
        for seed in UInt64(1)...10 {
            let final = try simulate(graph, from: state, seed: seed, limits: GraphLimits(concurrency: 1)).state
            #expect(final.items == [2, 3] && final.sum == 33 && final.log.count == 4, "seed \(seed)")
        }
    }

    @Test func `critical nodes of one key run one at a time, those of others beside them`() throws {
        for seed in UInt64(1)...20 {
            let (one, two) = (Gauge(), Gauge())
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first")
                g.start(at: first)
                let nodes = (0..<8).map { index in
                    g.mark("n\(index)", takes: .seconds(1), in: index % 2 == 0 ? one : two).critical(
                        index % 2 == 0 ? "one" : "two")
                }
                g.fork(from: first, to: nodes)
            }
            #expect(try simulate(graph, seed: seed).time == .seconds(4), "seed \(seed)")
            #expect(one.most == 1 && two.most == 1)
        }
    }

    @Test func `a run out of steps fails with a named error`() throws {
        for isAlone in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                let (a, b, other) = (g.mark("a"), g.mark("b"), g.mark("other", takes: .seconds(9)))
                g.start(at: a)
                g.route(from: a, cases: [RouteCase("on", to: b), RouteCase("both", to: b, other)]) { _ in
                    isAlone ? "on" : "both"
                }
                g.edge(from: b, to: b)
                g.onFailure(of: b, to: g.mark("mend"))
            }
            for seed in UInt64(1)...5 {
                let error = #expect(throws: RunError.self) {
                    try simulate(graph, seed: seed, limits: GraphLimits(steps: 10))
                }
                #expect(error?.code == .stepLimit && error?.detail == "10", "seed \(seed)")
                #expect(error.map { "\($0)".contains("GraphLimits.steps") } == true)
            }
            let error = #expect(throws: RunError.self) { try simulate(graph, limits: GraphLimits(steps: 10)) }
            #expect(error?.activation?.node == "b")
        }
    }

    @Test func `elements and nodes of subgraphs count as steps, and no policy of elements hides the end`() throws {
        let inner = try Graph<Trail>("inner") { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.edge(from: a, to: b)
        }
        let graph = try Graph<Trail>("g") { g in
            let (sub, each) = (
                g.subgraph("sub", inner),
                g.forEach("each", \.items) { item, _ in
                    item
                } settle: { state, results in
                    state.sum = results.count
                }
            )
            g.start(at: sub)
            g.edge(from: sub, to: each)
        }
        var state = Trail()
        state.items = [1, 2, 3]
        #expect(try simulate(graph, from: state, limits: GraphLimits(steps: 7)).state.sum == 3)
        for steps in 0..<7 {
            let error = #expect(throws: RunError.self) {
                try simulate(graph, from: state, limits: GraphLimits(steps: steps))
            }
            #expect(error?.code == .stepLimit, "\(steps)")
        }
    }

    @Test func `a loop out of rounds fails its header, which does not run`() throws {
        for isAlone in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                let (first, a, b) = (g.mark("first"), g.mark("a").iterationLimit(3), g.mark("b"))
                g.start(at: first)
                g.fork(from: first, to: isAlone ? [a] : [a, g.mark("slow", takes: .seconds(1))])
                g.edge(from: a, to: b)
                g.edge(from: b, to: a)
            }
            let error = #expect(throws: RunError.self) { try simulate(graph) }
            #expect(error?.code == .iterationLimit && error?.detail == "3")
            #expect(error.map { "\($0.activation ?? ActivationID([]))" } == "a#3")
            let recording = try record(graph)
            #expect(recording.visits(of: "a") == 3 && recording.visits(of: "b") == 3)
        }
    }

    @Test func `the limit of an inner loop counts from each entry`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (outer, inner, end) = (g.mark("outer"), g.mark("inner").iterationLimit(3), g.mark("end"))
            g.start(at: outer)
            g.edge(from: outer, to: inner)
            g.route(from: inner, to: [inner, outer, end]) { state in
                if state.visited("inner") % 3 != 0 { return inner }
                return state.visited("inner") < 9 ? outer : end
            }
        }
        #expect(try simulate(graph).state.visited("inner") == 9)
    }

    @Test func `a composite loop out of rounds names itself`() throws {
        let graph = try Graph<Trail>("g") { g in
            g.start(at: g.loop("again", while: { _ in true }, limit: 5) { state, _ in state.sum += 1 })
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.code == .iterationLimit && error?.detail == "5" && error?.graph == "g")
        #expect(error?.activation?.node == "again")
    }

    @Test func `a run out of time is stopped with all that runs`() throws {
        for seed in UInt64(1)...10 {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let (first, a, b) = (
                    g.mark("first"), g.mark("a", takes: .seconds(99), in: gauge),
                    g.mark("b", takes: .seconds(98), in: gauge)
                )
                g.start(at: first)
                g.fork(from: first, to: a, b)
            }
            let simulator = Simulator(seed: seed)
            let error = #expect(throws: RunError.self) {
                try simulator.run { environment in
                    let limits = GraphLimits(time: .seconds(7))
                    _ = try await GraphExecutor(environment: environment, limits: limits).run(graph, from: Trail())
                }
            }
            #expect(error?.code == .timeLimit && simulator.elapsed == .seconds(7), "seed \(seed)")
            #expect(gauge.started == 2 && gauge.running == 0)
        }
    }

    @Test func `a started run out of time counts as failed`() throws {
        let graph = try Graph<Trail>("g") { g in g.start(at: g.mark("a", takes: .seconds(99))) }
        let recording = try record(graph, limits: GraphLimits(time: .seconds(7)))
        #expect("\(recording.outcome)".contains("failed") && "\(recording.outcome)".contains("GraphLimits.time"))
    }
}
