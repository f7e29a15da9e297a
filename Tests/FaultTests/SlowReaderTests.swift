import Apus
import ApusTesting
import Testing

/// Somebody follows a run and does not read.
@Suite struct SlowReaderTests {
    @Test func `a reader that never reads is cut with a number to go on from, and the run does not wait for it`() throws
    {
        try Simulator(seed: 1).run { environment in
            let trace = Trace()
            let graph = try Graph<Sum>.chain(100, trace)
            let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                let events = engine.events(of: RunID("one"), .cut(bound: 8))
                try await engine.start(graph, from: Sum(), id: RunID("one"))
                let final = try await engine.value(of: RunID("one"), graph)
                #expect(final.total == 100)
                var seen = 0
                do {
                    for try await _ in events { seen += 1 }
                    Issue.record("the reader was not cut")
                } catch let error as EventError {
                    #expect(seen <= 8)
                    #expect(error.resumeFrom == UInt64(seen))
                }
                group.cancelAll()
            }
        }
    }
}
