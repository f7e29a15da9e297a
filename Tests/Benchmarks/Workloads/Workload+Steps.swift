import Apus

extension Workload {
    /// Steps of a straight line.
    static let chain = Workload("chain") {
        let context = try await RawNodes.context()
        let executor = GraphExecutor()
        var figures: [Figure] = []
        for count in [1_000, 10_000] {
            let graph = try Shapes.chain(count)
            let nodes = RawNodes(Array(repeating: Count(), count: count))
            let times = try await Contest(rounds: 50).time {
                for _ in 0..<(100_000 / count) {
                    try MeasureError.expect(try await executor.run(graph, from: Tally()).total, count)
                }
            } against: {
                for _ in 0..<(100_000 / count) {
                    var state = Tally()
                    for number in 0..<nodes.count { try await nodes.base[number].run(&state, in: context) }
                    try MeasureError.expect(state.total, count)
                }
            }
            figures.append(
                Figure(
                    workload: "chain", n: count, apus: times.first / 100_000, raw: times.second / 100_000,
                    unit: "µs/step", bars: [.apus(0.1), .ratio(3)]))
        }
        return figures
    }

    /// Rounds of a node that a route leads back to itself.
    static let loop = Workload("loop") {
        let count = 100_000
        let context = try await RawNodes.context()
        let executor = GraphExecutor()
        let graph = try Shapes.loop(count)
        let nodes = RawNodes([Count()])
        let route: @Sendable (Tally) -> Bool = { $0.total < count }
        let times = try await Contest(rounds: 50).time {
            try MeasureError.expect(try await executor.run(graph, from: Tally()).total, count)
        } against: {
            var state = Tally()
            repeat { try await nodes.base[0].run(&state, in: context) } while route(state)
            try MeasureError.expect(state.total, count)
        }
        return [
            Figure(
                workload: "loop", n: count, apus: times.first / Double(count), raw: times.second / Double(count),
                unit: "µs/step", bars: [.apus(0.1), .ratio(3)])
        ]
    }
}
