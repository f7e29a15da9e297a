import Apus
import ApusTesting
import Testing

@Suite struct JoinTests {
    @Test func `a join after chains of one and of ten runs once, after both, whichever is slower`() throws {
        for slow in ["short", "long"] {
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first")
                let short = g.mark("short", takes: .seconds(slow == "short" ? 100 : 1))
                let long = (0..<10).map { g.mark("long\($0)", takes: .seconds(1)) }
                let join = g.mark("join")
                g.start(at: first)
                g.fork(from: first, to: short, long[0])
                for (source, target) in zip(long, long.dropFirst()) { g.edge(from: source, to: target) }
                g.edge(from: short, to: join)
                g.edge(from: long[9], to: join)
            }
            for seed in UInt64(1)...20 {
                let (state, time) = try simulate(graph, seed: seed)
                #expect(state.log == ["first", "short"] + (0..<10).map { "long\($0)" } + ["join"], "seed \(seed)")
                #expect(time == .seconds(slow == "short" ? 100 : 10))
            }
        }
    }

    @Test func `a graph that is not series-parallel runs each node once, in the time of its longest path`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c) = (
                g.mark("A", takes: .seconds(1)), g.mark("B", takes: .seconds(5)), g.mark("C", takes: .seconds(2))
            )
            let (d, e, f) = (
                g.mark("D", takes: .seconds(1)), g.mark("E", takes: .seconds(7)), g.mark("F", takes: .seconds(1))
            )
            g.start(at: a)
            g.fork(from: a, to: b, c)
            g.edge(from: b, to: d)
            g.fork(from: c, to: d, e)
            g.edge(from: d, to: f)
            g.edge(from: e, to: f)
        }
        for seed in UInt64(1)...50 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["A", "B", "C", "D", "E", "F"], "seed \(seed)")
            #expect(time == .seconds(1 + 2 + 7 + 1), "seed \(seed)")
        }
    }

    @Test func `it starts D as soon as B and C are done, though E still runs`() throws {
        let recording = try record(
            Graph<Trail>("g") { g in
                let (a, b, c) = (g.mark("A"), g.mark("B", takes: .seconds(1)), g.mark("C", takes: .seconds(1)))
                let (d, e, f) = (g.mark("D"), g.mark("E", takes: .seconds(9)), g.mark("F"))
                g.start(at: a)
                g.fork(from: a, to: b, c)
                g.edge(from: b, to: d)
                g.fork(from: c, to: d, e)
                g.edge(from: d, to: f)
                g.edge(from: e, to: f)
            })
        let start = try #require(recording.events.first?.instant)
        var ends: [String: Duration] = [:]
        for event in recording.events {
            if case .completed(let id) = event.kind { ends[id.node] = start.duration(to: event.instant) }
        }
        #expect(ends["D"] == .seconds(1) && ends["E"] == .seconds(10) && ends["F"] == .seconds(10))
    }

    @Test(arguments: [["b"], ["c"], ["b", "c"], []])
    func `a join waits for the branches that were chosen and is freed of the others`(chosen: [String]) throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b", takes: .seconds(1)), g.mark("c", takes: .seconds(2)))
            let (after, join) = (g.mark("after", takes: .seconds(3)), g.mark("join"))
            g.start(at: a)
            g.select(from: a, to: [b, c]) { _ in
                (chosen.contains("b") ? [b] : []) + (chosen.contains("c") ? [c] : [])
            }
            g.edge(from: b, to: join)
            g.edge(from: c, to: after)
            g.edge(from: after, to: join)
        }
        let expected = ["a"] + (chosen.contains("b") ? ["b"] : []) + (chosen.contains("c") ? ["c", "after"] : [])
        #expect(try simulate(graph).state.log == expected + (chosen.isEmpty ? [] : ["join"]))
        let skipped = ["b", "c"].filter { !chosen.contains($0) } + (chosen.isEmpty ? ["join"] : [])
        let recording = try record(graph)
        for node in skipped { #expect(recording.skipped(node), "\(node)") }
    }

    @Test func `forks nest, and each join sees what its own branches did`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            g.start(at: first)
            let end = g.node("end") { state, context in
                state.note(context)
                state.items = [state.sum]
            }
            let heads = (0..<3).map { outer in
                let head = g.mark("h\(outer)", takes: .milliseconds(7 - outer))
                let join = g.node("j\(outer)") { state, context in
                    state.log.append("\(context.activation) \(state.sum)")
                }
                g.fork(
                    from: head,
                    to: (0..<3).map { inner in
                        let leaf = g.node("l\(outer)\(inner)") { state, context in
                            try await context.environment.sleep(for: .milliseconds(inner))
                            state.sum += 1
                        }
                        g.edge(from: leaf, to: join)
                        return leaf
                    })
                g.edge(from: join, to: end)
                return head
            }
            g.fork(from: first, to: heads)
        }
        for seed in UInt64(1)...30 {
            let state = try simulate(graph, seed: seed).state
            #expect(state.log == ["first", "h0", "j0 3", "h1", "j1 3", "h2", "j2 3", "end"], "seed \(seed)")
            #expect(state.items == [9])
        }
    }

    @Test func `what runs beside each other does not see each other, and the result is in graph order`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let late = g.node("late") { state, context in
                try await context.environment.sleep(for: .seconds(9))
                state.log.append("late saw \(state.log)")
            }
            let early = g.node("early") { state, _ in state.log.append("early saw \(state.log)") }
            g.start(at: first)
            g.fork(from: first, to: late, early)
        }
        #expect(try simulate(graph).state.log == ["first", "late saw [\"first\"]", "early saw [\"first\"]"])
    }
}
