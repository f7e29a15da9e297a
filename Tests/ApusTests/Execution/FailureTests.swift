import Apus
import ApusTesting
import Testing

@Suite struct FailureTests {
    @Test func `a fallback runs on the untouched state when attempts ran out`() throws {
        let graph = try Graph<Trail>("g") { g in
            let a = g.node("a") { state, context in
                state.log.append("lost")
                throw Trouble()
            }
            a.retry(.constant(attempts: 2, delay: .seconds(1))).fallback { state, context in
                state.log.append("fallback \(state.log) \(context.nodeID)")
            }
            g.start(at: a)
            g.edge(from: a, to: g.mark("after"))
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["fallback [] a", "after"])
        #expect(time == .seconds(1))
    }

    @Test func `a fallback that fails is the node's failure`() throws {
        let graph = try Graph<Trail>("g") { g in
            g.start(at: g.fail("a").fallback { _, _ in throw Trouble(name: "fallback") })
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.underlying as? Trouble == Trouble(name: "fallback"))
    }

    @Test func `a node passed over leaves by its exit without a change`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, a) = (g.mark("first"), g.fail("a").passedOverOnFailure())
            let (b, c) = (g.mark("b"), g.mark("c"))
            g.start(at: first)
            g.edge(from: first, to: a)
            g.route(from: a, to: [b, c]) { $0.visited("a") == 0 && $0.visited("first") == 1 ? b : c }
        }
        #expect(try simulate(graph).state.log == ["first", "b"])
        let recording = try record(graph)
        #expect(
            recording.events.contains {
                $0.kind == .passedOver(ActivationID([.init(node: "a")]), error: "\(Trouble(name: "a"))")
            })
        #expect(recording.failures(of: .failed("a"), .visited("b"), .skipped("c"), .ended(.completed)) == [])
    }

    @Test func `a failure lets running siblings finish, and nothing new starts`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, bad) = (g.mark("first"), g.fail("bad", takes: .seconds(1)))
            let (slow, after) = (g.mark("slow", takes: .seconds(5), in: gauge), g.mark("after"))
            g.start(at: first)
            g.fork(from: first, to: bad, slow)
            g.edge(from: slow, to: after)
        }
        let recording = try record(graph)
        let failures = recording.failures(of: .visited("slow"), .failed("bad"), .order(of: "first", before: "slow"))
        #expect(failures == [])
        #expect(recording.events.contains { $0.kind == .completed(ActivationID([.init(node: "slow")])) })
        #expect(!recording.visited("after") && !recording.skipped("after"))
        #expect(gauge.running == 0)
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.activation?.node == "bad")
    }

    @Test func `what stands in line when a node fails does not start any more`() throws {
        let limits = [(GraphLimits(concurrency: 1), nil as String?), (GraphLimits(), "k")]
        for (limits, key) in limits {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let (first, bad) = (g.mark("first"), g.fail("bad", takes: .seconds(1)).priority(9))
                g.start(at: first)
                let others = (0..<5).map { g.mark("n\($0)", takes: .seconds(10), in: gauge) }
                if let key { for node in others + [bad] { node.critical(key) } }
                g.fork(from: first, to: others + [bad])
            }
            for seed in UInt64(1)...10 {
                let simulator = Simulator(seed: seed)
                let error = #expect(throws: RunError.self) {
                    try simulator.run { environment in
                        _ = try await GraphExecutor(environment: environment, limits: limits).run(graph, from: Trail())
                    }
                }
                #expect(error?.activation?.node == "bad")
                // Whoever came first ran, and nobody after the failure.
                #expect(simulator.elapsed <= .seconds(11), "seed \(seed) \(gauge.order)")
            }
        }
    }

    @Test func `siblings are cancelled if the graph says so`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, bad) = (g.mark("first"), g.fail("bad", takes: .seconds(1)))
            g.start(at: first)
            g.fork(from: first, to: [bad] + (0..<4).map { g.mark("s\($0)", takes: .seconds(50), in: gauge) })
            g.onFirstFailure(.cancel)
        }
        let simulator = Simulator(seed: 3)
        let error = #expect(throws: RunError.self) {
            try simulator.run { try await GraphExecutor(environment: $0).run(graph, from: Trail()) }
        }
        #expect(error?.code == .nodeFailed && error?.activation?.node == "bad")
        #expect(simulator.elapsed == .seconds(1))
        #expect(gauge.started == 4 && gauge.running == 0)
    }

    @Test func `the first failure is the cause`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            g.start(at: first)
            g.fork(from: first, to: g.fail("late", takes: .seconds(2)), g.fail("early", takes: .seconds(1)))
        }
        for seed in UInt64(1)...10 {
            let error = #expect(throws: RunError.self) { try simulate(graph, seed: seed) }
            #expect(error?.activation?.node == "early", "seed \(seed)")
        }
    }

    @Test func `a node that throws a cancellation of its own has failed`() throws {
        for isAlone in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                let (first, other) = (g.mark("first"), g.mark("other"))
                let a = g.node("a") { _, _ in throw CancellationError() }
                g.start(at: first)
                g.fork(from: first, to: isAlone ? [a] : [a, other])
                if isAlone { g.edge(from: a, to: other) }
            }
            let error = #expect(throws: RunError.self) { try simulate(graph) }
            #expect(error?.code == .nodeFailed && error?.underlying is CancellationError)
            if case .failed = try record(graph).outcome {} else { Issue.record("the run counts as cancelled") }
        }
    }

    @Test(arguments: [false, true])
    func `a route that names an undeclared target fails its node, whose change is discarded`(isForked: Bool) throws {
        var stranger: NodeHandle<Trail>?
        _ = try Graph<Trail>("other") { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            stranger = b
            g.start(at: a, b)
        }
        let other = try #require(stranger)
        for isForeign in [false, true] {
            let graph = try Graph<Trail>("g") { g in
                let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
                let mend = g.node("mend") { state, context in
                    let error = context.failures.first?.error as? RunError
                    state.log.append("\(error?.code.rawValue ?? "?") of \(context.failures.map(\.activation))")
                }
                let beside = g.mark("beside")
                g.start(at: a)
                if isForked { g.entry("both", at: a, beside) } else { g.entry("both", at: beside) }
                g.route(from: a, to: [b]) { _ in isForeign ? other : c }
                g.onFailure(of: a, to: mend)
                g.edge(from: b, to: c)
            }
            let log = try Simulator(seed: 1).run { environment in
                try await GraphExecutor(environment: environment)
                    .run(graph, from: Trail(), entry: isForked ? "both" : nil).log
            }
            #expect(
                log == ["undeclaredTarget of [a]"] + (isForked ? ["beside"] : [])
                    || log == ["beside", "undeclaredTarget of [a]"])
        }
    }

    @Test func `an undeclared target in a loop names the round`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, cases: [RouteCase("on", to: a), RouteCase("off", to: b)]) {
                $0.visited("a") < 3 ? "on" : "of"
            }
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.code == .undeclaredTarget)
        #expect(error.map { "\($0.activation ?? ActivationID([]))" } == "a#2")
    }

    @Test func `an error that a node passes on from a run of its own is that node's failure`() throws {
        let graph = try Graph<Trail>("g") { g in
            let a = g.node("a") { _, context in
                let other = try Graph<Trail>("other") { g in g.start(at: g.fail("x")) }
                _ = try await GraphExecutor(environment: context.environment, limits: GraphLimits(steps: 0))
                    .run(other, from: Trail())
            }
            g.start(at: a)
            g.onFailure(of: a, to: g.mark("mend"))
        }
        #expect(try simulate(graph).state.log == ["mend"])
    }

    @Test func `a sum that overflows where branches come together fails the run`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            g.start(at: first)
            let adders = (0..<2).map { number in g.node("n\(number)") { state, _ in state.sum += Int.max / 2 + 2 } }
            let join = g.mark("join")
            g.fork(from: first, to: adders)
            for adder in adders { g.edge(from: adder, to: join) }
        }
        for seed in UInt64(1)...5 {
            let error = #expect(throws: RunError.self) { try simulate(graph, seed: seed) }
            #expect(error?.code == .stateConflict, "seed \(seed)")
            #expect((error?.underlying as? StateError)?.code == .overflow)
        }
    }

    @Test func `a failure in a subgraph lets its siblings there and outside finish`() throws {
        let gauge = Gauge()
        let inner = try Graph<Trail>("inner") { g in
            let first = g.mark("first")
            g.start(at: first)
            g.fork(from: first, to: g.fail("bad", takes: .seconds(1)), g.mark("near", takes: .seconds(5), in: gauge))
        }
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let (sub, far) = (g.subgraph("sub", inner), g.mark("far", takes: .seconds(9), in: gauge))
            g.start(at: first)
            g.fork(from: first, to: sub, far)
        }
        let recording = try record(graph)
        let completed = recording.events.compactMap { event in
            if case .completed(let id) = event.kind { "\(id)" } else { nil }
        }
        #expect(completed.sorted() == ["far", "first", "sub/first", "sub/near"])
        guard case .failed(let reason) = recording.outcome else { throw Trouble() }
        #expect(reason.contains("sub/bad") && gauge.running == 0)
    }
}
