import Apus
import Testing

@Suite struct SoundnessChannelTests {
    @Test func `a reader before its sender waits for ever`() throws {
        let graph = try Graph<Nothing>("reader first") { g in
            let (s, send) = (g.idle("s"), g.idle("send"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: s)
            g.chain(s, read, send)
        }
        let report = graph.soundness()
        let wait = try #require(report.findings.first)
        #expect(wait.code == .waitsForSender)
        #expect(wait.nodes == ["read", "send"])
        #expect(wait.steps == ["s ends"])
        #expect(
            wait.reason
                == "\"read\" reads the channel \"lines\" until \"send\" has ended, and \"send\" comes after \"read\".")
        #expect(report.neverRun == ["send"])
    }

    @Test func `a reader beside its sender is sound`() throws {
        let graph = try Graph<Nothing>("beside") { g in
            let (s, send, join) = (g.idle("s"), g.idle("send"), g.idle("join"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: s)
            g.fork(from: s, to: read, send)
            g.edge(from: read, to: join)
            g.edge(from: send, to: join)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }

    @Test func `a reader with a turn that its sender wants waits for ever if it is first`() throws {
        let graph = try Graph<Nothing>("turn") { g in
            let (s, send) = (g.idle("s"), g.idle("send").critical("k"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel).critical("k")
            g.start(at: s)
            g.fork(from: s, to: send, read)
        }
        let report = graph.soundness()
        #expect(report.findings.count == 1)
        #expect(report.findings[0].code == .waitsForTurn)
        #expect(report.findings[0].steps == ["s ends", "read takes the turn \"k\""])
    }

    @Test func `a reader that may have enough early can still wait, but what follows it is reached`() throws {
        let graph = try Graph<Nothing>("enough") { g in
            let (s, one, two) = (g.idle("s"), g.idle("one"), g.idle("two"))
            let channel = g.channel("lines", of: Int.self, from: one, two)
            let read = g.read("read", channel, until: { $0.count > 3 })
            g.start(at: s)
            g.fork(from: s, to: one, read)
            g.edge(from: read, to: two)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.code) == [.waitsForSender])
        #expect(report.findings[0].steps == ["s ends", "one ends"])
    }

    @Test func `a sender in an endless loop is no wait for ever`() throws {
        let graph = try Graph<Nothing>("service") { g in
            let (s, send) = (g.idle("s"), g.idle("send"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: s)
            g.fork(from: s, to: send, read)
            g.edge(from: send, to: send)
        }
        let report = graph.soundness()
        #expect(report.isSound, "\(report)")
    }

    @Test func `a reader that waits too long fails instead`() throws {
        let graph = try Graph<Nothing>("late") { g in
            let (send, mend) = (g.idle("send"), g.idle("mend"))
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel).timeout(.seconds(1))
            g.start(at: read)
            g.edge(from: read, to: send)
            g.onFailure(of: read, to: mend)
        }
        let report = graph.soundness()
        #expect(report.findings.map(\.code) == [.neverRuns])
        #expect(report.neverRun == ["send"])
        #expect(report.findings[0].steps == ["read takes too long"])
    }
}
