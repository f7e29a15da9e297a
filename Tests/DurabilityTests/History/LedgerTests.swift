import Apus
import Testing

@Suite struct LedgerTests {
    let storage = MemoryStorage()
    var engine: Engine { Engine(storage: storage) }
    let run = RunID("one")

    @Test func `the ledger tells each effect with its key, its tries and its result`() async throws {
        let outside = Outside()
        let graph = try Graph<Sale>("sale") { g in
            let bill = g.node("bill") { sale, context in
                sale.total = try await context.step("charge") { try outside.call("charge", failing: 2) }
            }
            g.start(at: bill.retry(.constant(attempts: 3, delay: .zero)))
        }
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let ledger = try await engine.effects(of: run)
        let entry = try #require(ledger.first)
        #expect(ledger.count == 1)
        #expect(entry.activation == "bill")
        #expect(entry.name == "charge")
        #expect(entry.kind == "idempotent")
        #expect(entry.key == "one/bill/charge")
        #expect(entry.attempts == 3)
        #expect(entry.outcome == .done(result: "3"))
        #expect(entry.ended != nil)
    }

    @Test func `an effect that failed for good stands there with its error`() async throws {
        let graph = try Sale.graph(refusals: .max)
        _ = try? await GraphExecutor(storage: storage).run(graph, from: Sale(), id: run)
        let charge = try #require(try await engine.effects(of: run).first { $0.name == "charge" })
        #expect(charge.outcome == .failed("charge was refused"))
    }

    @Test func `an effect that may happen once and was cut off is in doubt until somebody decides`() async throws {
        let graph = try Graph<Sale>("once") { g in
            let send = g.node("send") { sale, context in
                sale.total = try await context.step("send", .atMostOnce) { () async throws -> Int in
                    sale.note.append("sent")
                    try await context.environment.sleep(for: .seconds(1_000))
                    return 1
                }
            }
            g.start(at: send)
        }
        let executor = GraphExecutor(storage: storage)
        let task = Task { try await executor.run(graph, from: Sale(), id: run) }
        while (try? await engine.effects(of: run))?.isEmpty ?? true { await Task.yield() }
        #expect(try await engine.effects(of: run).first?.outcome == .open)
        task.cancel()
        _ = await task.result
        #expect(try await engine.effects(of: run).first?.outcome == .inDoubt)
        _ = try? await executor.resume(graph, id: run)
        #expect(try await engine.status(of: run)?.status == .inDoubt)
        try await engine.resolve(run, effect: "send", of: "send", as: 5)
        #expect(try await engine.effects(of: run).first?.outcome == .resolved(result: "5"))
        #expect(try await executor.resume(graph, id: run).total == 5)
    }

    @Test func `elements of a composite have effects of their own`() async throws {
        _ = try await GraphExecutor(storage: storage).run(try Sale.graph(), from: Sale(), id: run)
        let ledger = try await engine.effects(of: run)
        let takes = ledger.filter { $0.name == "take" }
        #expect(Set(takes.map(\.activation)) == ["pack[0]", "pack[1]"])
        #expect(Set(ledger.map(\.key)).count == ledger.count)
        #expect(ledger.first { $0.name == "send" }?.kind == "atMostOnce")
    }
}
