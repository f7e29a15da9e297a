import Apus
import Testing

@Suite struct SoundnessWaitTests {
    @Test func `a milestone that contradicts the edges is a wait for ever and its nodes never run`() throws {
        let graph = try Graph<Nothing>("contradiction") { g in
            let (s, x, a, b) = (g.idle("s"), g.idle("x"), g.idle("a"), g.idle("b"))
            g.start(at: s)
            g.fork(from: s, to: x, b)
            g.edge(from: x, to: a)
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(!report.isSound)
        #expect(report.isComplete)
        let wait = try #require(report.findings.first)
        #expect(wait.code == .waitsForMilestone)
        #expect(wait.nodes == ["x", "a"])
        #expect(wait.steps == ["s ends"])
        #expect(wait.reason == "\"x\" may start only after the end of \"a\", and \"a\" comes after \"x\".")
        #expect(report.neverRun == ["x", "b"])
        #expect(report.findings.count == 3)
    }

    @Test func `a wait that one choice leads to comes with that choice`() throws {
        let graph = try Graph<Nothing>("choice") { g in
            let (r, x, a, z) = (g.idle("r"), g.idle("x"), g.idle("a"), g.idle("z"))
            g.start(at: r)
            g.route(from: r, cases: [RouteCase("plain", to: a, z), RouteCase("special", to: x, z)]) { _ in "plain" }
            g.edge(from: x, to: a)
            g.milestone(x, after: a, before: z)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.code) == [.waitsForMilestone, .neverRuns])
        #expect(report.findings[0].steps == ["r ends with case \"special\""])
        #expect(report.neverRun == ["x"])
    }

    @Test func `the shortest of several ways to a wait is told`() throws {
        let graph = try Graph<Nothing>("ways") { g in
            let (s, long, x, a, z) = (g.idle("s"), g.idle("long"), g.idle("x"), g.idle("a"), g.idle("z"))
            g.start(at: s)
            g.route(from: s, cases: [RouteCase("long", to: long), RouteCase("skip")]) { _ in "long" }
            g.onFailure(of: s, to: x, z)
            g.fork(from: long, to: x, z)
            g.edge(from: x, to: a)
            g.milestone(x, after: a, before: z)
        }
        let report = graph.soundness()
        #expect(report.findings[0].steps == ["s fails"])
    }

    @Test func `milestones that wait for each other wait for ever`() throws {
        let graph = try Graph<Nothing>("cross") { g in
            let (s, x, y, a, b) = (g.idle("s"), g.idle("x"), g.idle("y"), g.idle("a"), g.idle("b"))
            g.start(at: s)
            g.fork(from: s, to: x, y, a, b)
            g.milestone(x, after: a, before: b)
            g.milestone(y, after: b, before: a)
        }
        let report = graph.soundness()
        let wait = try #require(report.all(.waitsForMilestone).first)
        #expect(Set(wait.nodes) == ["x", "a", "y", "b"])
        #expect(wait.steps == ["s ends"])
        #expect(report.all(.waitsForMilestone).count == 1)
    }

    @Test func `a milestone in a later round is a wait in that round`() throws {
        let graph = try Graph<Nothing>("round") { g in
            let (h, x, y, j, out) = (g.idle("h"), g.idle("x"), g.idle("y"), g.idle("j"), g.idle("out"))
            g.start(at: h)
            g.fork(from: h, to: x, y)
            g.edge(from: x, to: j)
            g.edge(from: y, to: j)
            g.route(from: j, to: [h, out]) { _ in out }
            g.milestone(x, after: j, before: y)
        }
        let report = graph.soundness()
        #expect(report.findings[0].code == .waitsForMilestone)
        #expect(report.findings[0].nodes == ["x", "j"])
        #expect(report.findings[0].steps == ["h ends"])
    }

    @Test func `a run of a graph inside has the way to it before its own trace`() throws {
        let inner = try Graph<Nothing>("inner") { g in
            let (s, x, a, b) = (g.idle("s"), g.idle("x"), g.idle("a"), g.idle("b"))
            g.start(at: s)
            g.fork(from: s, to: x, b)
            g.edge(from: x, to: a)
            g.milestone(x, after: a, before: b)
        }
        let graph = try Graph<Nothing>("outer") { g in
            let (first, second, sub) = (g.idle("first"), g.idle("second"), g.subgraph("sub", inner))
            g.start(at: first)
            g.route(from: first, to: [second, .end]) { _ in second }
            g.chain(second, sub)
        }
        let wait = try #require(graph.soundness().findings.first)
        #expect(wait.nodes == ["sub/x", "sub/a"])
        #expect(wait.steps == ["first ends with case \"second\"", "second ends", "sub/s ends"])
    }
}
