import Apus
import Testing

@Suite struct HistoryTests {
    let storage = MemoryStorage()
    var engine: Engine { Engine(storage: storage) }
    let run = RunID("one")

    @Test func `the state of every point is that of the changes up to it`() async throws {
        let graph = try Sale.graph()
        let final = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let history = try await engine.history(of: run, graph)
        #expect(history.damage == nil)
        #expect(history.head?.status == .completed)
        #expect(try history.points[0].state == Sale())
        #expect(try history.last?.state == final)
        let opened = try #require(history.points.first { $0.activation == "open" && $0.event.isCompletion })
        #expect(try opened.state.note == "order 1")
        #expect(try opened.state.log.isEmpty)
        #expect(try opened.open == ["pack", "bill"])
        let numbers = history.points.map(\.number)
        #expect(numbers == Array(numbers.indices))
    }

    @Test func `a point names what led to it`() async throws {
        let graph = try Sale.graph()
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let points = try await engine.history(of: run, graph).points
        func point(_ activation: String?, _ matches: (HistoryEvent) -> Bool) throws -> HistoryPoint<Sale> {
            try #require(points.first { $0.activation == activation && matches($0.event) })
        }
        let opened = try point("open") { $0.isCompletion }
        let billed = try point("bill") { $0.isCompletion }
        let packed = try point("pack") { $0.isCompletion }
        let intent = try point("bill") { if case .effectBegan = $0 { true } else { false } }
        #expect(opened.cause == 0)
        #expect(opened.event == .completed(HistoryExit(cases: [0], targets: ["pack", "bill"])))
        #expect(billed.cause == opened.number)
        #expect(intent.cause == opened.number)
        #expect(try point("bill") { $0 == .effectDone("charge") }.cause == intent.number)
        #expect(try point("pack[1]") { $0 == .effectDone("take") }.cause != nil)
        #expect(try point("ship") { $0.isCompletion }.cause == max(billed.number, packed.number))
        #expect(
            try point(nil) { $0 == .ended("completed", reason: nil) }.cause
                == points.last { $0.event.isCompletion }?.number)
    }

    @Test func `questions, answers, sleeps and signals stand in the history of a run that waits`() async throws {
        let graph = try Sale.waiting()
        let started = GraphExecutor(storage: storage).start(graph, from: Sale(), id: run)
        while started.questions.isEmpty { await Task.yield() }
        try await started.answer("ask?who", with: "Ada")
        var events: [HistoryEvent] = []
        while !events.contains(.awaits(signal: "paid")) {
            events = try await engine.history(of: run, graph).points.map(\.event)
        }
        let early = try await engine.history(of: run, graph)
        #expect(try early.last?.open == ["ask"])
        #expect(try early.last?.state == Sale())
        try await started.signal("paid", 7)
        #expect(try await started.value.total == 7)
        let points = try await engine.history(of: run, graph).points
        let asked = try #require(points.first { $0.event == .asked(question: "ask?who", expires: nil) })
        let answered = try #require(points.first { $0.event == .answered(question: "ask?who") })
        #expect(answered.cause == asked.number)
        #expect(answered.value == "\"Ada\"")
        #expect(points.contains { if case .slept = $0.event { true } else { false } })
        #expect(points.first { $0.event == .received(signal: "paid") }?.value == "7")
        #expect(try points.last?.state.log == ["closed"])
    }

    @Test func `a failure and the second try stand in the history`() async throws {
        let outside = Outside()
        let graph = try Sale.graph(outside, refusals: 1)
        _ = try? await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let failed = try await engine.history(of: run, graph)
        #expect(failed.head?.status == .failed)
        #expect(try failed.last?.open == [])
        #expect(
            failed.points.contains {
                $0.activation == "bill" && $0.event == .failed("charge was refused", leadsOn: false)
            })
        try await engine.retry(run)
        let retried = try #require(try await engine.history(of: run, graph).points.first { $0.event == .retried })
        #expect(try retried.open == ["bill"])
        let final = try await GraphExecutor(storage: storage).resume(graph, id: run)
        let points = try await engine.history(of: run, graph).points
        #expect(try points.last?.state == final)
        #expect(points.last { $0.activation == "bill" && $0.event.isCompletion }?.cause == retried.number)
    }

    @Test func `what stands before the damage can still be seen`() async throws {
        let graph = try Sale.graph()
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let whole = try await engine.history(of: run, graph)
        let frames = try await storage.scan(.below(StorageKey("journal", run)), limit: 100)
        let hurt = frames[frames.count / 2]
        var batch = StorageBatch()
        batch.put(Array(hurt.value.dropLast()), at: hurt.key)
        try await storage.commit(batch)
        let history = try await engine.history(of: run, graph)
        #expect(history.damage?.code == .damaged)
        #expect(history.points.count < whole.points.count)
        #expect(history.points.map(\.description) == whole.points.prefix(history.points.count).map(\.description))
        for (point, other) in zip(history.points, whole.points) { #expect(try point.state == other.state) }
    }

    @Test func `a run that nobody began has no history`() async throws {
        let graph = try Sale.graph()
        await #expect(throws: JournalError(.unknownRun, run: run)) { try await engine.history(of: run, graph) }
        await #expect(throws: JournalError(.unknownRun, run: run)) { try await engine.effects(of: run) }
    }

    @Test func `rounds of a loop are points of their own`() async throws {
        let graph = try Graph<Sale>("rounds") { g in
            let add = g.node("add") { sale, _ in sale.total += 1 }
            let end = g.node("close") { sale, _ in sale.log.append("closed") }
            g.start(at: add)
            g.route(from: add, to: [add, end]) { $0.total < 3 ? add : end }
        }
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let points = try await engine.history(of: run, graph).points.filter { $0.event.isCompletion }
        #expect(points.map(\.activation) == ["add#0", "add#1", "add#2", "close"])
        #expect(try points.map { try $0.state.total } == [1, 2, 3, 3])
        #expect(try points[0].open == ["add#1"])
    }
}

extension HistoryEvent {
    /// Whether an activation completed.
    var isCompletion: Bool { if case .completed = self { true } else { false } }
}
