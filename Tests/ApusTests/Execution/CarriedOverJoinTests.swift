import Apus
import ApusTesting
import Testing

/// What LangGraph's own tests ask of joins and branches (`Documentation/LangGraphCases.md`), with our answers.
@Suite struct CarriedOverJoinTests {
    @Test func `case 1: a join of which one source is reached by a route runs once, after both`() throws {
        for isSlow in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                let (rewrite, analyze) = (g.mark("rewrite"), g.mark("analyze", takes: .seconds(isSlow ? 9 : 0)))
                let (one, two, answer) = (
                    g.mark("one", takes: .seconds(1)), g.mark("two", takes: .seconds(5)), g.mark("answer")
                )
                g.start(at: rewrite)
                g.fork(from: rewrite, to: analyze, two)
                g.route(from: analyze, to: [one]) { _ in one }
                g.edge(from: one, to: answer)
                g.edge(from: two, to: answer)
            }
            for seed in UInt64(1)...10 {
                #expect(
                    try simulate(graph, seed: seed).state.log == ["rewrite", "analyze", "one", "two", "answer"],
                    "seed \(seed)")
            }
        }
    }

    @Test func `case 2: a join with one more plain edge still runs once, after all`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (rewrite, one, two) = (
                g.mark("rewrite"), g.mark("one", takes: .seconds(1)), g.mark("two", takes: .seconds(5))
            )
            let answer = g.mark("answer")
            g.start(at: rewrite)
            g.fork(from: rewrite, to: one, two, answer)
            g.edge(from: one, to: answer)
            g.edge(from: two, to: answer)
        }
        #expect(try simulate(graph).state.log == ["rewrite", "one", "two", "answer"])
    }

    @Test func `cases 3 and 4: a loop through a join fills it anew in every round`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (rewrite, one, two) = (
                g.mark("rewrite"), g.mark("one", takes: .seconds(1)), g.mark("two", takes: .seconds(5))
            )
            let (decide, answer) = (g.mark("decide"), g.mark("answer"))
            g.start(at: rewrite)
            g.fork(from: rewrite, to: one, two)
            g.edge(from: one, to: decide)
            g.edge(from: two, to: decide)
            g.route(from: decide, to: [rewrite, answer]) { $0.visited("decide") < 2 ? rewrite : answer }
        }
        let final = try simulate(graph).state
        #expect(final.visited("one") == 2 && final.visited("two") == 2 && final.visited("decide") == 2)
        #expect(final.visited("answer") == 1)
    }

    @Test func `case 5: paths of unequal length join once, without a deferred node`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c, d) = (g.mark("a"), g.mark("b"), g.mark("c"), g.mark("d"))
            let last = g.mark("last")
            g.start(at: a)
            g.fork(from: a, to: b, c, last)
            g.chain(b, d, last)
            g.edge(from: c, to: last)
        }
        for seed in UInt64(1)...20 {
            #expect(try simulate(graph, seed: seed).state.log == ["a", "b", "c", "d", "last"], "seed \(seed)")
        }
    }

    @Test func `case 6: a join of a node and its successor runs once, beside another`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (up, side, other, down) = (g.mark("up"), g.mark("side"), g.mark("other"), g.mark("down"))
            g.start(at: up)
            g.fork(from: up, to: side, other, down)
            g.edge(from: side, to: down)
        }
        var orders: Set<[String]> = []
        for seed in UInt64(1)...20 {
            let recording = try record(graph, seed: seed)
            #expect(
                recording.failures(of: .visited("down", times: 1), .order(of: "side", before: "down")) == [],
                "seed \(seed)")
            orders.insert(recording.visits.map(\.node))
        }
        #expect(orders.count > 1)
    }

    @Test func `case 7: the first choice reads what the run began with, and the chosen node alone runs`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (choose, left, right) = (g.node("choose") { _, _ in }, g.mark("left"), g.mark("right"))
            g.start(at: choose)
            g.route(from: choose, by: \.light) { light in
                switch light {
                case .green: left
                case .amber, .red: right
                }
            }
        }
        for (owner, expected) in [("green", "left"), ("red", "right")] {
            var state = Trail()
            state.owner = owner
            #expect(try simulate(graph, from: state).state.log == [expected])
        }
    }

    @Test func `case 8: a choice of several starts them side by side`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c, d) = (
                g.mark("a"), g.mark("b", takes: .seconds(3)), g.mark("c", takes: .seconds(3)), g.mark("d")
            )
            g.start(at: a)
            g.select(from: a, to: [b, c, d]) { _ in [c, b] }
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["a", "b", "c"] && time == .seconds(3))
    }

    @Test func `case 9: a choice names cases that were declared, and any other name fails its node`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.route(from: a, cases: [RouteCase("b", to: b), RouteCase("c", to: c)]) { $0.owner }
        }
        var state = Trail()
        state.owner = "b"
        #expect(try simulate(graph, from: state).state.log == ["a", "b"])
        state.owner = "d"
        let error = #expect(throws: RunError.self) { try simulate(graph, from: state) }
        #expect(error?.code == .undeclaredTarget && error?.activation?.node == "a")
    }

    @Test func `case 10: two writers of an exclusive field side by side are an error that names the field`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let (left, right) = (
                g.node("left") { state, _ in state.owner = "l" }, g.node("right") { state, _ in state.owner = "r" }
            )
            g.start(at: first)
            g.fork(from: first, to: left, right)
        }
        for seed in UInt64(1)...10 {
            let error = #expect(throws: RunError.self) { try simulate(graph, seed: seed) }
            let conflict = error?.underlying as? StateError
            #expect(error?.code == .stateConflict && conflict?.field == "owner", "seed \(seed)")
            #expect(conflict?.writers.sorted() == ["left", "right"])
        }
    }

    @Test func `case 11: what a merge can't say replaces, and conflicts with every change beside it`() throws {
        for isReplacing in [true, false] {
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first")
                let (left, right) = (
                    g.node("left") { state, _ in state.log = ["new"] },
                    g.node("right") { state, _ in
                        if isReplacing { state.log = ["other"] } else { state.log.append("more") }
                    }
                )
                let alone = g.node("alone") { state, _ in state.log = ["overwritten"] }
                g.start(at: first)
                g.fork(from: first, to: left, right)
                g.entry("alone", at: alone)
            }
            let error = #expect(throws: RunError.self) { try simulate(graph) }
            #expect((error?.underlying as? StateError)?.field == "log")
            #expect(try record(graph, entry: "alone").outcome == .completed)
        }
    }

    @Test func `case 12: several changes of one node keep their order`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let busy = g.node("busy") { state, _ in for number in 0..<3 { state.log.append("\(number)") } }
            g.start(at: first)
            g.fork(from: first, to: busy, g.mark("beside"))
        }
        #expect(try simulate(graph).state.log == ["first", "0", "1", "2", "beside"])
    }

    @Test func `case 13: a planner to which several workers return runs once a round`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (plan, one, two, out) = (
                g.mark("plan"), g.mark("one"), g.mark("two", takes: .seconds(1)), g.mark("out")
            )
            g.start(at: plan)
            g.route(
                from: plan,
                cases: [RouteCase("both", to: one, two), RouteCase("one", to: one), RouteCase("done", to: out)]
            ) { ["both", "one", "done"][$0.visited("plan") - 1] }
            g.edge(from: one, to: plan)
            g.edge(from: two, to: plan)
        }
        #expect(try simulate(graph).state.log == ["plan#0", "one#0", "two#0", "plan#1", "one#1", "plan#2", "out"])
    }

    @Test func `case 14: an edge from a node of another graph fails when the graph is built`() throws {
        var stranger: NodeHandle<Trail>?
        _ = try Graph<Trail>("other") { g in
            let a = g.mark("a")
            stranger = a
            g.start(at: a)
        }
        let other = try #require(stranger)
        let error = #expect(throws: GraphError.self) {
            try Graph<Trail>("g") { g in
                let a = g.mark("a")
                g.start(at: a)
                g.edge(from: other, to: a)
            }
        }
        #expect(error?.diagnostics.map(\.code) == [.foreignHandle])
    }
}
