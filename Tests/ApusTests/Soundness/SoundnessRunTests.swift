import Apus
import ApusTesting
import AsideKit
import Testing

/// What the check says, beside what runs do.
@Suite(.aside) struct SoundnessRunTests {
    /// Whether a simulated run came to wait for ever.
    static func waits(_ graph: Graph<Nothing>, seed: UInt64, entry: String? = nil) throws -> Bool {
        do {
            _ = try Simulator(seed: seed).run { environment in
                let executor = GraphExecutor(environment: environment, limits: GraphLimits(steps: 200))
                return try await executor.run(graph, from: Nothing(), entry: entry)
            }
            return false
        } catch let error as SimulationError {
            if error.code == .stuck { return true }
            throw error
        } catch let error as RunError {
            return Self.isStuck(error)
        }
    }

    private static func isStuck(_ error: RunError) -> Bool {
        error.code == .stuck || (error.underlying as? RunError).map(isStuck) == true
    }

    @Test func `a run of a graph that is called sound never waits for ever`() throws {
        var sound = 0
        for seed in Effort.seeds(400, full: 10_000) {
            guard let graph = try? TangledGraph.draw(seed: seed) else { continue }
            let report = graph.soundness()
            guard report.isComplete, report.findings.allSatisfy({ $0.code == .neverRuns }) else { continue }
            sound += 1
            for draw in 0..<UInt64(6) {
                let waits = try Self.waits(graph, seed: draw)
                #expect(!waits, "seed \(seed), drawn \(draw)\n\(graph.outline.edges)\n\(report)")
            }
        }
        #expect(sound > 30, "\(sound)")
    }

    @Test func `a run waits for ever where the check says that it must`() throws {
        let inner = try Graph<Nothing>.single("x", key: "k")
        let turn = try Graph<Nothing>("turn") { g in
            let sub = g.run("sub", inner, key: "k")
            g.start(at: sub)
        }
        let channel = try Graph<Nothing>("channel") { g in
            let send = g.idle("send")
            let read = g.read("read", g.channel("lines", of: Int.self, from: send))
            g.start(at: read)
            g.edge(from: read, to: send)
        }
        let milestone = try Graph<Nothing>("milestone") { g in
            let (s, x, a, b) = (g.idle("s"), g.idle("x"), g.idle("a"), g.idle("b"))
            g.start(at: s)
            g.fork(from: s, to: x, b)
            g.edge(from: x, to: a)
            g.milestone(x, after: a, before: b)
        }
        let codes: [SoundnessFinding.Code] = [.waitsForTurn, .waitsForSender, .waitsForMilestone]
        for (graph, code) in zip([turn, channel, milestone], codes) {
            #expect(graph.soundness().findings.first?.code == code)
            let waits = try Self.waits(graph, seed: 1)
            #expect(waits, "\(graph.name)")
        }
    }
}
