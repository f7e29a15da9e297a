import Apus
import Testing

@Suite struct UndoTests {
    let storage = MemoryStorage()
    let outside = Outside()
    let undone = Notebook()
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }
    let run = RunID("one")

    /// A line of bookings, each of which can be taken back; the last node fails so often.
    private func trip(failing: Int = 0, refundFailing: Int = 0, retry: RetryPolicy? = nil) throws -> Graph<Sale> {
        let (outside, undone) = (outside, undone)
        return try Graph<Sale>("trip") { g in
            let cancel = g.compensation("cancel", of: String.self, retry: retry) { what, context in
                _ = try outside.call("cancel \(what)", failing: what == "hotel" ? refundFailing : 0)
                undone.add("\(what) \(context.key)")
            }
            let nodes = ["flight", "hotel", "car"].map { what in
                g.node(what) { sale, context in
                    try await context.step("book") { _ = try outside.call(what) }
                    try await context.compensate(cancel, with: what)
                    sale.log.append(what)
                }
            }
            let pay = g.node("pay") { sale, context in
                try await context.step("pay") { _ = try outside.call("pay", failing: failing) }
                sale.total = 1
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1], nodes[2], pay)
        }
    }

    @Test func `a preview lists what would be undone, the last first, and changes nothing`() async throws {
        let graph = try trip(failing: .max)
        _ = try? await executor.run(graph, from: Sale(), id: run)
        let before = try await storage.scan(.all, limit: 1_000)
        let plan = try await engine.undo(run, graph, preview: true)
        #expect(plan.steps.map(\.activation) == ["car", "hotel", "flight"])
        #expect(plan.steps.map(\.value) == ["\"car\"", "\"hotel\"", "\"flight\""])
        #expect(plan.steps.allSatisfy { $0.isDeclared && $0.name == "cancel" && $0.attempts == 0 })
        #expect(plan.steps[0].key == "one/car/undo%2fcancel%231")
        #expect(plan.remaining.isEmpty)
        #expect(try await storage.scan(.all, limit: 1_000) == before)
        #expect(outside.performed.count("cancel car") == 0)
    }

    @Test func `undoing performs the compensations in reverse and ends the run as cancelled`() async throws {
        let graph = try trip(failing: .max)
        _ = try? await executor.run(graph, from: Sale(), id: run)
        let plan = try await engine.undo(run, graph)
        #expect(try await engine.status(of: run)?.status == .ready)
        await #expect(throws: CancellationError.self) { try await executor.resume(graph, id: run) }
        #expect(undone.lines == zip(["car", "hotel", "flight"], plan.steps).map { "\($0) \($1.key)" })
        #expect(try await engine.status(of: run)?.status == .cancelled)
        #expect(try await engine.status(of: run)?.reason == "it was undone back to point 0")
        let history = try await engine.history(of: run, graph)
        #expect(history.last?.event == .ended("undone", reason: nil))
        #expect(
            history.points.filter { $0.event == .compensated("cancel") }.map(\.activation) == [
                "car", "hotel", "flight",
            ])
        let ledger = try await engine.effects(of: run).filter { $0.kind == "compensation" }
        #expect(ledger.map(\.key) == plan.steps.map(\.key))
        #expect(ledger.allSatisfy { $0.outcome == .done(result: "null") && $0.attempts == 1 })
        await #expect(throws: CancellationError.self) { try await executor.resume(graph, id: run) }
        #expect(undone.lines.count == 3)
    }

    @Test func `undoing to a point leaves what was done before it`() async throws {
        let graph = try trip()
        _ = try await executor.run(graph, from: Sale(), id: run)
        let points = try await engine.history(of: run, graph).points
        let point = try #require(points.first { $0.activation == "flight" && $0.event.isCompletion }).number
        let plan = try await engine.undo(run, graph, to: point)
        #expect(plan.steps.map(\.activation) == ["car", "hotel"])
        #expect(plan.remaining.map(\.id) == ["pay?pay"])
        _ = try? await executor.resume(graph, id: run)
        #expect(outside.performed.count("cancel hotel") == 1)
        #expect(outside.performed.count("cancel flight") == 0)
        #expect(try await engine.undo(run, graph, preview: true).steps.map(\.activation) == ["flight"])
        let fork = try await engine.fork(run, graph, at: point)
        #expect(try await executor.resume(graph, id: fork).log == ["flight", "hotel", "car"])
        #expect(outside.performed.count("flight") == 1)
        #expect(outside.performed.count("hotel") == 2)
        #expect(try await engine.undo(fork, graph, preview: true).steps.map(\.activation) == ["car", "hotel"])
    }

    @Test func `a compensation that fails stops the undoing, and a retry goes on with it`() async throws {
        let graph = try trip(refundFailing: 1)
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.undo(run, graph)
        await #expect { try await executor.resume(graph, id: run) } throws: {
            "\($0)".contains("The compensation \"cancel\" of \"hotel\" failed: cancel hotel was refused")
        }
        #expect(try await engine.status(of: run)?.status == .failed)
        #expect(try await engine.undo(run, graph, preview: true).steps.map(\.attempts) == [1, 0])
        try await engine.retry(run)
        _ = try? await executor.resume(graph, id: run)
        #expect(try await engine.status(of: run)?.status == .cancelled)
        #expect(outside.performed.count("cancel car") == 1)
        #expect(outside.performed.count("cancel hotel") == 2)
        #expect(outside.performed.count("cancel flight") == 1)
    }

    @Test func `an undoing that was cut off goes on where it was, with the same key`() async throws {
        let (outside, undone) = (outside, undone)
        let graph = try Graph<Sale>("cut") { g in
            let cancel = g.compensation("cancel", of: String.self) { what, context in
                undone.add("\(what) \(context.attempt) \(context.key)")
                if try outside.call(what) == 1, what == "a" {
                    try await context.environment.sleep(for: .seconds(1_000))
                }
            }
            let both = g.node("both") { _, context in
                for what in ["a", "b"] { try await context.compensate(cancel, with: what) }
            }
            g.start(at: both)
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.undo(run, graph)
        let executor = executor
        let task = Task { try await executor.resume(graph, id: run) }
        while undone.lines.count < 2 { await Task.yield() }
        task.cancel()
        _ = await task.result
        #expect(try await engine.status(of: run)?.status == .ready)
        _ = try? await executor.resume(graph, id: run)
        let (a, b) = ("one/both/undo%2fcancel%231", "one/both/undo%2fcancel%232")
        #expect(undone.lines == ["b 1 \(b)", "a 1 \(a)", "a 2 \(a)"])
        #expect(try await engine.status(of: run)?.status == .cancelled)
    }

    @Test func `a compensation is tried again as its policy says`() async throws {
        let graph = try trip(refundFailing: 2, retry: .constant(attempts: 3, delay: .zero))
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.undo(run, graph)
        _ = try? await executor.resume(graph, id: run)
        #expect(try await engine.status(of: run)?.status == .cancelled)
        #expect(
            try await engine.effects(of: run).first { $0.name.contains("undo") && $0.activation == "hotel" }?.attempts
                == 3)
    }

    @Test func `work of an activation that failed is undone too, and once although it ran twice`() async throws {
        let (outside, undone) = (outside, undone)
        let graph = try Graph<Sale>("half") { g in
            let cancel = g.compensation("cancel", of: String.self) { what, _ in undone.add(what) }
            let both = g.node("both") { _, context in
                for what in ["a", "b"] {
                    try await context.step("book \(what)") { _ = try outside.call(what) }
                    try await context.compensate(cancel, with: what)
                }
                _ = try outside.call("late", failing: .max)
            }
            g.start(at: both.retry(.constant(attempts: 3, delay: .zero)))
        }
        _ = try? await executor.run(graph, from: Sale(), id: run)
        #expect(outside.performed.count("late") == 3)
        try await engine.undo(run, graph)
        _ = try? await executor.resume(graph, id: run)
        #expect(undone.lines == ["b", "a"])
    }

    @Test func `work inside of a subgraph and of elements is undone by the code of its graph`() async throws {
        let undone = undone
        let inner = try Graph<Sale>("inner") { g in
            let cancel = g.compensation("cancel", of: Int.self) { number, _ in
                undone.add("inner \(number)")
            }
            let book = g.node("book") { _, context in try await context.compensate(cancel, with: 7) }
            g.start(at: book)
        }
        let graph = try Graph<Sale>("outer") { g in
            let cancel = g.compensation("cancel", of: String.self) { item, context in
                undone.add("\(item) of \(context.activation)")
            }
            let sub = g.subgraph("sub", inner)
            let each = g.forEach("each", \.items, concurrency: 1) { item, context in
                try await context.compensate(cancel, with: item)
                return item
            } collect: { _, _ in
            }
            g.start(at: sub)
            g.chain(sub, each)
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.undo(run, graph)
        _ = try? await executor.resume(graph, id: run)
        #expect(undone.lines == ["pen of each[1]", "ink of each[0]", "inner 7"])
    }

    @Test func `what the graph no longer knows how to undo is refused before anything is undone`() async throws {
        _ = try await executor.run(try trip(), from: Sale(), id: run)
        let other = try Graph<Sale>("trip") { g in
            g.start(at: g.node("flight") { _, _ in })
        }
        #expect(try await engine.undo(run, other, preview: true).steps.allSatisfy { !$0.isDeclared })
        await #expect(throws: JournalError(.doesNotFit, run: run, activation: "car")) {
            try await engine.undo(run, other)
        }
        #expect(try await engine.status(of: run)?.status == .completed)
    }

    @Test func `two compensations of one name are refused`() {
        #expect(throws: GraphError.self) {
            try Graph<Sale>("twice") { g in
                _ = g.compensation("cancel", of: Int.self) { _, _ in }
                _ = g.compensation("cancel", of: Int.self) { _, _ in }
                g.start(at: g.node("a") { _, _ in })
            }
        }
    }

    @Test func `an engine undoes a run that waits; one that is executed has to be cancelled first`() async throws {
        let (undone, outside) = (undone, outside)
        let graph = try Graph<Sale>("waits") { g in
            let cancel = g.compensation("cancel", of: String.self) { what, _ in undone.add(what) }
            let book = g.node("book") { _, context in try await context.compensate(cancel, with: "flight") }
            let wait = g.node("wait") { sale, context in
                sale.total = try await context.signal(named: "go", as: Int.self)
                outside.performed.add("going")
                try await context.environment.sleep(for: .seconds(1_000))
            }
            g.start(at: book)
            g.chain(book, wait)
        }
        let engine = engine
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let other = RunID("other")
            for id in [run, other] { try await engine.start(graph, from: Sale(), id: id) }
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            try await engine.undo(run, graph)
            #expect(try await engine.outcome(of: run).status == .cancelled)
            #expect(undone.lines == ["flight"])
            try await engine.signal(other, "go", 1)
            while outside.performed.count("going") == 0 { await Task.yield() }
            await #expect(throws: JournalError(.notFree, run: other)) { try await engine.undo(other, graph) }
            try await engine.cancel(other)
            _ = try await engine.outcome(of: other)
            try await engine.undo(other, graph)
            _ = try await engine.outcome(of: other)
            while undone.lines.count < 2 { await Task.yield() }
            group.cancelAll()
        }
    }
}
