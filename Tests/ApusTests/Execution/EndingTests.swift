import Apus
import ApusTesting
import Testing

@Suite struct EndingTests {
    @Test func `end ends its path and no other`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c, d) = (g.mark("a"), g.mark("b"), g.mark("c"), g.mark("d"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
            g.end(after: b)
            g.route(from: c, to: [d, .end]) { $0.owner.isEmpty ? d : .end }
        }
        #expect(try simulate(graph).state.log == ["a", "b", "c", "d"])
        var state = Trail()
        state.owner = "x"
        #expect(try simulate(graph, from: state).state.log == ["a", "b", "c"])
    }

    @Test func `a case without targets ends the path`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, cases: [RouteCase("on", to: b), RouteCase("off")]) { _ in "off" }
        }
        #expect(try simulate(graph).state.log == ["a"])
        #expect(try record(graph).skipped("b"))
    }

    @Test func `finish ends the graph: nothing new starts, the rest is cancelled and leaves no change`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, quick) = (g.mark("first"), g.mark("quick", takes: .seconds(2)))
            let (slow, never) = (g.mark("slow", takes: .seconds(9), in: gauge), g.mark("never"))
            let done = g.mark("done", takes: .seconds(1))
            g.start(at: first)
            g.fork(from: first, to: slow, quick, done)
            g.edge(from: slow, to: never)
            g.finish(after: quick)
        }
        for seed in UInt64(1)...20 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["first", "quick", "done"], "seed \(seed)")
            #expect(time == .seconds(2))
            #expect(gauge.running == 0)
        }
        let recording = try record(graph)
        #expect(recording.outcome == .completed)
        #expect(!recording.visited("never"))
        #expect(recording.events.contains { $0.kind == .cancelled(ActivationID([.init(node: "slow")])) })
    }

    @Test func `what ends at the very moment of a finish is either in the result or cancelled`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, end) = (g.mark("first"), g.mark("end", takes: .seconds(1)))
            let others = (0..<4).map { g.mark("o\($0)", takes: .seconds(1)) }
            g.start(at: first)
            g.fork(from: first, to: [end] + others)
            g.finish(after: end)
        }
        for seed in UInt64(1)...200 {
            let (state, events) = try Simulator(seed: seed).run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                let recording = try await RunRecording(of: run.events)
                return (try await run.value, recording)
            }
            for node in ["o0", "o1", "o2", "o3"] {
                let id = ActivationID([.init(node: node)])
                let completed = events.events.contains { $0.kind == .completed(id) }
                #expect(state.log.contains(node) == completed, "seed \(seed) \(node)")
            }
        }
    }

    @Test func `finish as a target of a route, and with nothing beside it`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, to: [b, .finish]) { _ in .finish }
        }
        #expect(try simulate(graph).state.log == ["a"])
    }

    @Test func `finish inside a loop ends the whole graph`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, head, slow, out) = (
                g.mark("first"), g.mark("head", takes: .seconds(1)), g.mark("slow", takes: .seconds(99)), g.mark("out")
            )
            g.start(at: first)
            g.fork(from: first, to: head, slow)
            g.route(from: head, to: [head, out, .finish]) { $0.visited("head") < 3 ? head : .finish }
        }
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["first", "head#0", "head#1", "head#2"], "seed \(seed)")
            #expect(time == .seconds(3))
        }
    }

    @Test func `finish inside a forked round keeps what the round did`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (head, left, right, out) = (
                g.mark("head"), g.mark("left", takes: .seconds(1)), g.mark("right", takes: .seconds(2)), g.mark("out")
            )
            g.start(at: head)
            g.fork(from: head, to: left, right)
            let join = g.mark("join")
            g.edge(from: left, to: join)
            g.route(from: right, to: [join, .finish]) { $0.visited("right") < 2 ? join : .finish }
            g.route(from: join, to: [head, out]) { _ in head }
        }
        for seed in UInt64(1)...10 {
            let log = try simulate(graph, seed: seed).state.log
            #expect(log == ["head#0", "left#0", "right#0", "join#0", "head#1", "left#1", "right#1"], "seed \(seed)")
        }
    }

    @Test func `finish inside a subgraph ends the subgraph`() throws {
        let inner = try Graph<Trail>("inner") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b", takes: .seconds(1)), g.mark("c", takes: .seconds(9)))
            g.start(at: a)
            g.fork(from: a, to: b, c)
            g.finish(after: b)
        }
        let graph = try Graph<Trail>("g") { g in
            let (sub, after) = (g.subgraph("sub", inner), g.mark("after"))
            g.start(at: sub)
            g.edge(from: sub, to: after)
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["sub/a", "sub/b", "after"])
        #expect(time == .seconds(1))
    }

    @Test func `an unknown entry is named with what to do`() async throws {
        let graph = try Graph<Trail>("g") { g in g.start(at: g.mark("a")) }
        let error = await #expect(throws: RunError.self) {
            try await GraphExecutor().run(graph, from: Trail(), entry: "hook")
        }
        #expect(error?.code == .unknownEntry && error?.detail == "hook")
        #expect(error?.description.contains("entry(_:at:)") == true)
    }

    @Test func `a graph of entries alone has no start to run`() async throws {
        let graph = try Graph<Trail>("g") { g in g.entry("hook", at: g.mark("a")) }
        #expect(try await GraphExecutor().run(graph, from: Trail(), entry: "hook").log == ["a"])
        let error = await #expect(throws: RunError.self) { try await GraphExecutor().run(graph, from: Trail()) }
        #expect(error?.code == .unknownEntry)
    }

    @Test func `the nodes of the other entries count as skipped`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c, join) = (g.mark("a"), g.mark("b"), g.mark("c"), g.mark("join"))
            g.start(at: a)
            g.entry("hook", at: b)
            g.edge(from: b, to: c)
            g.edge(from: a, to: join)
            g.edge(from: c, to: join)
        }
        let usual = try record(graph)
        #expect(usual.skipped("b") && usual.skipped("c") && usual.visited("join"))
        let hook = try record(graph, entry: "hook")
        #expect(hook.skipped("a") && hook.visited("c"))
    }

    @Test func `finish cancels what stands in line and what works on behind its change`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, done) = (g.mark("first"), g.mark("done", takes: .seconds(3)))
            let race = g.race(
                "race",
                [
                    Branch("slow") { _, context in
                        try await gauge.during("slow") { try await context.environment.sleep(for: .seconds(99)) }
                    },
                    Branch("quick") { _, context in try await context.environment.sleep(for: .seconds(1)) },
                ], rest: .runsOn)
            let line = (0..<4).map { g.mark("n\($0)", takes: .seconds(50), in: gauge).critical("k") }
            g.start(at: first)
            g.fork(from: first, to: [done, race] + line)
            g.finish(after: done)
        }
        for seed in UInt64(1)...20 {
            let before = gauge.started
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["first", "done"] && time == .seconds(3), "seed \(seed)")
            #expect(gauge.running == 0 && gauge.started == before + 2)
        }
    }
}
