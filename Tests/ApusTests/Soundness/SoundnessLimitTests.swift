import Apus
import Testing

@Suite struct SoundnessLimitTests {
    /// So many branches side by side, each with two ways to go, then a join.
    private func wide(_ count: Int, joins: Bool, _ more: (inout GraphBuilder<Nothing>, NodeHandle<Nothing>) -> Void)
        throws
        -> Graph<Nothing>
    {
        try Graph<Nothing>("wide") { g in
            let (s, join) = (g.idle("s"), g.idle("join"))
            var starts: [NodeHandle<Nothing>] = []
            for index in 0..<count {
                let (r, p, q) = (g.idle("r\(index)"), g.idle("p\(index)"), g.idle("q\(index)"))
                g.route(from: r, to: [p, q]) { _ in p }
                if joins { g.edge(from: p, to: join) }
                if joins { g.edge(from: q, to: join) }
                starts.append(r)
            }
            g.start(at: s)
            if !joins { starts.append(join) }
            g.fork(from: s, to: starts)
            more(&g, join)
        }
    }

    @Test func `a large graph without constraints is done at once`() throws {
        let report = try wide(1_000, joins: true) { _, _ in }.soundness()
        #expect(report.isSound)
        #expect(report.explored == 0)
    }

    @Test func `branches that have nothing to do with a constraint are not tried`() throws {
        let graph = try wide(300, joins: false) { g, join in
            let (x, a, b) = (g.idle("x"), g.idle("a"), g.idle("b"))
            g.fork(from: join, to: x, a, b)
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
        #expect(report.explored < 20)
    }

    @Test func `choices before a constraint that come together again are tried one after another`() throws {
        let graph = try wide(200, joins: true) { g, join in
            let (x, a, b) = (g.idle("x"), g.idle("a"), g.idle("b"))
            g.fork(from: join, to: x, a, b)
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
        #expect(report.explored < 2_000)
    }

    @Test func `beyond its limit the check says how much it has tried and claims nothing of the rest`() throws {
        let graph = try Graph<Nothing>("regions") { g in
            let s = g.idle("s")
            let trigger = g.idle("t")
            var members: [NodeHandle<Nothing>] = []
            for index in 0..<20 {
                let (member, target) = (g.idle("m\(index)"), g.idle("n\(index)"))
                g.edge(from: member, to: target)
                members.append(member)
            }
            let never = g.idle("never")
            g.edge(from: trigger, to: never)
            g.start(at: s)
            g.fork(from: s, to: members + [trigger])
            g.cancelRegion(members + [never], by: trigger)
        }
        let report = graph.soundness(limit: 200)
        #expect(!report.isComplete)
        #expect(!report.isSound)
        #expect(report.explored == 200)
        #expect(report.neverRun == [])
    }

    @Test func `a wide select is tried in part, and the report says so`() throws {
        let graph = try Graph<Nothing>("select") { g in
            let (s, x, a, b) = (g.idle("s"), g.idle("x"), g.idle("a"), g.idle("b"))
            let others = (0..<8).map { g.idle("o\($0)") }
            g.start(at: s)
            g.select(from: s, to: [x, a, b] + others) { _ in [] }
            for other in others { g.edge(from: other, to: b) }
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.findings == [])
        #expect(!report.isComplete)
    }

    @Test func `targets of a select that nothing waits for do not widen it`() throws {
        let graph = try Graph<Nothing>("select") { g in
            let (s, x, a, b) = (g.idle("s"), g.idle("x"), g.idle("a"), g.idle("b"))
            let others = (0..<30).map { g.idle("o\($0)") }
            g.start(at: s)
            g.select(from: s, to: [x, a, b] + others) { _ in [] }
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }

    @Test func `a graph within too many graphs is left out, and the report says so`() throws {
        var graph = try Graph<Nothing>.single("x", key: "k")
        for _ in 0..<6 {
            let inner = graph
            graph = try Graph<Nothing>("outer") { g in
                let sub = g.subgraph("sub", inner)
                g.start(at: sub)
            }
        }
        let report = graph.soundness()
        #expect(report.findings == [])
        #expect(!report.isComplete)
    }
}
