import Apus
import ApusTesting
import Testing

@Suite struct FailureRouteTests {
    /// A node that notes which failures led to it.
    private static let mend: @Sendable (inout Trail, NodeContext) async throws -> Void = { state, context in
        let failures = context.failures.map { "\($0.activation): \(($0.error as? Trouble)?.name ?? "\($0.error)")" }
        state.log.append("\(context.activation) after \(failures)")
        state.visits[context.nodeID, default: 0] += 1
    }

    @Test func `a failure goes to the handler once, with the last error, and the node's change is gone`() throws {
        let graph = try Graph<Trail>("g") { g in
            let a = g.fail("a").retry(.constant(attempts: 3, delay: .zero))
            let (mend, usual, after) = (g.node("mend", Self.mend), g.mark("usual"), g.mark("after"))
            g.start(at: a)
            g.edge(from: a, to: usual)
            g.onFailure(of: a, to: mend)
            g.edge(from: mend, to: after)
            g.edge(from: usual, to: after)
        }
        #expect(try simulate(graph).state.log == ["mend after [\"a: a\"]", "after"])
        let recording = try record(graph)
        #expect(recording.failures(of: .skipped("usual"), .failed("a"), .ended(.completed)) == [])
        #expect(recording.attempts(of: "a") == 3)
    }

