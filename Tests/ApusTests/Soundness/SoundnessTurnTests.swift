import Apus
import Testing

@Suite struct SoundnessTurnTests {
    @Test func `a graph under a turn whose node wants the same turn waits for ever`() throws {
        let inner = try Graph<Nothing>.single("x", key: "k")
        let graph = try Graph<Nothing>("outer") { g in
            let sub = g.run("sub", inner, key: "k")
            g.start(at: sub)
        }
        let wait = try #require(graph.soundness().findings.first)
        #expect(wait.code == .waitsForTurn)
        #expect(wait.nodes == ["sub/x", "sub"])
        #expect(wait.steps == ["sub takes the turn \"k\""])
        #expect(
            wait.reason == "\"sub/x\" waits for the turn \"k\" that \"sub\" has, and \"sub\" ends only after \"sub/x\"."
        )
        #expect(wait.mend == "Let only one of them need the turn.")
    }

    @Test func `turns taken in opposite orders wait for each other`() throws {
        let (first, second) = (try Graph<Nothing>.single("x", key: "two"), try Graph<Nothing>.single("y", key: "one"))
        let graph = try Graph<Nothing>("cross") { g in
            let (s, p, q) = (g.idle("s"), g.run("p", first, key: "one"), g.run("q", second, key: "two"))
            g.start(at: s)
            g.fork(from: s, to: p, q)
        }
        let report = graph.soundness()
        #expect(report.findings.count == 1)
        #expect(report.findings[0].code == .waitsForTurn)
        #expect(Set(report.findings[0].nodes) == ["p/x", "q", "q/y", "p"])
        #expect(report.findings[0].steps == ["s ends", "p takes the turn \"one\"", "q takes the turn \"two\""])
    }

    @Test func `turns taken in the same order, or one after another, are sound`() throws {
        let inner = try Graph<Nothing>.single("x", key: "two")
        let ordered = try Graph<Nothing>("ordered") { g in
            let (s, p, q) = (g.idle("s"), g.run("p", inner, key: "one"), g.run("q", inner, key: "one"))
            let r = g.idle("r").critical("two")
            g.start(at: s)
            g.fork(from: s, to: p, q, r)
        }
        #expect(ordered.soundness().isSound)
        let other = try Graph<Nothing>.single("y", key: "one")
        let chained = try Graph<Nothing>("chained") { g in
            let (p, q) = (g.run("p", inner, key: "one"), g.run("q", other, key: "two"))
            g.start(at: p)
            g.chain(p, q)
        }
        let report = chained.soundness()
        #expect(report.isSound, "\(report)")
        #expect(report.explored > 0)
    }

    @Test func `a third turn around both keeps them apart`() throws {
        let (first, second) = (try Graph<Nothing>.single("x", key: "two"), try Graph<Nothing>.single("y", key: "one"))
        let p = try Graph<Nothing>("p") { g in
            let node = g.run("p", first, key: "one")
            g.start(at: node)
        }
        let q = try Graph<Nothing>("q") { g in
            let node = g.run("q", second, key: "two")
            g.start(at: node)
        }
        let graph = try Graph<Nothing>("gate") { g in
            let (s, left, right) = (g.idle("s"), g.run("left", p, key: "gate"), g.run("right", q, key: "gate"))
            g.start(at: s)
            g.fork(from: s, to: left, right)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }

    @Test func `a wait under a timeout is not for ever`() throws {
        let inner = try Graph<Nothing>.single("x", key: "k")
        let graph = try Graph<Nothing>("late") { g in
            let (sub, mend) = (g.run("sub", inner, key: "k").timeout(.seconds(1)), g.idle("mend"))
            g.start(at: sub)
            g.onFailure(of: sub, to: mend)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }

    @Test func `a graph that runs itself under a turn waits for ever`() throws {
        let box = GraphBox()
        let graph = try Graph<Nothing>("self") { g in
            let again = g.subgraph("again", { try box.graph() }, in: { $0 }, out: { $0 = $1 }).critical("k")
            let (s, done) = (g.idle("s"), g.idle("done"))
            g.start(at: s)
            g.route(from: s, to: [again, done]) { _ in done }
        }
        box.set(graph)
        let wait = try #require(graph.soundness().findings.first)
        #expect(wait.nodes == ["again/again", "again"])
        #expect(
            wait.steps == [
                "s ends with case \"again\"", "again takes the turn \"k\"", "again/s ends with case \"again\"",
            ])
    }

    @Test func `a node that a milestone holds back until another has its turn waits for that turn too`() throws {
        let graph = try Graph<Nothing>("line") { g in
            let (s, a) = (g.idle("s"), g.idle("a"))
            let (x, send) = (g.idle("x").critical("k"), g.idle("send"))
            let read = g.read("read", g.channel("lines", of: Int.self, from: send)).critical("k")
            g.start(at: s)
            g.fork(from: s, to: a, x, send, read)
            g.milestone(x, after: a, before: send)
        }
        let wait = try #require(graph.soundness().findings.first)
        #expect(wait.code == .waitsForTurn)
        #expect(Set(wait.nodes) == ["x", "read", "send"])
        #expect(wait.steps.contains("read takes the turn \"k\""))
        let waits = try SoundnessRunTests.waits(graph, seed: 1)
        #expect(waits)
    }

    @Test func `a node that a region cancels while it stands in line waits no longer`() throws {
        let inner = try Graph<Nothing>.single("y", key: "k")
        let graph = try Graph<Nothing>("withdrawn") { g in
            let (s, x, t) = (g.idle("s"), g.idle("x").critical("k"), g.idle("t"))
            let sub = g.run("sub", inner, key: "k").timeout(.seconds(1)).passedOverOnFailure()
            g.start(at: s)
            g.fork(from: s, to: x, t, sub)
            g.cancelRegion([x], by: t)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }
}
