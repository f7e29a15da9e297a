import Apus
import ApusTesting
import Testing

@Suite struct MigrationTests {
    struct NewSale: GraphState {
        var lines: [String] = []
        var cents = 0
    }

    let outside = Outside()
    let undone = Notebook()
    let storage = MemoryStorage()
    let run = RunID("one")
    var executor: GraphExecutor { GraphExecutor(storage: storage) }

    /// open → charge → send, where sending begins an effect and fails behind it.
    private func old() throws -> Graph<Sale> {
        let (outside, undone) = (outside, undone)
        return try Graph<Sale>("sale") { g in
            let refund = g.compensation("refund", of: Int.self) { cents, _ in undone.add("\(cents)") }
            let open = g.node("open") { sale, _ in sale.log.append("opened") }
            let charge = g.node("charge") { sale, context in
                sale.total = try await context.step("card") { try outside.call("card") + 4 }
                try await context.compensate(refund, with: sale.total)
            }
            let send = g.node("send") { _, context in
                _ = try await context.step("label") { try outside.call("label") }
                throw Outside.Refused(name: "send")
            }
            g.start(at: open)
            g.chain(open, charge, send)
        }
    }

    /// open → pay → check → send, which can also be begun at the check.
    private func new() throws -> Graph<NewSale> {
        let (outside, undone) = (outside, undone)
        return try Graph<NewSale>("sale") { g in
            _ = g.compensation("refund", of: Int.self) { cents, _ in undone.add("\(cents)") }
            let open = g.node("open") { _, _ in _ = try outside.call("opened anew") }
            let pay = g.node("pay") { _, _ in _ = try outside.call("paid anew") }
            let check = g.node("check") { sale, _ in sale.lines.append("checked") }
            let send = g.node("send") { sale, context in
                let label = try await context.step("label") { try outside.call("label") }
                sale.lines.append("label \(label)")
            }
            g.start(at: open)
            g.chain(open, pay, check, send)
            g.entry("checking", at: check)
        }
    }

    private func policy(from old: Graph<Sale>) -> VersionPolicy<NewSale> {
        .migrate(from: old) { run in
            guard run.open == ["send"] else { throw Outside.Refused(name: "\(run.open)") }
            return Migration(NewSale(lines: run.state.log, cents: run.state.total * 100), entry: "checking")
        }
    }

    /// A run that failed at its last node under the old graph.
    private func failed() async throws -> Graph<Sale> {
        let graph = try old()
        _ = try? await executor.run(graph, from: Sale(), id: run)
        #expect(outside.performed.count("label") == 1)
        return graph
    }

    private func finish(_ graph: Graph<NewSale>, _ policy: VersionPolicy<NewSale>) async throws -> Engine {
        let engine = Engine(storage: storage)
        engine.register(graph, versions: policy)
        try await engine.retry(run)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            _ = try await engine.outcome(of: run)
            group.cancelAll()
        }
        return engine
    }

    @Test func `a run goes on in a new graph with the state that a migration makes`() async throws {
        let (old, new) = (try await failed(), try new())
        let engine = try await finish(new, policy(from: old))
        #expect(try await engine.value(of: run, new) == NewSale(lines: ["opened", "checked", "label 1"], cents: 500))
        #expect(["card", "label"].allSatisfy { outside.performed.count($0) == 1 })
        #expect(["opened anew", "paid anew"].allSatisfy { outside.performed.count($0) == 0 })
        #expect(try await engine.status(of: run)?.fingerprint == new.fingerprint)
        #expect(try await executor.resume(new, id: run).cents == 500)
    }

    @Test func `the history of a migrated run tells of both graphs`() async throws {
        let (old, new) = (try await failed(), try new())
        let engine = try await finish(new, policy(from: old))
        let history = try await engine.history(of: run, new)
        let border = try #require(history.points.last { $0.event == .began(graph: "sale", entry: "checking") }).number
        #expect(border > 0)
        #expect(try history.last?.state.lines == ["opened", "checked", "label 1"])
        #expect(try await engine.history(of: run, old).points[border - 1].state.log == ["opened"])
        let report = try await engine.export(run, new).replay(on: new)
        #expect(report.differences.isEmpty && report.state?.cents == 500)
        #expect(try await engine.undo(run, new, preview: true).steps.map(\.name) == ["refund"])
    }

    @Test func `a migration that throws leaves the run as it is`() async throws {
        let (old, new) = (try await failed(), try new())
        let engine = Engine(storage: storage)
        try await engine.retry(run)
        let before = try await storage.scan(.all, limit: 1_000)
        let core = VersionPolicy<NewSale>.migrate(from: old) { _ in throw Outside.Refused(name: "it") }
        let other = Engine(storage: storage)
        other.register(new, versions: core)
        await withThrowingTaskGroup { group in
            group.addTask { try await other.run() }
            while other.obstacles[run] == nil { await Task.yield() }
            group.cancelAll()
        }
        #expect(other.obstacles[run]?.detail?.contains("it was refused") == true)
        let after = try await storage.scan(.all, limit: 1_000).filter { $0.key.parts[0] != "worker" }
        #expect(after == before)
    }

    @Test func `a graph that nothing fits is refused with the difference`() async throws {
        _ = try await failed()
        let other = try Graph<NewSale>("sale") { g in g.start(at: g.node("other") { _, _ in }) }
        let new = try new()
        try await Engine(storage: storage).retry(run)
        let engine = Engine(storage: storage)
        engine.register(new, versions: .migrate(from: other) { _ in Migration(NewSale()) })
        await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            while engine.obstacles[run] == nil { await Task.yield() }
            group.cancelAll()
        }
        let reason = try #require(engine.obstacles[run]?.detail)
        #expect(reason.contains("new: pay, check; gone: charge;"))
        #expect(reason.contains("edges gone: open → charge, charge → send"))
    }

    @Test func `several migrations are joined`() async throws {
        let (old, new) = (try await failed(), try new())
        let other = try Graph<NewSale>("sale") { g in g.start(at: g.node("other") { _, _ in }) }
        let both = VersionPolicy<NewSale>.migrate(from: other) { _ in Migration(NewSale()) }.or(policy(from: old))
        #expect(try await finish(new, both).value(of: run, new).cents == 500)
    }
}
