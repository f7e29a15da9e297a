import Apus
import ApusTesting
import AsideKit
import Testing

/// A run is cancelled at every moment of its retries and of its end.
@Suite(.aside) struct CancelTests {
    private struct Closed: Error {}
    private let run = RunID("one")

    /// Three attempts, ten seconds apart; the last one succeeds.
    private func graph(_ trace: Trace) throws -> Graph<Sum> {
        try Graph<Sum>("work") { g in
            let work = g.node("work") { state, context in
                trace.add("attempt")
                if context.attempt < 3 { throw Closed() }
                state.total += 1
            }.retry(.constant(attempts: 3, delay: .seconds(10)))
            let last = g.node("last") { state, _ in state.total += 1 }
            g.start(at: work)
            g.chain(work, last)
        }
    }

    /// Cancels at the moment when the `attempts`th back-off ends, after so many turns of the scheduler more.
    private func cancel(behind attempts: Int, turns: Int, seed: UInt64) throws -> RunHead.Status {
        let trace = Trace()
        let graph = try graph(trace)
        let name = "behind \(attempts), turns \(turns), seed \(seed)"
        let (head, records, before) = try Simulator(seed: seed).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment)
            engine.register(graph)
            return try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await environment.sleep(for: .milliseconds(1))
                try await engine.start(graph, from: Sum(), id: run)
                try await environment.sleep(for: .seconds(10 * attempts))
                for _ in 0..<turns { await Task.yield() }
                try await engine.cancel(run)
                let before = trace.all.count
                let head = try await engine.outcome(of: run)
                try await environment.sleep(for: .seconds(60))
                group.cancelAll()
                return (head, try await FaultTests.records(of: run, in: storage), before)
            }
        }
        #expect(trace.all.count == before, "an attempt began after the cancellation was acknowledged; \(name)")
        let ends = records.filter { $0.tag == .ended }.map(\.name)
        #expect(ends == [head.status.rawValue], "\(name)")
        #expect(records.last?.tag == .ended, "\(name)")
        return head.status
    }

    @Test func `a cancellation at any turn of a back-off or of the end leaves one ending and starts no attempt`() throws
    {
        var endings: [RunHead.Status: Int] = [:]
        for seed in 0..<4 as Range<UInt64> {
            for attempts in 0...2 {
                for turns in 0..<40 {
                    endings[try cancel(behind: attempts, turns: turns, seed: seed), default: 0] += 1
                }
            }
        }
        #expect(endings[.cancelled, default: 0] > 0 && endings[.completed, default: 0] > 0, "\(endings)")
        #expect(endings.count == 2, "\(endings)")
    }
}
