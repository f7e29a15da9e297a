import Apus
import Testing

@Suite struct SagaCancellationTests {
    let storage = MemoryStorage()
    let book = Book()
    let run = RunID("one")

    /// One booking, and then a wait for ever.
    private func waiting(_ policy: SagaPolicy, compensation: RetryPolicy? = nil, failing: Int = 0) throws -> Graph<Trip>
    {
        let book = book
        return try Graph<Trip>("waits") { g in
            g.saga(policy)
            let cancel = g.compensation("cancel", of: String.self, retry: compensation) { what, context in
                try book.apply("cancel \(what)", key: context.key, failing: failing)
            }
            let first = g.node("book") { _, context in
                try await context.step("book") { key in try book.apply("book", key: key) }
                try await context.compensate(cancel, with: "flight")
            }
            let wait = g.node("wait") { _, context in
                try book.apply("waits", key: "waits")
                _ = try await context.signal(named: "go", as: Int.self)
            }
            g.start(at: first)
            g.chain(first, wait)
        }
    }

    @Test func `a run that is cancelled by its handle undoes what it did before it ends`() async throws {
        let executor = GraphExecutor(storage: storage)
        let running = executor.start(try waiting(.onFailureOrCancellation), from: Trip(), id: run)
        while book.lines.count < 2 { await Task.yield() }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(book.lines == ["book", "waits", "cancel flight"])
        let head = try await Engine(storage: storage).status(of: run)
        #expect(head?.status == .cancelled)
        #expect(head?.reason == "cancelled; undone: book")
    }

    @Test func `a host undoes a run that is cancelled while it is put away`() async throws {
        let engine = Engine(storage: storage)
        let graph = try waiting(.onFailureOrCancellation)
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Trip(), id: run)
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            try await engine.cancel(run)
            #expect(try await engine.outcome(of: run).status == .cancelled)
            #expect(book.lines == ["book", "waits", "cancel flight"])
            group.cancelAll()
        }
    }

    @Test func `a saga on failure alone leaves what a cancelled run did`() async throws {
        let executor = GraphExecutor(storage: storage)
        let running = executor.start(try waiting(.onFailure), from: Trip(), id: run)
        while book.lines.count < 2 { await Task.yield() }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(book.lines == ["book", "waits"])
    }

    @Test func `a host undoes a run that fails, and tells its readers`() async throws {
        let book = book
        let engine = Engine(storage: storage)
        let graph = try Graph<Trip>("fails") { g in
            g.saga()
            let first = g.node("book") { _, _ in }.compensated { _, context in
                try book.apply("undone", key: context.key)
            }
            let last = g.node("last") { _, _ in throw Refusal(what: "last") }
            g.start(at: first)
            g.chain(first, last)
        }
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Trip(), id: run)
            let head = try await engine.outcome(of: run)
            #expect(head.status == .failed)
            #expect(head.reason?.hasSuffix("last was refused; undone: book") == true, "\(head)")
            #expect(book.lines == ["undone"])
            await #expect(throws: SagaFailure.self) { _ = try await engine.value(of: run, graph) }
            group.cancelAll()
        }
    }

    @Test func `a cancellation does not stop an undoing`() async throws {
        let engine = Engine(storage: storage)
        let graph = try waiting(
            .onFailureOrCancellation, compensation: .constant(attempts: 100, delay: .milliseconds(1)), failing: 20)
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Trip(), id: run)
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            try await engine.cancel(run)
            while book.calls("cancel flight") < 3 { await Task.yield() }
            try await engine.cancel(run)
            #expect(try await engine.outcome(of: run).status == .cancelled)
            #expect(book.lines == ["book", "waits", "cancel flight"])
            group.cancelAll()
        }
    }
}
