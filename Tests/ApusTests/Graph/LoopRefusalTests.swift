import Apus
import Testing

/// What Law 2 refuses: each diagnostic names the loop, the edges and a choice of routes that shows it.
@Suite struct LoopRefusalTests {
    private func refusal(_ build: @Sendable (inout GraphBuilder<Trail>) -> Void) throws -> GraphDiagnostic {
        let error = #expect(throws: GraphError.self) { try Graph<Trail>("g", build) }
        let found = try #require(error).diagnostics
        #expect(found.count == 1)
        return try #require(found.first)
    }

    @Test func `(a) a fork of which one branch goes back and one leaves`() throws {
        let found = try refusal { g in
            let head = g.mark("head")
            let (left, right, out) = (g.mark("left"), g.mark("right"), g.mark("out"))
            g.start(at: head)
            g.fork(from: head, to: left, right)
            g.route(from: left, cases: [RouteCase("again", to: head), RouteCase("leave", to: out)]) { _ in "leave" }
            g.route(from: right, cases: [RouteCase("back", to: head), RouteCase("done", to: out)]) { _ in "done" }
        }
        #expect(found.code == .ambiguousIteration)
        #expect(found.nodes == ["head"])
        #expect(found.reason.contains("loop at \"head\""))
        let edges = ["left → head", "right → out"].allSatisfy(found.reason.contains)
        let mirrored = ["right → head", "left → out"].allSatisfy(found.reason.contains)
        #expect(edges || mirrored)
        let choice =
            found.reason.contains("\"left\" takes \"again\"") && found.reason.contains("\"right\" takes \"done\"")
        let other =
            found.reason.contains("\"right\" takes \"back\"") && found.reason.contains("\"left\" takes \"leave\"")
        #expect(edges && choice || mirrored && other)
        #expect(found.mend.contains("Join"))
    }

    @Test func `(a) a select that can go on and leave`() throws {
        let found = try refusal { g in
            let (work, out) = (g.mark("work"), g.mark("out"))
            g.start(at: work)
            let join = g.mark("join")
            g.edge(from: work, to: join)
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.select(from: join, to: [a, b]) { _ in [a] }
            g.route(from: a, to: [work, out]) { _ in out }
            g.route(from: b, to: [work, out]) { _ in out }
        }
        #expect(found.code == .ambiguousIteration)
        #expect(found.reason.contains("\"join\" takes several targets"))
    }

    @Test func `(a) a failure that leaves beside a branch that goes back`() throws {
        let found = try refusal { g in
            let (head, left, right) = (g.mark("head"), g.mark("left"), g.mark("right"))
            let (join, mend) = (g.mark("join"), g.mark("mend"))
            g.start(at: head)
            g.fork(from: head, to: left, right)
            g.edge(from: left, to: join)
            g.route(from: join, to: [head, .end]) { _ in .end }
            g.onFailure(of: right, to: mend)
            g.edge(from: right, to: join)
        }
        #expect(found.code == .ambiguousIteration)
        #expect(found.reason.contains("right → mend"))
        #expect(found.reason.contains("\"right\" takes \"failure\""))
    }

    @Test func `(b) an edge into a side branch from elsewhere`() throws {
        let found = try refusal { g in
            let (first, head, out) = (g.mark("first"), g.mark("head"), g.mark("out"))
            let side = g.mark("side")
            g.start(at: first)
            g.fork(from: first, to: head, side)
            g.route(
                from: head, cases: [RouteCase("again", to: head, side), RouteCase("done", to: out)]
            ) { _ in "done" }
        }
        #expect(found.code == .sharedSideBranch)
        #expect(found.nodes == ["side", "first", "head"])
        for words in ["loop at \"head\"", "first → side", "\"head\" takes \"again\""] {
            #expect(found.reason.contains(words))
        }
        #expect(found.mend.contains("\"side\""))
    }

