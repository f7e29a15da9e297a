import Apus

extension Workload {
    /// Building a graph of ten times the nodes.
    static let compile = Workload("compile") {
        let times = try await Contest(rounds: 5).time {
            _ = try Shapes.mixed(10_000)
        } against: {
            _ = try Shapes.mixed(1_000)
        }
        return [
            Figure(
                workload: "compile", n: 10_000, apus: times.first / 1_000, raw: times.second / 1_000, unit: "ms",
                bars: [.ratio(12)])
        ]
    }

    /// What a step costs at 10,000 compared with 100.
    static let flat = Workload("flat") {
        [
            try await growth("run length", rounds: 40) { try Shapes.loop($0) },
            try await growth("graph size", rounds: 40) { try Shapes.chain($0) },
            try await growth("fan-out", rounds: 20) { try Shapes.fork($0) { Sign(number: $0) } },
        ]
    }

    /// Runs the large graph once for every hundred runs of the small one.
    private static func growth(
        _ name: String, rounds: Int, _ shape: (Int) throws -> Graph<Tally>
    ) async throws -> Figure {
        let executor = GraphExecutor()
        let large = try shape(10_000)
        let small = try shape(100)
        let times = try await Contest(rounds: rounds).time {
            _ = try await executor.run(large, from: Tally())
        } against: {
            for _ in 0..<100 { _ = try await executor.run(small, from: Tally()) }
        }
        return Figure(
            workload: "flat \(name)", n: 10_000, apus: times.first / 10_000, raw: times.second / 10_000,
            unit: "µs/step", bars: [.ratio(1.2)])
    }
}
