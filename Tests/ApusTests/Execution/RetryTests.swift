import Apus
import ApusTesting
import Testing

@Suite struct RetryTests {
    /// An error that says what it is.
    struct Said: ClassifiedError, Equatable {
        var failureKind: FailureKind
        var retryAfter: Duration?
    }

    /// A graph whose one node fails so often with `error`, under `policy`.
    private func graph(
        failing times: Int, with error: any Error = Trouble(), _ policy: RetryPolicy
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let a = g.node("a") { state, context in
                state.note(context)
                state.items.append(context.attempt)
                if context.attempt <= times { throw error }
            }
            g.start(at: a.retry(policy))
        }
    }

    private func delays(_ recording: RunRecording) -> [Duration] {
        recording.events.compactMap { if case .retrying(_, _, _, let delay) = $0.kind { delay } else { nil } }
    }

    @Test func `an attempt sees the state as it was before the first, and only the last one's change stays`() throws {
        let graph = try graph(failing: 2, .constant(attempts: 3, delay: .seconds(1)))
        let (state, time) = try simulate(graph)
        #expect(state.log == ["a"])
        #expect(state.items == [3])
        #expect(time == .seconds(2))
    }

    @Test func `delays grow exponentially up to their limit`() throws {
        let policy = RetryPolicy.exponential(attempts: 6, first: .seconds(1), factor: 3, limit: .seconds(20), jitter: 0)
        let recording = try record(graph(failing: 5, policy))
        #expect(delays(recording) == [1, 3, 9, 20, 20].map { .seconds($0) })
        #expect(recording.attempts(of: "a") == 6)
        #expect(recording.outcome == .completed)
    }

    @Test func `jitter shortens delays by chance from the environment, equally for equal seeds`() throws {
        let policy = RetryPolicy.exponential(attempts: 4, first: .seconds(8), factor: 2, jitter: 0.5)
        let graph = try graph(failing: 3, policy)
        var seen: Set<Duration> = []
        for seed in UInt64(1)...20 {
            let first = try delays(record(graph, seed: seed))
            #expect(try delays(record(graph, seed: seed)) == first, "seed \(seed)")
            for (delay, full) in zip(first, [8, 16, 30]) {
                #expect(delay <= .seconds(full) && delay >= .seconds(full) / 2, "seed \(seed)")
            }
            seen.formUnion(first)
        }
        #expect(seen.count > 40)
    }

    @Test func `the last error surfaces when attempts run out, with the activation`() throws {
        let graph = try graph(failing: 9, .constant(attempts: 3, delay: .seconds(1)))
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.code == .nodeFailed)
        #expect(error?.activation == ActivationID([.init(node: "a")]))
        #expect(error?.underlying as? Trouble == Trouble())
        let recording = try record(graph)
        #expect(recording.attempts(of: "a") == 3)
        #expect(recording.failure(of: "a") == "\(Trouble())")
    }

    @Test func `the filter decides which errors are worth another attempt`() throws {
        let policy = RetryPolicy.constant(attempts: 3, delay: .zero).when { ($0 as? Trouble)?.name == "again" }
        #expect(try record(graph(failing: 9, with: Trouble(name: "again"), policy)).attempts(of: "a") == 3)
        #expect(try record(graph(failing: 9, with: Trouble(name: "never"), policy)).attempts(of: "a") == 1)
    }

    @Test(arguments: [(FailureKind.transient, 3), (.permanent, 1), (.system, 1)])
    func `errors that classify themselves are retried if transient`(kind: FailureKind, attempts: Int) throws {
        let graph = try graph(failing: 9, with: Said(failureKind: kind), .constant(attempts: 3, delay: .zero))
        #expect(try record(graph).attempts(of: "a") == attempts)
    }

    @Test func `retry after is the least wait`() throws {
        let error = Said(failureKind: .transient, retryAfter: .seconds(5))
        let policy = RetryPolicy.exponential(attempts: 4, first: .seconds(2), factor: 2, jitter: 0)
        #expect(try delays(record(graph(failing: 3, with: error, policy))) == [5, 5, 8].map { .seconds($0) })
    }

    @Test func `attempts are no activations: they count against no limit`() throws {
        let graph = try graph(failing: 4, .constant(attempts: 5, delay: .zero))
        #expect(try simulate(graph, limits: GraphLimits(steps: 1)).state.items == [5])
    }

    @Test func `a node's own CancellationError is a failure like any other`() throws {
        let graph = try graph(failing: 2, with: CancellationError(), .constant(attempts: 3, delay: .zero))
        #expect(try simulate(graph).state.items == [3])
    }

    @Test func `a composite is retried as a whole`() throws {
        let runs = Guarded<[String]>([])
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items, concurrency: 1) { item, context in
                let number = runs.withLock { runs in
                    runs.append("\(item)")
                    return runs.count
                }
                if number == 2 { throw Trouble() }
                return item * 10
            } collect: { state, results in
                state.items = results
            }
            g.start(at: each.retry(.constant(attempts: 2, delay: .seconds(1))))
        }
        var state = Trail()
        state.items = [1, 2, 3]
        #expect(try simulate(graph, from: state).state.items == [10, 20, 30])
        #expect(runs.withLock { $0 } == ["1", "2", "1", "2", "3"])
    }

    @Test func `being out of steps is not worth another attempt`() throws {
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items, concurrency: 1) { item, _ in
                item
            } collect: { _, _ in
            }
            each.retry(.constant(attempts: 3, delay: .seconds(100))).fallback { state, _ in state.owner = "fallback" }
            g.start(at: each)
        }
        var state = Trail()
        state.items = [1, 2, 3]
        let simulator = Simulator(seed: 1)
        let start = state
        let error = #expect(throws: RunError.self) {
            try simulator.run { environment in
                try await GraphExecutor(environment: environment, limits: GraphLimits(steps: 2)).run(graph, from: start)
            }
        }
        #expect(error?.code == .stepLimit)
        #expect(simulator.elapsed == .zero)
    }
}
