import Apus
import ApusTesting
import Testing

/// How loops are found and walked, seen in the names of their activations.
@Suite struct LoopShapeTests {
    private func walk(_ build: @Sendable (inout GraphBuilder<Trail>) -> Void) throws -> [String] {
        let graph = try Graph<Trail>("g", build)
        let log = try simulate(graph).state.log
        for seed in UInt64(2)..<12 { #expect(try simulate(graph, seed: seed).state.log == log, "seed \(seed)") }
        return log
    }

    @Test func `a node that loops to itself beside another branch`() throws {
        let log = try walk { g in
            let (first, own, slow, join) = (
                g.mark("first"), g.mark("own"), g.mark("slow", takes: .seconds(1)), g.mark("join")
            )
            g.start(at: first)
            g.fork(from: first, to: own, slow)
            g.route(from: own, to: [own, join]) { $0.visited("own") < 3 ? own : join }
            g.edge(from: slow, to: join)
        }
        #expect(log == ["first", "own#0", "own#1", "own#2", "slow", "join"])
    }

    @Test func `loops three deep count their rounds from each entry`() throws {
        let log = try walk { g in
            let (a, b, c, end) = (g.mark("a"), g.mark("b"), g.mark("c"), g.mark("end"))
            g.start(at: a)
            g.chain(a, b, c)
            g.route(from: c, to: [a, b, c, end]) { state in
                switch state.visited("c") {
                case 1, 4: c
                case 2: b
                case 3: a
                default: end
                }
            }
        }
        #expect(
            log == [
                "a#0", "b#0.0", "c#0.0.0", "c#0.0.1", "b#0.1", "c#0.1.0", "a#1", "b#1.0", "c#1.0.0", "c#1.0.1", "end",
            ])
    }

    @Test func `several back edges into one header make one loop`() throws {
        let log = try walk { g in
            let (head, one, two, out) = (g.mark("head"), g.mark("one"), g.mark("two"), g.mark("out"))
            g.start(at: head)
            g.route(from: head, to: [one, two, head]) { state in
                switch state.visited("head") {
                case 1: one
                case 2: head
                default: two
                }
            }
            g.edge(from: one, to: head)
            g.route(from: two, to: [head, out]) { $0.visited("two") < 2 ? head : out }
        }
        #expect(log == ["head#0", "one#0", "head#1", "head#2", "two#2", "head#3", "two#3", "out"])
    }

    @Test func `back edges from branches that fork and join go round once`() throws {
        let log = try walk { g in
            let (head, left, right) = (g.mark("head"), g.mark("left", takes: .seconds(2)), g.mark("right"))
            let out = g.mark("out")
            g.start(at: head)
            g.route(
                from: head, cases: [RouteCase("both", to: left, right), RouteCase("out", to: out)]
            ) { $0.visited("head") < 3 ? "both" : "out" }
            g.edge(from: left, to: head)
            g.edge(from: right, to: head)
        }
        #expect(log == ["head#0", "left#0", "right#0", "head#1", "left#1", "right#1", "head#2", "out"])
    }

    @Test func `the next round and what follows wait for side branches`() throws {
        let log = try walk { g in
            let head = g.mark("head")
            let (side, tail) = (g.mark("side", takes: .seconds(5)), g.mark("tail", takes: .seconds(5)))
            let out = g.mark("out")
            g.start(at: head)
            g.route(
                from: head, cases: [RouteCase("again", to: head, side), RouteCase("done", to: out)]
            ) { $0.visited("head") < 3 ? "again" : "done" }
            g.edge(from: side, to: tail)
        }
        #expect(log == ["head#0", "side#0", "tail#0", "head#1", "side#1", "tail#1", "head#2", "out"])
    }

    @Test func `a side branch may fork, join and loop by itself`() throws {
        let log = try walk { g in
            let head = g.mark("head")
            let (side, left, right, join) = (g.mark("side"), g.mark("left"), g.mark("right"), g.mark("join"))
            let out = g.mark("out")
            g.start(at: head)
            g.route(
                from: head, cases: [RouteCase("again", to: head, side), RouteCase("done", to: out)]
            ) { $0.visited("head") < 2 ? "again" : "done" }
            g.fork(from: side, to: left, right)
            g.edge(from: left, to: join)
            g.edge(from: right, to: join)
            g.route(from: join, to: [join, .end]) { $0.visited("join") < 2 ? join : .end }
        }
        #expect(log == ["head#0", "side#0", "left#0", "right#0", "join#0.0", "join#0.1", "head#1", "out"])
    }

