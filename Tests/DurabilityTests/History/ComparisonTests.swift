import Apus
import Testing

@Suite struct ComparisonTests {
    let storage = MemoryStorage()
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }

    /// Counts to the total and takes a side way if it is even.
    private func graph() throws -> Graph<Sale> {
        try Graph<Sale>("count") { g in
            let count = g.node("count") { sale, context in
                sale.note = try await context.step("count") { [total = sale.total] in "\(total)" }
            }
            let even = g.node("even") { sale, context in
                try await context.step("tell") {}
                sale.log.append("even")
            }
            let odd = g.node("odd") { sale, _ in sale.log.append("odd") }
            let end = g.node("end") { sale, _ in sale.log.append("end") }
            g.start(at: count)
            g.route(from: count, to: [even, odd]) { $0.total % 2 == 0 ? even : odd }
            g.chain(even, end)
            g.chain(odd, end)
        }
    }

    @Test func `two runs differ in fields, ways, exits and effects`() async throws {
        let graph = try graph()
        for total in [2, 3] {
            var sale = Sale()
            sale.total = total
            _ = try await executor.run(graph, from: sale, id: RunID("\(total)"))
        }
        let found = try await engine.compare(RunID("2"), RunID("3"), graph)
        #expect(!found.isEqual)
        #expect(found.fields.map(\.field) == ["log", "note", "total"])
        #expect(found.fields[0].first == #"["even","end"]"#)
        #expect(found.fields[2].second == "3")
        #expect(found.onlyInFirst == ["even"])
        #expect(found.onlyInSecond == ["odd"])
        #expect(found.endings.map(\.activation) == ["count"])
        #expect(found.endings[0].first == .completed(HistoryExit(cases: [0], targets: ["even"])))
        #expect(found.effects.map(\.name) == ["count", "tell"])
        #expect(found.effects[0].second == .done(result: "\"3\""))
        #expect(found.effects[1].second == nil)
    }

    @Test func `two runs that did the same are equal whatever the times`() async throws {
        let graph = try graph()
        for id in ["a", "b"] { _ = try await executor.run(graph, from: Sale(), id: RunID(id)) }
        #expect(try await engine.compare(RunID("a"), RunID("b"), graph).isEqual)
    }

    @Test func `a failed run is compared with its retry by a fork`() async throws {
        let graph = try Sale.graph(Outside(), refusals: 1)
        _ = try? await executor.run(graph, from: Sale(), id: RunID("a"))
        let last = try #require(try await engine.history(of: RunID("a"), graph).last).number
        let fork = try await engine.fork(RunID("a"), graph, at: last)
        _ = try await executor.resume(graph, id: fork)
        let found = try await engine.compare(RunID("a"), fork, graph)
        #expect(found.onlyInSecond == ["ship"])
        #expect(found.endings.map(\.first) == [.failed("charge was refused", leadsOn: false)])
        #expect(found.effects.map(\.name).sorted() == ["charge", "send"])
    }
}
