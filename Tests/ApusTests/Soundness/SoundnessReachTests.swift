import Apus
import Testing

@Suite struct SoundnessReachTests {
    @Test func `a milestone after a node of another case lets its node never run`() throws {
        let graph = try Graph<Nothing>("other case") { g in
            let (r, x, a, b) = (g.idle("r"), g.idle("x"), g.idle("a"), g.idle("b"))
            g.start(at: r)
            g.route(from: r, cases: [RouteCase("a", to: a), RouteCase("x", to: x, b)]) { _ in "a" }
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.code) == [.neverRuns])
        #expect(report.findings[0].nodes == ["x", "a"])
        #expect(report.findings[0].steps == ["r ends with case \"x\""])
        #expect(report.findings[0].reason.contains("only after the end of \"a\", which is skipped whenever"))
    }

    @Test func `a node beside a finish of the same case never runs`() throws {
        let graph = try Graph<Nothing>("finish") { g in
            let (a, b, c) = (g.idle("a"), g.idle("b"), g.idle("c"))
            g.start(at: a)
            g.fork(from: a, to: .finish, b)
            g.edge(from: b, to: c)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.nodes) == [["b", "a"]])
        #expect(
            report.findings[0].reason
                == "No choice ever runs \"b\": the case of \"a\" that leads to it ends the whole graph.")
    }

    @Test func `a node that its predecessor cancels never runs`() throws {
        let graph = try Graph<Nothing>("region") { g in
            let (t, x, y) = (g.idle("t"), g.idle("x"), g.idle("y"))
            g.start(at: t)
            g.chain(t, x, y)
            g.cancelRegion([x], by: t)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.nodes) == [["x", "t"]])
        #expect(report.findings[0].steps == ["t ends"])
        #expect(report.findings[0].reason.contains("\"t\" cancels it"))
    }

    @Test func `what follows a loop whose every round ends the graph never runs`() throws {
        let graph = try Graph<Nothing>("side") { g in
            let (h, body, side, out) = (g.idle("h"), g.idle("body"), g.idle("side"), g.idle("out"))
            g.start(at: h)
            g.fork(from: h, to: body, side)
            g.finish(after: side)
            g.route(from: body, to: [h, out]) { _ in out }
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.code) == [.neverRuns])
        #expect(report.neverRun == ["out"])
    }

    @Test func `what only a wait for ever leads to is told once, without all that follows`() throws {
        let graph = try Graph<Nothing>("behind") { g in
            let (send, after, last) = (g.idle("send"), g.idle("after"), g.idle("last"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: read)
            g.chain(read, send, after, last)
        }
        let report = graph.soundness()
        #expect(report.neverRun == ["send"])
    }

    @Test func `entries are starts too`() throws {
        let graph = try Graph<Nothing>("entries") { g in
            let (a, x, b) = (g.idle("a"), g.idle("x"), g.idle("b"))
            g.start(at: a)
            g.entry("hook", at: x, b)
            g.milestone(x, after: a, before: b)
        }
        let report = graph.soundness()
        #expect(report.neverRun == ["x"])
        #expect(report.findings.map(\.steps) == [["the run starts by the entry \"hook\""]])
    }

    @Test func `a node inside a graph that never runs is told with its path`() throws {
        let inner = try Graph<Nothing>("inner") { g in
            let (t, x) = (g.idle("t"), g.idle("x"))
            g.start(at: t)
            g.chain(t, x)
            g.cancelRegion([x], by: t)
        }
        let graph = try Graph<Nothing>("outer") { g in
            let (s, sub) = (g.idle("s"), g.subgraph("sub", inner))
            g.start(at: s)
            g.chain(s, sub)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.nodes) == [["sub/x", "sub/t"]])
        #expect(report.findings[0].steps == ["s ends", "sub/t ends"])
    }
}