    @Test func `an edge that leaves several loops waits for the outermost`() throws {
        let log = try walk { g in
            let (outer, inner, slow) = (g.mark("outer"), g.mark("inner"), g.mark("slow", takes: .seconds(9)))
            let (out, back) = (g.mark("out"), g.mark("back"))
            g.start(at: outer)
            g.route(
                from: outer, cases: [RouteCase("go", to: inner, slow)]
            ) { _ in "go" }
            g.route(from: inner, to: [inner, back, out]) { state in
                switch state.visited("inner") {
                case 1, 3: inner
                case 2: back
                default: out
                }
            }
            g.edge(from: back, to: outer)
        }
        #expect(
            log == [
                "outer#0", "inner#0.0", "inner#0.1", "slow#0", "back#0", "outer#1", "inner#1.0", "inner#1.1", "slow#1",
                "out",
            ])
    }

    @Test func `a cycle with several entries is walked one step at a time`() throws {
        for entry in ["left", "right"] {
            let graph = try Graph<Trail>("g") { g in
                let (first, left, right, out) = (g.mark("first"), g.mark("left"), g.mark("right"), g.mark("out"))
                g.start(at: first)
                g.route(from: first, to: [left, right]) { $0.owner == "left" ? left : right }
                g.edge(from: left, to: right)
                g.route(from: right, to: [left, out]) { $0.visited("right") < 3 ? left : out }
            }
            var state = Trail()
            state.owner = entry
            let nodes = try simulate(graph, from: state).state.log.map { $0.prefix { $0 != "#" } }
            let rounds = ["right", "left", "right", "left", "right", "out"]
            #expect(nodes.map(String.init) == ["first"] + (entry == "left" ? ["left"] : []) + rounds)
        }
    }

    @Test func `a cycle with several entries may stand beside a branch and write an exclusive field`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, pick, slow) = (g.mark("first"), g.mark("pick"), g.mark("slow", takes: .seconds(3)))
            let write: @Sendable (inout Trail, NodeContext) async throws -> Void = { state, context in
                try await context.environment.sleep(for: .seconds(1))
                state.visits[context.nodeID, default: 0] += 1
                state.owner += context.nodeID.prefix(1)
            }
            let (left, right, join) = (g.node("left", write), g.node("right", write), g.mark("join"))
            g.start(at: first)
            g.fork(from: first, to: slow, pick)
            g.route(from: pick, to: [left, right]) { _ in left }
            g.edge(from: left, to: right)
            g.route(from: right, to: [left, join]) { $0.visited("right") < 3 ? left : join }
            g.edge(from: slow, to: join)
        }
        for seed in UInt64(1)..<20 {
            let final = try simulate(graph, seed: seed).state
            #expect(final.owner == "lrlrlr", "seed \(seed)")
            #expect(final.log == ["first", "slow", "pick", "join"] || final.log == ["first", "pick", "slow", "join"])
        }
    }

    @Test func `a cycle with several entries has a limit, and its failure can be taken over`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, left, right) = (g.mark("first"), g.mark("left").iterationLimit(4), g.mark("right"))
            let mend = g.node("mend") { state, context in
                state.log.append("mend after \(context.failures.map(\.activation.node))")
            }
            g.start(at: first)
            g.route(from: first, to: [left, right]) { _ in left }
            g.edge(from: left, to: right)
            g.edge(from: right, to: left)
            g.onFailure(of: left, to: mend)
        }
        let log = try simulate(graph).state.log
        #expect(log.count == 6)
        #expect(log.last == "mend after [\"left\"]")
    }

    @Test func `entries share what follows them`() async throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c, join) = (g.mark("a"), g.mark("b"), g.mark("c"), g.mark("join"))
            g.start(at: a)
            g.entry("hook", at: b, c)
            for node in [a, b, c] { g.edge(from: node, to: join) }
        }
        let executor = GraphExecutor()
        #expect(try await executor.run(graph, from: Trail()).log == ["a", "join"])
        #expect(try await executor.run(graph, from: Trail(), entry: "hook").log == ["b", "c", "join"])
    }

    @Test func `an entry may lead into the middle of a loop`() async throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.entry("late", at: b)
            g.chain(a, b, c)
            g.route(from: c, to: [a, .end]) { $0.visited("c") < 2 ? a : .end }
        }
        func nodes(_ entry: String?) async throws -> [String] {
            let log = try await GraphExecutor().run(graph, from: Trail(), entry: entry).log
            return log.map { String($0.prefix(1)) }
        }
        #expect(try await nodes(nil) == ["a", "b", "c", "a", "b", "c"])
        #expect(try await nodes("late") == ["b", "c", "a", "b", "c"])
    }
}