    @Test func `(b) a leaving edge that ends in a side branch`() throws {
        let found = try refusal { g in
            let (head, out, side) = (g.mark("head"), g.mark("out"), g.mark("side"))
            g.start(at: head)
            g.route(
                from: head, cases: [RouteCase("again", to: head, side), RouteCase("done", to: out)]
            ) { _ in "done" }
            g.edge(from: out, to: side)
        }
        #expect(found.code == .sharedSideBranch)
        #expect(found.nodes == ["side", "out", "head"])
        #expect(found.reason.contains("out → side"))
    }

    @Test func `(b) a side branch that leads back to a loop around it`() throws {
        let found = try refusal { g in
            let (outer, inner, side) = (g.mark("outer"), g.mark("inner"), g.mark("side"))
            g.start(at: outer)
            g.edge(from: outer, to: inner)
            g.route(
                from: inner, cases: [RouteCase("again", to: inner, side), RouteCase("done")]
            ) { _ in "done" }
            g.edge(from: side, to: outer)
        }
        #expect(found.code == .sharedSideBranch)
        #expect(found.reason.contains("side → outer"))
        #expect(found.reason.contains("loop at \"inner\""))
    }

    @Test func `(c) a cycle with two entries taken together`() throws {
        let found = try refusal { g in
            let (first, left, right) = (g.mark("first"), g.mark("left"), g.mark("right"))
            g.start(at: first)
            g.fork(from: first, to: left, right)
            g.edge(from: left, to: right)
            g.route(from: right, to: [left, .end]) { _ in .end }
        }
        #expect(found.code == .irreducibleCycle)
        for words in ["\"left\", \"right\"", "first → left", "first → right", "\"first\" takes left and right"] {
            #expect(found.reason.contains(words))
        }
        #expect(found.mend.contains("one entry"))
    }

    @Test func `(c) a cycle with two starts`() throws {
        let found = try refusal { g in
            let (left, right) = (g.mark("left"), g.mark("right"))
            g.start(at: left, right)
            g.edge(from: left, to: right)
            g.route(from: right, to: [left, .end]) { _ in .end }
        }
        #expect(found.code == .irreducibleCycle)
        #expect(found.reason.contains("start → left") && found.reason.contains("start → right"))
    }

    @Test func `(c) a cycle with several entries and a fork inside`() throws {
        let found = try refusal { g in
            let (first, left, right, out) = (g.mark("first"), g.mark("left"), g.mark("right"), g.mark("out"))
            g.start(at: first)
            g.route(from: first, to: [left, right]) { _ in left }
            g.fork(from: left, to: right, out)
            g.route(from: right, to: [left, .end]) { _ in .end }
        }
        #expect(found.code == .irreducibleCycle)
        #expect(found.nodes == ["left"])
        #expect(found.reason.contains("left → right and left → out"))
    }

    @Test func `two entries of which a run uses one are accepted`() throws {
        _ = try Graph<Trail>("g") { g in
            let (left, right) = (g.mark("left"), g.mark("right"))
            g.entry("l", at: left)
            g.entry("r", at: right)
            g.edge(from: left, to: right)
            g.route(from: right, to: [left, .end]) { _ in .end }
        }
    }

    @Test func `each loop in trouble is told`() throws {
        let error = #expect(throws: GraphError.self) {
            try Graph<Trail>("g") { g in
                var last = g.mark("first")
                g.start(at: last)
                for name in ["a", "b"] {
                    let (head, left, right) = (g.mark(name), g.mark(name + "l"), g.mark(name + "r"))
                    let out = g.mark(name + "out")
                    g.edge(from: last, to: head)
                    g.fork(from: head, to: left, right)
                    g.route(from: left, to: [head, out]) { _ in out }
                    g.route(from: right, to: [head, out]) { _ in out }
                    last = out
                }
            }
        }
        #expect(error?.diagnostics.map(\.nodes) == [["a"], ["b"]])
    }
}
