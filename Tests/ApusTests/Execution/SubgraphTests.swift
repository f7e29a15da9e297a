import Apus
import ApusTesting
import Testing

@Suite struct SubgraphTests {
    /// A state of a subgraph's own.
    struct Inner: GraphState {
        var depth = 0
        var seen: [String] = []
        static let fields: [Field<Self>] = [Field("depth", \.depth), Field("seen", \.seen, merging: .append)]
    }

    @Test func `a subgraph has a state of its own, mapped in and out`() throws {
        let inner = try Graph<Inner>("inner") { g in
            let a = g.node("a") { state, context in
                state.depth *= 10
                state.seen.append("\(context.activation)")
            }
            g.start(at: a)
        }
        let graph = try Graph<Trail>("g") { g in
            let sub = g.subgraph("sub", inner, in: { Inner(depth: $0.sum) }) {
                $0.sum = $1.depth; $0.log += $1.seen
            }
            g.start(at: sub)
        }
        var state = Trail()
        state.sum = 4
        let final = try simulate(graph, from: state).state
        #expect(final.sum == 40 && final.log == ["sub/a"])
    }

    @Test func `each round of a loop runs a subgraph anew, and names tell the round`() throws {
        let inner = try Graph<Trail>("inner") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b", takes: .seconds(1)), g.mark("c"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
        }
        let graph = try Graph<Trail>("g") { g in
            let (sub, join) = (g.subgraph("sub", inner), g.mark("join"))
            g.start(at: sub)
            g.edge(from: sub, to: join)
            g.route(from: join, to: [sub, .end]) { $0.visited("join") < 2 ? sub : .end }
        }
        let (state, time) = try simulate(graph)
        #expect(
            state.log == ["sub#0/a", "sub#0/b", "sub#0/c", "join#0", "sub#1/a", "sub#1/b", "sub#1/c", "join#1"])
        #expect(time == .seconds(2))
    }

    @Test func `a graph refers to itself by a closure and ends by its route`() throws {
        let place = Guarded<Graph<Inner>?>(nil)
        let graph = try Graph<Inner>("countdown") { g in
            let a = g.node("a") { state, context in
                state.seen.append("\(context.activation)")
                state.depth -= 1
            }
            let again = g.subgraph(
                "again", { try #require(place.withLock { $0 }) }, in: { Inner(depth: $0.depth) },
                out: { $0.seen += $1.seen })
            g.start(at: a)
            g.route(from: a, to: [again, .end]) { $0.depth > 0 ? again : .end }
        }
        place.withLock { $0 = graph }
        defer { place.withLock { $0 = nil } }
        let final = try Simulator(seed: 1).run {
            try await GraphExecutor(environment: $0).run(graph, from: Inner(depth: 3))
        }
        #expect(final.seen == ["a", "again/a", "again/again/a"])
    }

    @Test func `endless recursion ends at the step limit`() throws {
        let place = Guarded<Graph<Trail>?>(nil)
        let graph = try Graph<Trail>("endless") { g in
            g.start(at: g.subgraph("again", { try #require(place.withLock { $0 }) }, in: { $0 }, out: { $0 = $1 }))
        }
        place.withLock { $0 = graph }
        defer { place.withLock { $0 = nil } }
        let error = #expect(throws: RunError.self) { try simulate(graph, limits: GraphLimits(steps: 100)) }
        #expect(error?.code == .stepLimit)
    }

    @Test(arguments: [false, true])
    func `a failure inside is the run's with the path to it, and goes to the handler of the subgraph`(
        isWatched: Bool
    ) throws {
        let inner = try Graph<Trail>("inner") { g in
            let a = g.mark("a")
            g.start(at: a)
            g.edge(from: a, to: g.fail("bad"))
        }
        for isHandled in [false, true] {
            let graph = try Graph<Trail>("g") { g in
                let (sub, mend) = (
                    g.subgraph("sub", inner),
                    g.node("mend") { state, context in
                        state.log.append("mend \(context.failures.map { "\($0.activation)" })")
                    }
                )
                g.start(at: sub)
                g.entry("mend", at: mend)
                if isHandled { g.onFailure(of: sub, to: mend) }
            }
            let result: Result<Trail, any Error> = try Simulator(seed: 1).run { environment in
                let executor = GraphExecutor(environment: environment)
                do {
                    if isWatched { return .success(try await executor.start(graph, from: Trail()).value) }
                    return .success(try await executor.run(graph, from: Trail()))
                } catch {
                    return .failure(error)
                }
            }
            if isHandled {
                #expect(try result.get().log == ["mend [\"sub\"]"])
            } else {
                let error = #expect(throws: RunError.self) { try result.get() }
                #expect(error?.code == .nodeFailed && error?.graph == "inner")
                #expect(error.map { "\($0.activation ?? ActivationID([]))" } == "sub/bad")
                #expect(error?.underlying as? Trouble == Trouble(name: "bad"))
            }
        }
    }

    @Test func `subgraphs side by side keep their states apart and come together in the parent`() throws {
        let inner = try Graph<Inner>("inner") { g in
            let a = g.node("a") { state, context in
                try await context.environment.sleep(for: .seconds(5 - state.depth))
                state.seen.append("\(context.activation) \(state.depth)")
            }
            g.start(at: a)
        }
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            g.start(at: first)
            g.fork(
                from: first,
                to: (0..<5).map { number in
                    g.subgraph("s\(number)", inner, in: { _ in Inner(depth: number) }) { $0.log += $1.seen }
                })
        }
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["first"] + (0..<5).map { "s\($0)/a \($0)" }, "seed \(seed)")
            #expect(time == .seconds(5))
        }
    }

    @Test func `a mapping that throws is the subgraph's failure`() throws {
        let inner = try Graph<Inner>("inner") { g in g.start(at: g.node("a") { _, _ in }) }
        for isOut in [false, true] {
            let graph = try Graph<Trail>("g") { g in
                let sub = g.subgraph(
                    "sub", inner, in: { _ in if !isOut { throw Trouble() } else { Inner() } },
                    out: { _, _ in if isOut { throw Trouble() } })
                g.start(at: sub)
            }
            let error = #expect(throws: RunError.self) { try simulate(graph) }
            #expect(error?.underlying as? Trouble == Trouble() && error?.activation?.node == "sub")
        }
    }
}