    @Test func `on the usual way the handler is skipped and sees no failures`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, mend) = (g.mark("a"), g.node("mend", Self.mend))
            let join = g.node("join", Self.mend)
            g.start(at: a)
            g.onFailure(of: a, to: mend)
            g.edge(from: a, to: join)
            g.edge(from: mend, to: join)
        }
        #expect(try simulate(graph).state.log == ["a", "join after []"])
    }

    @Test func `several failures are told in graph order, whichever came first`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, mend) = (g.mark("first"), g.node("mend", Self.mend))
            g.start(at: first)
            let bad = (0..<3).map { g.fail("f\($0)", takes: .seconds(3 - $0)) }
            g.fork(from: first, to: bad)
            for node in bad { g.onFailure(of: node, to: mend) }
        }
        for seed in UInt64(1)...10 {
            #expect(
                try simulate(graph, seed: seed).state.log
                    == ["first", "mend after [\"f0: f0\", \"f1: f1\", \"f2: f2\"]"], "seed \(seed)")
        }
    }

    @Test func `a failure may have several targets`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (a, tell, mend) = (g.fail("a"), g.node("tell", Self.mend), g.node("mend", Self.mend))
            g.start(at: a)
            g.onFailure(of: a, to: tell, mend)
        }
        #expect(try simulate(graph).state.log == ["tell after [\"a: a\"]", "mend after [\"a: a\"]"])
    }

    @Test func `a failing handler fails the run, or has a handler of its own`() throws {
        for isNested in [false, true] {
            let graph = try Graph<Trail>("g") { g in
                let (a, mend, last) = (g.fail("a"), g.fail("mend"), g.node("last", Self.mend))
                g.start(at: a)
                g.entry("last", at: last)
                g.onFailure(of: a, to: mend)
                if isNested { g.onFailure(of: mend, to: last) }
            }
            if isNested {
                #expect(try simulate(graph).state.log == ["last after [\"mend: mend\"]"])
            } else {
                let error = #expect(throws: RunError.self) { try simulate(graph) }
                #expect(error?.activation?.node == "mend")
            }
        }
    }

    @Test func `in a loop a handler sees the failure of its own round alone`() throws {
        let graph = try Graph<Trail>("g") { g in
            let head = g.node("head") { state, context in state.sum += 1 }
            let work = g.node("work") { state, context in
                state.note(context)
                if state.sum != 2 { throw Trouble(name: "round \(state.sum)") }
            }
            let (mend, join, out) = (g.node("mend", Self.mend), g.node("join", Self.mend), g.mark("out"))
            g.start(at: head)
            g.edge(from: head, to: work)
            g.onFailure(of: work, to: mend)
            g.edge(from: work, to: join)
            g.edge(from: mend, to: join)
            g.route(from: join, to: [head, out]) { $0.sum < 3 ? head : out }
        }
        #expect(
            try simulate(graph).state.log == [
                "mend#0 after [\"work#0: round 1\"]", "join#0 after []", "work#1", "join#1 after []",
                "mend#2 after [\"work#2: round 3\"]", "join#2 after []", "out",
            ])
    }

    @Test func `a handler may go back to the node that failed`() throws {
        let graph = try Graph<Trail>("g") { g in
            let work = g.node("work") { state, context in
                state.note(context)
                if state.visited("mend") < 2 { throw Trouble(name: "again") }
            }
            let mend = g.node("mend", Self.mend)
            g.start(at: work)
            g.onFailure(of: work, to: mend)
            g.edge(from: mend, to: work)
        }
        #expect(
            try simulate(graph).state.log
                == ["mend#0 after [\"work#0: again\"]", "mend#1 after [\"work#1: again\"]", "work#2"])
    }

    @Test func `a failure inside nested loops is known outside of them`() throws {
        let graph = try Graph<Trail>("g") { g in
            let outer = g.mark("outer")
            let inner = g.node("inner") { state, context in
                state.note(context)
                if state.visited("inner") == 3 { throw Trouble(name: "third") }
            }
            let mend = g.node("mend", Self.mend)
            g.start(at: outer)
            g.edge(from: outer, to: inner)
            g.route(from: inner, to: [inner, outer]) { $0.visited("inner") == 2 ? outer : inner }
            g.onFailure(of: inner, to: mend)
        }
        #expect(
            try simulate(graph).state.log
                == ["outer#0", "inner#0.0", "inner#0.1", "outer#1", "mend after [\"inner#1.0: third\"]"])
    }

    @Test func `a failure in a cycle with several entries is known to its handler inside it`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, left) = (g.mark("first"), g.node("left", Self.mend))
            let right = g.node("right") { state, context in throw Trouble(name: "right") }
            g.start(at: first)
            g.route(from: first, to: [left, right]) { _ in right }
            g.onFailure(of: right, to: left)
            g.route(from: left, to: [right, .end]) { $0.visited("left") < 2 ? right : .end }
        }
        let log = try simulate(graph).state.log
        #expect(log.count == 3)
        for entry in log.dropFirst() { #expect(entry.hasSuffix(": right\"]"), "\(entry)") }
    }

    @Test func `out of rounds, the header's handler answers with what there is`() throws {
        let graph = try Graph<Trail>("g") { g in
            let think = g.mark("think").iterationLimit(3)
            let (tool, answer) = (
                g.mark("tool"),
                g.node("answer") { state, context in
                    let error = context.failures.first?.error as? RunError
                    state.log.append("answer: \(error?.code.rawValue ?? "?") \(error?.detail ?? "?")")
                }
            )
            g.start(at: think)
            g.chain(think, tool, think)
            g.onFailure(of: think, to: answer)
        }
        let log = try simulate(graph).state.log
        #expect(log == ["think#0", "tool#0", "think#1", "tool#1", "think#2", "tool#2", "answer: iterationLimit 3"])
    }

    @Test func `beside other branches a failure that is handled stops nothing`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, bad, mend) = (g.mark("first"), g.fail("bad"), g.node("mend", Self.mend))
            let (slow, join) = (g.mark("slow", takes: .seconds(3)), g.mark("join"))
            g.start(at: first)
            g.fork(from: first, to: bad, slow)
            g.onFailure(of: bad, to: mend)
            g.edge(from: mend, to: join)
            g.edge(from: slow, to: join)
            g.onFirstFailure(.cancel)
        }
        #expect(try simulate(graph).state.log == ["first", "mend after [\"bad: bad\"]", "slow", "join"])
    }
}
