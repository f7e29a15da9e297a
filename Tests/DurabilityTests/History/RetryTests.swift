import Apus
import Testing

@Suite struct RetryTests {
    let storage = MemoryStorage()
    let outside = Outside()
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }
    let run = RunID("one")

    /// Fails the run, lets it be tried again, and returns how that ends.
    private func retried(_ graph: Graph<Sale>, with mended: Graph<Sale>? = nil) async throws -> Sale {
        await #expect(throws: (any Error).self) { try await executor.run(graph, from: Sale(), id: run) }
        #expect(try await engine.status(of: run)?.status == .failed)
        try await engine.retry(run)
        return try await executor.resume(mended ?? graph, id: run)
    }

    @Test func `branches and effects that succeeded are not repeated`() async throws {
        let final = try await retried(try Sale.graph(outside, refusals: 1))
        #expect(final.log == ["packed ink", "packed pen", "billed", "shipped"])
        for name in ["number", "take ink", "take pen", "send"] {
            #expect(outside.performed.count(name) == 1, "\(name)")
        }
        #expect(outside.performed.count("charge") == 2)
    }

    @Test func `elements that succeeded are not repeated, and neither are their effects`() async throws {
        let outside = outside
        let graph = try Graph<Sale>("each") { g in
            let each = g.forEach("each", \.items, concurrency: 1) { item, context in
                outside.performed.add("body \(item)")
                _ = try await context.step("first") { try outside.call("first \(item)") }
                return try await context.step("take") {
                    try outside.call("take \(item)", failing: item == "pen" ? 1 : 0)
                }
            } collect: { sale, numbers in
                sale.total = numbers.reduce(0, +)
            }
            g.start(at: each)
        }
        #expect(try await retried(graph).total == 3)
        #expect(outside.performed.count("body ink") == 1)
        #expect(outside.performed.count("body pen") == 2)
        #expect(outside.performed.count("first pen") == 1)
        #expect(outside.performed.count("take pen") == 2)
    }

    @Test func `the effects of the failed activation that succeeded are not repeated`() async throws {
        let outside = outside
        let graph = try Graph<Sale>("steps") { g in
            let both = g.node("both") { sale, context in
                sale.total = try await context.step("good") { try outside.call("good") }
                sale.total += try await context.step("bad") { try outside.call("bad", failing: 1) }
            }
            g.start(at: both)
        }
        #expect(try await retried(graph).total == 3)
        #expect(outside.performed.count("good") == 1)
        #expect(try await engine.effects(of: run).map(\.attempts) == [1, 2])
    }

    @Test func `mended code of the same shape goes on with the run`() async throws {
        let outside = outside
        func graph(_ mended: Bool) throws -> Graph<Sale> {
            try Graph<Sale>("mended") { g in
                let first = g.node("first") { sale, _ in
                    outside.performed.add("first")
                    sale.log.append(mended ? "new" : "old")
                }
                let second = g.node("second") { sale, _ in
                    guard mended else { throw Outside.Refused(name: "second") }
                    sale.log.append("mended")
                }
                g.start(at: first)
                g.chain(first, second)
            }
        }
        let final = try await retried(try graph(false), with: try graph(true))
        #expect(final.log == ["old", "mended"])
        #expect(outside.performed.count("first") == 1)
    }

    @Test func `a run inside of a node goes on where it failed`() async throws {
        let outside = outside
        let inner = try Graph<Sale>("inner") { g in
            let first = g.node("first") { sale, _ in
                outside.performed.add("first")
                sale.log.append("first")
            }
            let second = g.node("second") { sale, _ in
                _ = try outside.call("second", failing: 1)
                sale.log.append("second")
            }
            g.start(at: first)
            g.chain(first, second)
        }
        let graph = try Graph<Sale>("outer") { g in g.start(at: g.subgraph("sub", inner)) }
        #expect(try await retried(graph).log == ["first", "second"])
        #expect(outside.performed.count("first") == 1)
        #expect(outside.performed.count("second") == 2)
    }

    @Test func `a run may fail and be tried again many times`() async throws {
        let graph = try Sale.graph(outside, refusals: 5)
        _ = try? await executor.run(graph, from: Sale(), id: run)
        for _ in 1..<5 {
            try await engine.retry(run)
            await #expect(throws: (any Error).self) { try await executor.resume(graph, id: run) }
        }
        try await engine.retry(run)
        #expect(try await executor.resume(graph, id: run).total == 6)
        #expect(outside.performed.count("take ink") == 1)
        #expect(try await engine.effects(of: run).first { $0.name == "charge" }?.attempts == 6)
    }

    @Test func `only a failed run can be tried again`() async throws {
        await #expect(throws: JournalError(.unknownRun, run: run)) { try await engine.retry(run) }
        _ = try await executor.run(try Sale.graph(), from: Sale(), id: run)
        await #expect(throws: JournalError(.notFree, run: run)) { try await engine.retry(run) }
    }
}
