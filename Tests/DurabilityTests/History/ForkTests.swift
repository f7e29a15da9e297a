import Apus
import Testing

@Suite struct ForkTests {
    let storage = MemoryStorage()
    let outside = Outside()
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }
    let run = RunID("one")
    let fork = RunID("two")

    private func point(_ graph: Graph<Sale>, completing activation: String) async throws -> Int {
        let points = try await engine.history(of: run, graph).points
        return try #require(points.first { $0.activation == activation && $0.event.isCompletion }).number
    }

    private func journal(of run: RunID) async throws -> [StorageEntry] {
        try await storage.scan(.below(StorageKey("journal", run)), limit: 1_000)
    }

    @Test func `a fork goes on with the edited state and repeats no effect`() async throws {
        let graph = try Sale.graph(outside)
        let first = try await executor.run(graph, from: Sale(), id: run)
        let before = try await journal(of: run)
        let point = try await point(graph, completing: "open")
        let id = try await engine.fork(run, graph, at: point, id: fork) { sale in
            sale.items = ["ink", "pen", "paper"]
            sale.note += ", changed"
        }
        #expect(id == fork)
        let final = try await executor.resume(graph, id: fork)
        #expect(final.note == "order 1, changed")
        #expect(final.log == ["packed ink", "packed pen", "packed paper", "billed", "shipped"])
        #expect(outside.performed.count("number") == 1)
        #expect(outside.performed.count("charge") == 2)
        #expect(try await journal(of: run) == before)
        #expect(try await executor.resume(graph, id: run) == first)
    }

    @Test func `a fork remembers where it comes from`() async throws {
        let graph = try Sale.graph(outside)
        _ = try await executor.run(graph, from: Sale(), id: run)
        let point = try await point(graph, completing: "open")
        try await engine.fork(run, graph, at: point, id: fork)
        #expect(try await engine.status(of: fork)?.origin == RunOrigin(run: run, point: point))
        #expect(try await engine.status(of: fork)?.status == .ready)
        let history = try await engine.history(of: fork, graph)
        #expect(history.last?.event == .forked(from: run, at: point, isEdited: false))
        #expect(try history.last?.open == ["pack", "bill"])
        _ = try await executor.resume(graph, id: fork)
        let keys = try await engine.effects(of: fork).map(\.key)
        #expect(keys.first == "one/open/number")
        #expect(keys.dropFirst().allSatisfy { $0.hasPrefix("two/") })
    }

    @Test func `an edit of diverged branches is refused with the nearest points`() async throws {
        let graph = try Graph<Sale>("apart") { g in
            let open = g.node("open") { sale, _ in sale.note = "open" }
            let left = g.node("left") { sale, _ in sale.log.append("left") }
            let right = g.node("right") { sale, context in
                try await context.environment.sleep(for: .milliseconds(20))
                sale.log.append("right")
            }
            let close = g.node("close") { sale, _ in sale.total = 1 }
            g.start(at: open)
            g.fork(from: open, to: left, right)
            g.chain(left, close)
            g.chain(right, close)
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        let point = try await point(graph, completing: "left")
        let behind = try await self.point(graph, completing: "right")
        let refusal = HistoryError(
            .branchesOpen, run: run, point: point, activations: ["right"], nearest: [point - 1, behind])
        await #expect(throws: refusal) {
            try await engine.fork(run, graph, at: point, id: fork) { $0.note = "edited" }
        }
        #expect(refusal.description.contains("take point \(point - 1) or \(behind) instead"))
        #expect(try await engine.status(of: fork) == nil)
        try await engine.fork(run, graph, at: point, id: fork)
        #expect(try await executor.resume(graph, id: fork).log == ["left", "right"])
    }

    @Test func `a fork of a failed run tries what failed, and only that`() async throws {
        let graph = try Sale.graph(outside, refusals: 1)
        _ = try? await executor.run(graph, from: Sale(), id: run)
        let last = try #require(try await engine.history(of: run, graph).last)
        try await engine.fork(run, graph, at: last.number, id: fork)
        let final = try await executor.resume(graph, id: fork)
        #expect(final.total == 2)
        #expect(outside.performed.count("take ink") == 1)
        #expect(try await engine.status(of: run)?.status == .failed)
    }

    @Test func `what makes no sense is refused by name`() async throws {
        let graph = try Sale.graph(outside)
        _ = try await executor.run(graph, from: Sale(), id: run)
        let points = try await engine.history(of: run, graph).points
        let last = try #require(points.last?.number)
        let open = try #require(
            points.first { if case .effectBegan("charge", _, _) = $0.event { true } else { false } })
        await #expect { try await engine.fork(run, graph, at: last) } throws: {
            ($0 as? HistoryError)?.code == .nothingOpen
        }
        await #expect { try await engine.fork(run, graph, at: open.number) } throws: {
            ($0 as? HistoryError)?.code == .effectOpen && ($0 as? HistoryError)?.activations == ["bill"]
        }
        await #expect(throws: HistoryError(.noSuchPoint, run: run, point: 99, nearest: [last])) {
            try await engine.fork(run, graph, at: 99)
        }
        await #expect(throws: JournalError(.unknownRun, run: fork)) { try await engine.fork(fork, graph, at: 0) }
    }

    @Test func `forking twice to one id is one fork`() async throws {
        let graph = try Sale.graph(outside)
        _ = try await executor.run(graph, from: Sale(), id: run)
        let point = try await point(graph, completing: "open")
        try await engine.fork(run, graph, at: point, id: fork) { $0.note = "a" }
        try await engine.fork(run, graph, at: point, id: fork) { $0.note = "a" }
        await #expect(throws: JournalError(.otherRun, run: fork)) {
            try await engine.fork(run, graph, at: point, id: fork) { $0.note = "b" }
        }
        await #expect(throws: JournalError(.otherRun, run: run)) {
            try await engine.fork(run, graph, at: point, id: run) { $0.note = "b" }
        }
        #expect(try await executor.resume(graph, id: fork).note == "a")
    }

    @Test func `a fork of a fork keeps both edits`() async throws {
        let graph = try Graph<Sale>("line") { g in
            let nodes = ["a", "b", "c", "d"].map { name in g.node(name) { sale, _ in sale.log.append(name) } }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1], nodes[2], nodes[3])
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.fork(run, graph, at: try await point(graph, completing: "a"), id: fork) { $0.log.append("x") }
        _ = try await executor.resume(graph, id: fork)
        let points = try await engine.history(of: fork, graph).points
        let middle = try #require(points.first { $0.activation == "b" && $0.event.isCompletion })
        #expect(try middle.state.log == ["a", "x", "b"])
        try await engine.fork(fork, graph, at: middle.number, id: RunID("three")) { $0.log = ["only"] }
        #expect(try await executor.resume(graph, id: RunID("three")).log == ["only", "c", "d"])
        #expect(try await executor.resume(graph, id: fork).log == ["a", "x", "b", "c", "d"])
    }

    @Test func `the state can be edited in the middle of a loop`() async throws {
        let graph = try Graph<Sale>("rounds") { g in
            let add = g.node("add") { sale, _ in sale.total += 1 }
            let check = g.node("check") { sale, _ in sale.log.append("\(sale.total)") }
            let end = g.node("close") { sale, _ in sale.log.append("closed") }
            g.start(at: add)
            g.chain(add, check)
            g.route(from: check, to: [add, end]) { $0.total < 3 ? add : end }
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        let point = try await point(graph, completing: "add#0")
        try await engine.fork(run, graph, at: point, id: fork) { $0.total = 10 }
        #expect(try await executor.resume(graph, id: fork).log == ["10", "closed"])
        #expect(try await executor.resume(graph, id: run).log == ["1", "2", "3", "closed"])
    }

    @Test func `a fork of a run that waits asks anew, and both are answered apart`() async throws {
        let graph = try Sale.waiting()
        let engine = engine
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Sale(), id: run)
            while try await engine.questions(of: run).isEmpty { await Task.yield() }
            let last = try #require(try await engine.history(of: run, graph).last).number
            try await engine.fork(run, graph, at: last, id: fork)
            while try await engine.questions(of: fork).isEmpty { await Task.yield() }
            for (id, name) in [(run, "Ada"), (fork, "Bob")] {
                try await engine.answer(id, "ask?who", with: name)
                try await engine.signal(id, "paid", name.count)
                #expect(try await engine.value(of: id, graph).note == name)
            }
            group.cancelAll()
        }
    }

    @Test func `a fork from the first point begins with another state`() async throws {
        let graph = try Sale.graph(outside)
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await engine.fork(run, graph, at: 0, id: fork) { $0.items = [] }
        #expect(try await executor.resume(graph, id: fork).log == ["billed", "shipped"])
    }

    @Test func `an edit while a composite is half done is refused`() async throws {
        let graph = try Graph<Sale>("each") { g in
            let each = g.forEach("each", \.items, concurrency: 1) { item, _ in
                item
            } collect: { sale, items in
                sale.log += items
            }
            g.start(at: each)
        }
        _ = try await executor.run(graph, from: Sale(), id: run)
        let point = try #require(
            try await engine.history(of: run, graph).points.first { $0.event == .bodyCompleted(0) })
        #expect(try !point.isEditable)
        await #expect { try await engine.fork(run, graph, at: point.number) { $0.items = ["other"] } } throws: {
            ($0 as? HistoryError)?.code == .insideComposite && ($0 as? HistoryError)?.activations == ["each"]
        }
        let again = try await engine.fork(run, graph, at: point.number)
        #expect(try await executor.resume(graph, id: again).log == ["ink", "pen"])
    }
}
