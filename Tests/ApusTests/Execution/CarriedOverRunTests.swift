import Apus
import ApusTesting
import Testing

/// What LangGraph's own tests ask of maps, failures, retries, timeouts and cancellation, with our answers.
@Suite struct CarriedOverRunTests {
    private func state(_ items: [Int]) -> Trail {
        var state = Trail()
        state.items = items
        return state
    }

    @Test func `case 15: a map runs its body once an element, and what follows once`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items) { item, _ in
                try await gauge.during("body") { item }
            } collect: { _, _ in
            }
            g.start(at: each)
            g.edge(from: each, to: g.mark("after"))
        }
        #expect(try simulate(graph, from: state([1, 2])).state.log == ["after"])
        #expect(gauge.started == 2)
    }

    @Test func `case 16: maps of several nodes side by side apply in the order of the nodes`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, plain) = (g.mark("first"), g.mark("plain"))
            g.start(at: first)
            let maps = (0..<2).map { number in
                g.forEach("m\(number)", \.items) { item, context in
                    try await context.environment.sleep(for: .seconds(5 - number - item))
                    return "m\(number)[\(item)]"
                } collect: {
                    $0.log += $1
                }
            }
            g.fork(from: first, to: [plain] + maps)
        }
        for seed in UInt64(1)...10 {
            let log = try simulate(graph, from: state([1, 2]), seed: seed).state.log
            #expect(log == ["first", "plain", "m0[1]", "m0[2]", "m1[1]", "m1[2]"], "seed \(seed)")
        }
    }

    @Test func `case 17: work that finds more work is a loop around a map`() throws {
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items) { item, _ in
                item - 1
            } collect: { state, results in
                state.log.append("\(results)")
                state.items = results.filter { $0 > 0 }
            }
            let follow = g.mark("follow")
            g.start(at: each)
            g.edge(from: each, to: follow)
            g.route(from: follow, to: [each, .end]) { $0.items.isEmpty ? .end : each }
        }
        let log = try simulate(graph, from: state([1, 3])).state.log
        #expect(log == ["[0, 2]", "follow#0", "[1]", "follow#1", "[0]", "follow#2"])
    }

    @Test func `case 19: a hundred elements, ten at once, in element order`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items, concurrency: 10) { item, context in
                try await gauge.during("body") { try await context.environment.sleep(for: .seconds(100 - item)) }
                return item
            } collect: { state, results in
                state.log = results.map(String.init)
            }
            g.start(at: each)
        }
        #expect(try simulate(graph, from: state(Array(0..<100))).state.log == (0..<100).map(String.init))
        #expect(gauge.most == 10)
    }

    @Test func `case 21: what one branch did stays when another fails after its attempts, and it is not run again`()
        throws
    {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, one, mend) = (g.mark("first"), g.mark("one", takes: .seconds(3), in: gauge), g.mark("mend"))
            let two = g.fail("two").retry(.constant(attempts: 2, delay: .zero))
            let join = g.mark("join")
            g.start(at: first)
            g.fork(from: first, to: one, two)
            g.edge(from: one, to: join)
            g.edge(from: two, to: join)
            g.onFailure(of: two, to: mend)
            g.edge(from: mend, to: join)
        }
        #expect(try simulate(graph).state.log == ["first", "one", "mend", "join"])
        #expect(gauge.started == 1)
        #expect(try record(graph).attempts(of: "two") == 2)
    }

    @Test func `case 23: siblings of a failure are cancelled if the graph says so, and the first error surfaces`()
        throws
    {
        for policy in [SiblingPolicy.cancel, .finish] {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let (first, slow) = (g.mark("first"), g.mark("slow", takes: .seconds(60), in: gauge))
                g.start(at: first)
                g.fork(from: first, to: slow, g.fail("late", takes: .seconds(70)), g.fail("bad", takes: .seconds(1)))
                g.onFirstFailure(policy)
            }
            let simulator = Simulator(seed: 1)
            let error = #expect(throws: RunError.self) {
                try simulator.run { _ = try await GraphExecutor(environment: $0).run(graph, from: Trail()) }
            }
            #expect(error?.underlying as? Trouble == Trouble(name: "bad"))
            #expect(simulator.elapsed == .seconds(policy == .cancel ? 1 : 70) && gauge.running == 0)
        }
    }

    @Test func `case 25: a timeout fires though the reader is slow, and what was told before stays told`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (quick, hanging) = (g.mark("quick", takes: .seconds(1)), g.mark("hanging", takes: .seconds(9_999)))
            g.start(at: quick)
            g.edge(from: quick, to: hanging.timeout(.seconds(5)))
        }
        try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            var events: [RunEvent] = []
            for try await event in run.events {
                events.append(event)
                try await environment.sleep(for: .seconds(60))
            }
            let recording = RunRecording(events)
            #expect(recording.failures(of: .visited("quick"), .failed("hanging")) == [])
            let times = events.map { events[0].instant.duration(to: $0.instant) }
            #expect(times.max() == .seconds(6))
        }
    }

    @Test func `case 26: what was written before a timeout is dropped`() throws {
        let graph = try Graph<Trail>("g") { g in
            let a = g.node("a") { state, context in
                state.log.append("attempt \(context.attempt)")
                if context.attempt == 1 { try await context.environment.sleep(for: .seconds(60)) }
            }
            g.start(at: a.timeout(.seconds(5)).retry(.constant(attempts: 2, delay: .zero).when { $0 is TimeoutError }))
        }
        #expect(try simulate(graph).state.log == ["attempt 2"])
    }

    @Test func `case 27: a timeout is tried again only if the policy says so, and each attempt has the whole time`()
        throws
    {
        for isAccepted in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                var policy = RetryPolicy.constant(attempts: 3, delay: .seconds(1))
                if isAccepted { policy = policy.when { $0 is TimeoutError } }
                g.start(at: g.mark("a", takes: .seconds(60)).timeout(.seconds(5)).retry(policy).passedOverOnFailure())
            }
            let (_, time) = try simulate(graph)
            #expect(time == .seconds(isAccepted ? 5 + 1 + 5 + 1 + 5 : 5))
        }
    }

    @Test func `case 28: a node that throws a cancellation of its own has failed, and its run with it`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, bad) = (g.mark("first"), g.node("bad") { _, _ in throw CancellationError() })
            g.start(at: first)
            g.fork(from: first, to: bad, g.mark("beside", takes: .seconds(1)))
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.code == .nodeFailed && error?.activation?.node == "bad")
    }

    @Test func `case 29: the handler runs once, after the attempts, and routes on`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (bad, left, right) = (
                g.fail("bad").retry(.constant(attempts: 3, delay: .zero)), g.mark("left"), g.mark("right")
            )
            let mend = g.node("mend") { state, context in
                state.note(context)
                state.owner = (context.failures.first?.error as? Trouble)?.name ?? "?"
            }
            g.start(at: bad)
            g.onFailure(of: bad, to: mend)
            g.route(from: mend, to: [left, right]) { $0.owner == "bad" ? right : left }
        }
        #expect(try simulate(graph).state.log == ["mend", "right"])
        #expect(try record(graph).attempts(of: "bad") == 3)
    }

    @Test func `case 30: handlers belong to their nodes, several may share one, and a failing one fails the run`()
        throws
    {
        let graph = try Graph<Trail>("g") { g in
            let (first, a, b, c) = (g.mark("first"), g.fail("a"), g.fail("b"), g.fail("c"))
            let (own, shared) = (g.mark("own"), g.mark("shared"))
            g.start(at: first)
            g.fork(from: first, to: a, b, c)
            g.onFailure(of: a, to: own)
            g.onFailure(of: b, to: shared)
            g.onFailure(of: c, to: shared)
        }
        #expect(try simulate(graph).state.log == ["first", "own", "shared"])
        let failing = try Graph<Trail>("g") { g in
            let a = g.fail("a")
            g.start(at: a)
            g.onFailure(of: a, to: g.fail("mend"))
        }
        #expect(#expect(throws: RunError.self) { try simulate(failing) }?.activation?.node == "mend")
    }

    @Test func `case 32: a handler takes over its node's failure alone; a cancellation beside it goes through`() throws
    {
        let graph = try Graph<Trail>("g") { g in
            let (first, bad, mend) = (
                g.mark("first"), g.fail("bad", takes: .seconds(1)), g.mark("mend", takes: .seconds(60))
            )
            g.start(at: first)
            g.fork(from: first, to: bad, g.mark("beside", takes: .seconds(60)))
            g.onFailure(of: bad, to: mend)
        }
        try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            try await environment.sleep(for: .seconds(5))
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
        }
    }

    @Test func `case 34: a run asked to stop from outside lets what runs end, starts nothing more and can go on`()
        throws
    {
        let graph = try Graph<Trail>("g") { g in
            let (a, b) = (g.mark("a", takes: .seconds(10)), g.mark("b", takes: .seconds(10)))
            g.start(at: a)
            g.edge(from: a, to: b)
        }
        let simulator = Simulator(seed: 1)
        try simulator.run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            let events = run.events
            try await environment.sleep(for: .seconds(3))
            run.pause()
            try await environment.sleep(for: .seconds(100))
            #expect(run.status == .paused)
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            let recording = try await RunRecording(of: events)
            #expect(recording.failures(of: .visited("a"), .ended(.cancelled)) == [] && !recording.visited("b"))
        }
        #expect(simulator.elapsed == .seconds(103))
    }
}
