import Apus
import ApusTesting
import Testing

/// A state whose fields merge.
struct Tally: GraphState {
    var names: [String] = []
    var sum = 0
    var note = ""
    static let fields: [Field<Self>] = [
        Field("names", \.names, merging: .append), Field("sum", \.sum, merging: .sum),
    ]
}

/// Counts what was performed, by name.
final class Performed: Sendable {
    private let counts = Guarded<[String: Int]>([:])

    func add(_ name: String) { counts.withLock { $0[name, default: 0] += 1 } }
    func count(_ name: String) -> Int { counts.withLock { $0[name, default: 0] } }
}

@Suite struct ResumeTests {
    struct Crash: Error {}

    @Test func `a run that ended returns its result again without running anything`() async throws {
        let performed = Performed()
        let graph = try chain(performed, failing: nil)
        let executor = GraphExecutor(storage: .memory)
        let first = try await executor.run(graph, from: Tally(), id: RunID("one"))
        let second = try await executor.run(graph, from: Tally(), id: RunID("one"))
        #expect(first == second)
        #expect(first.names == ["a", "b", "c"])
        #expect(performed.count("a") == 1)
    }

    @Test func `a run that was let go of goes on behind what was committed`() async throws {
        let performed = Performed()
        let storage = MemoryStorage()
        let executor = GraphExecutor(storage: storage)
        let graph = try chain(performed, failing: "b")
        let task = Task { try await executor.run(graph, from: Tally(), id: RunID("one")) }
        while performed.count("b") == 0 { await Task.yield() }
        task.cancel()
        _ = await task.result
        let whole = try chain(performed, failing: nil)
        let final = try await executor.resume(whole, id: RunID("one"))
        #expect(final.names == ["a", "b", "c"])
        #expect(performed.count("a") == 1)
        #expect(performed.count("b") == 2)
    }

    @Test func `what ended behind a milestone has ended, though the node of it is under way again`() async throws {
        let performed = Performed()
        let storage = MemoryStorage()
        let executor = GraphExecutor(storage: storage)
        let stops = try milestone(performed, isStopping: true)
        let task = Task { try await executor.run(stops, from: Tally(), id: RunID("one")) }
        while performed.count("c") == 0 { await Task.yield() }
        task.cancel()
        _ = await task.result
        let final = try await executor.resume(milestone(performed, isStopping: false), id: RunID("one"))
        #expect(final.names == ["s", "a", "x", "b", "c"])
        #expect(["s", "a", "b"].allSatisfy { performed.count($0) == 1 })
        #expect(["x", "c"].allSatisfy { performed.count($0) == 2 })
    }

    /// "b" ends while "x" is under way, before which it may not start.
    private func milestone(_ performed: Performed, isStopping: Bool) throws -> Graph<Tally> {
        try Graph<Tally>("milestone") { g in
            let nodes = ["s", "a", "x", "b", "c"].map { name in
                g.node(name) { state, context in
                    performed.add(name)
                    if isStopping, name == "x" || name == "c" {
                        try await context.environment.sleep(for: .seconds(1_000))
                    }
                    state.names.append(name)
                }
            }
            g.start(at: nodes[0])
            g.fork(from: nodes[0], to: nodes[1], nodes[2], nodes[3])
            g.edge(from: nodes[3], to: nodes[4])
            g.milestone(nodes[2], after: nodes[1], before: nodes[3])
        }
    }

    private func chain(_ performed: Performed, failing: String?) throws -> Graph<Tally> {
        try Graph<Tally>("chain") { g in
            let nodes = ["a", "b", "c"].map { name in
                g.node(name) { state, context in
                    performed.add(name)
                    if name == failing { try await context.environment.sleep(for: .seconds(1_000)) }
                    state.names.append(name)
                }
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1], nodes[2])
        }
    }
}
