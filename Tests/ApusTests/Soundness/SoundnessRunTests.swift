import Apus
import ApusTesting
import Testing

/// What the check says, beside what runs do.
@Suite struct SoundnessRunTests {
    /// Whether a simulated run came to wait for ever.
    private static func waits(_ graph: Graph<Nothing>, seed: UInt64, entry: String? = nil) throws -> Bool {
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
        var (sound, unsound, waiting) = (0, 0, 0)
        for seed in Effort.seeds(400, full: 10_000) {
            guard let graph = try? TangledGraph.draw(seed: seed) else { continue }
            let report = graph.soundness()
            let isSafe = report.isComplete && report.findings.allSatisfy { $0.code == .neverRuns }
            if isSafe {
                for draw in 0..<UInt64(6) {
                    let waits = try Self.waits(graph, seed: draw)
                    #expect(!waits, "seed \(seed), drawn \(draw)\n\(graph.outline.edges)\n\(report)")
                }
                sound += 1
            } else if unsound < 4 {
                unsound += 1
                if try Self.waits(graph, seed: 0) { waiting += 1 }
            }
        }
        #expect(sound > 30, "\(sound) \(unsound) \(waiting)")
    }
}
