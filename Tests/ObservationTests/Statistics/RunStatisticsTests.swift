import Apus
import ApusTesting
import Testing

@Suite struct RunStatisticsTests {
    struct Refusal: Error {}

    @Test func `runs are counted with their durations as long as they are in the window`() throws {
        try Simulator(seed: 1).run(limit: .seconds(100_000)) { environment in
            let statistics = RunStatistics(window: .seconds(600), slots: 10, environment: environment)
            let executor = GraphExecutor(environment: environment, observers: [statistics])
            let graph = try Graph<Desk>("work") { g in
                let work = g.node("work") { state, context in
                    try await context.environment.sleep(for: .seconds(state.worked))
                    if state.worked == 7 { throw Refusal() }
                }
                g.start(at: work)
            }
            for seconds in [1, 2, 3, 4, 7] {
                var state = Desk()
                state.worked = seconds
                _ = try? await executor.run(graph, from: state)
            }
            let summary = try #require(statistics.summary(of: "work"))
            #expect(summary.count == 5 && summary.successRate == 0.8)
            let median = try #require(summary.durations.quantile(0.5))
            #expect(abs(median - 3) < 0.05)
            #expect(statistics.summary(of: "other") == nil)
            try await environment.sleep(for: .seconds(660))
            #expect(statistics.summary(of: "work")?.count == 0)
        }
    }
}
