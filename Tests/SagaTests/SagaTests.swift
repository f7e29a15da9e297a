import Apus
import Testing

@Suite struct SagaTests {
    let storage = MemoryStorage()
    let book = Book()
    let run = RunID("one")
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }

    /// Three bookings, each of which can be taken back, and a payment that fails.
    private func trip(
        _ policy: SagaPolicy? = .onFailure, refundFailing: Int = 0, retry: RetryPolicy? = nil,
        payFailing: Int = .max
    ) throws -> Graph<Trip> {
        let book = book
        return try Graph<Trip>("trip") { g in
            if let policy { g.saga(policy) }
            let cancel = g.compensation("cancel", of: String.self, retry: retry) { what, context in
                let failing = what == "hotel" ? refundFailing : 0
                try book.apply("cancel \(what)", key: context.key, failing: failing)
            }
            let nodes = ["flight", "hotel", "car"].map { what in
                g.node(what) { trip, context in
                    try await context.step("book") { key in try book.apply(what, key: key) }
                    trip.log.append(what)
                }
                .compensated(by: cancel) { _ in what }
            }
            let pay = g.node("pay") { _, context in
                try await context.step("pay") { key in try book.apply("pay", key: key, failing: payFailing) }
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1], nodes[2], pay)
        }
    }

    @Test func `a run that fails undoes what it did, the last first, and says so`() async throws {
        let graph = try trip()
        let failure = await #expect(throws: SagaFailure.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(failure?.report.undone.map(\.activation) == ["car", "hotel", "flight"])
        #expect(failure?.report.left == [])
        #expect((failure?.underlying as? RunError)?.activation == ActivationID([.init(node: "pay")]))
        #expect(book.lines == ["flight", "hotel", "car", "cancel car", "cancel hotel", "cancel flight"])
        let head = try #require(await engine.status(of: run))
        #expect(head.status == .failed)
        #expect(head.reason?.contains("pay was refused; undone: car, hotel, flight") == true, "\(head)")
        let again = await #expect(throws: SagaFailure.self) { try await executor.resume(graph, id: run) }
        #expect(again?.cause == failure?.cause && again?.report == failure?.report)
        #expect(book.lines.count == 6)
    }

    @Test func `without a saga a failed run keeps what it did`() async throws {
        let graph = try trip(nil)
        await #expect(throws: RunError.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(book.lines == ["flight", "hotel", "car"])
    }

    @Test func `a compensation is tried again as its policy says`() async throws {
        let graph = try trip(refundFailing: 2, retry: .constant(attempts: 3, delay: .zero))
        let failure = await #expect(throws: SagaFailure.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(failure?.report.left == [])
        #expect(book.calls("cancel hotel") == 3)
        #expect(book.lines.suffix(3) == ["cancel car", "cancel hotel", "cancel flight"])
    }

    @Test func `what can't be undone stops the saga, is listed, and goes on when it is settled by hand`() async throws {
        let graph = try trip(refundFailing: .max, retry: .constant(attempts: 2, delay: .zero))
        let failure = await #expect(throws: SagaFailure.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(failure?.report.undone.map(\.activation) == ["car"])
        let left = try #require(try await engine.unsettled().first)
        #expect(failure?.report.left == [left])
        #expect(left.run == run && left.activation == "hotel" && left.name == "cancel")
        #expect(left.obstacle == .failed && left.attempts == 2 && left.error == "cancel hotel was refused")
        #expect(left.value == "\"hotel\"" && left.key == "one/hotel/undo%2fcancel%230")
        let head = try #require(await engine.status(of: run))
        #expect(head.reason?.contains("\"cancel\" of hotel failed: cancel hotel was refused") == true)
        try await engine.settle(run, left.id, note: "the hotel was called")
        #expect(try await engine.unsettled(of: run) == [])
        let end = await #expect(throws: SagaFailure.self) { try await executor.resume(graph, id: run) }
        #expect(end?.report.undone.map(\.activation) == ["car", "hotel", "flight"])
        #expect(end?.report.undone.map(\.isByHand) == [false, true, false])
        #expect(end?.cause == failure?.cause)
        #expect(book.lines.suffix(2) == ["cancel car", "cancel flight"])
        await #expect(throws: JournalError(.notFree, run: run)) {
            try await engine.settle(run, left.id, note: "once more")
        }
    }

    @Test func `a retry tries a compensation again that had been given up`() async throws {
        let graph = try trip(refundFailing: 1)
        _ = try? await executor.run(graph, from: Trip(), id: run)
        #expect(try await engine.unsettled(of: run).count == 1)
        try await engine.retry(run)
        _ = try? await executor.resume(graph, id: run)
        #expect(book.lines.suffix(3) == ["cancel car", "cancel hotel", "cancel flight"])
        #expect(try await engine.unsettled(of: run) == [])
        #expect(try await engine.status(of: run)?.status == .failed)
    }

    @Test func `a saga may go on past what it can't undo`() async throws {
        let graph = try trip(.onFailure.obstacle(.goOn), refundFailing: .max)
        let failure = await #expect(throws: SagaFailure.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(failure?.report.undone.map(\.activation) == ["car", "flight"])
        #expect(failure?.report.left.map(\.activation) == ["hotel"])
        let left = try #require(try await engine.unsettled(of: run).first)
        try await engine.settle(run, left.id, note: "called")
        let end = await #expect(throws: SagaFailure.self) { try await executor.resume(graph, id: run) }
        #expect(end?.report.left == [])
        #expect(book.calls("cancel hotel") == 1)
    }

    @Test func `an effect for which nothing was registered is listed, and the rest is undone`() async throws {
        let book = book
        let graph = try Graph<Trip>("half") { g in
            g.saga()
            let first = g.node("first") { _, context in
                try await context.step("mail") { key in try book.apply("mail", key: key) }
            }
            let second = g.node("second") { _, context in
                try await context.step("book") { key in try book.apply("book", key: key) }
            }
            .compensated { _, context in try book.apply("cancel", key: context.key) }
            let last = g.node("last") { _, _ in throw Refusal(what: "last") }
            g.start(at: first)
            g.chain(first, second, last)
        }
        let failure = await #expect(throws: SagaFailure.self) { try await executor.run(graph, from: Trip(), id: run) }
        #expect(book.lines == ["mail", "book", "cancel"])
        #expect(failure?.report.left.map(\.obstacle) == [.unregistered])
        let left = try #require(try await engine.unsettled().first)
        #expect(left.name == "mail" && left.activation == "first" && left.key == "one/first/mail")
        try await engine.settle(run, left.id, note: "apologised")
        let end = await #expect(throws: SagaFailure.self) { try await executor.resume(graph, id: run) }
        #expect(end?.report.left == [])
        #expect(try await engine.unsettled() == [])
    }

    @Test func `work of subgraphs, elements and failed attempts is undone, the last first`() async throws {
        let book = book
        let inner = try Graph<Trip>("inner") { g in
            let own = g.compensation("own", of: Int.self) { number, context in
                try book.apply("inner \(number)", key: context.key)
            }
            let node = g.node("book") { _, context in
                try await context.compensate(own, with: 7)
                // Declared by the graph around it.
                try await context.compensate(Compensation("cancel", of: String.self), with: "outside")
            }
            g.start(at: node)
        }
        let graph = try Graph<Trip>("outer") { g in
            g.saga()
            let cancel = g.compensation("cancel", of: String.self) { item, context in
                try book.apply("\(item) of \(context.activation)", key: context.key)
            }
            let sub = g.subgraph("sub", inner)
            let each = g.forEach("each", \.items, concurrency: 1) { item, context in
                try await context.compensate(cancel, with: item)
                return item
            } collect: { _, _ in
            }
            let last = g.node("last") { _, context in
                try await context.compensate(cancel, with: "late")
                throw Refusal(what: "last")
            }
            g.start(at: sub)
            g.chain(sub, each, last.retry(.constant(attempts: 2, delay: .zero)))
        }
        _ = try? await executor.run(graph, from: Trip(), id: run)
        #expect(
            book.lines == ["late of last", "ink of each[1]", "pen of each[0]", "outside of sub/book", "inner 7"])
    }
}
