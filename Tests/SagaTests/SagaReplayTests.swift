import Apus
import ApusTesting
import Testing

/// Runs that were held to their time, undone or degraded replay without the clock, the outside and the level.
@Suite struct SagaReplayTests {
    private let run = RunID("one")

    @Test func `deadlines and silence come from the capsule`() throws {
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            let graph = try Graph<Trip>("late") { g in
                let quick = g.node("quick") { trip, context in
                    try await context.environment.sleep(for: .seconds(1))
                    trip.log.append("quick")
                }
                let late = g.node("late") { trip, context in
                    try await context.environment.sleep(for: .seconds(3_600))
                    trip.log.append("late")
                }
                let silent = g.node("silent") { trip, context in
                    try await context.environment.sleep(for: .seconds(3_600))
                    trip.log.append("silent")
                }
                let last = g.node("last") { trip, context in trip.log.append("\(context.failures.count) failures") }
                g.start(at: quick.deadline(.seconds(10)))
                g.chain(quick, late.deadline(.seconds(10)))
                g.onFailure(of: late, to: silent.heartbeat(within: .seconds(20)))
                g.onFailure(of: silent, to: last)
            }
            let executor = GraphExecutor(environment: environment, storage: storage)
            let end = try await executor.run(graph, from: Trip(), id: run)
            #expect(end.log == ["quick", "1 failures"])
            try await environment.sleep(for: .seconds(86_400))
            let capsule = try await Engine(storage: storage, environment: environment).export(run, graph)
            let report = try await capsule.replay(on: graph, environment: environment)
            #expect(report.differences.isEmpty && report.state == end, "\(report)")
        }
    }

    @Test func `a level comes from the capsule, and what was undone stays in it`() async throws {
        let (storage, book) = (MemoryStorage(), Book())
        let degradation = Degradation("test")
        let graph = try Graph<Trip>("saga") { g in
            g.saga()
            let first = g.node("first") { trip, _ in trip.log.append("full") }
                .degrading(
                    by: degradation,
                    [.limited: .running { trip, _ in trip.log.append("rules") }, .maintenance: .refusing("closed")]
                )
                .compensated { trip, context in try book.apply("undo \(trip.log)", key: context.key) }
            let last = g.node("last") { _, context in
                try await context.step("pay") { throw Refusal(what: "pay") }
            }
            g.start(at: first)
            g.chain(first, last)
        }
        degradation.order(.limited, because: "test")
        await #expect(throws: SagaFailure.self) {
            try await GraphExecutor(storage: storage).run(graph, from: Trip(), id: run)
        }
        #expect(book.lines == [#"undo ["rules"]"#])
        degradation.order(.maintenance, because: "test")
        let report = try await Engine(storage: storage).export(run, graph).replay(on: graph)
        #expect(report.differences.isEmpty, "\(report)")
        #expect(report.failure?.contains("pay was refused") == true)
        #expect(book.lines.count == 1)
    }
}
