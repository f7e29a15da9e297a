import Apus
import ApusTesting
import Testing

/// Graphs that a node runs while it runs.
@Suite struct InnerGraphTests {
    private struct Trouble: Error {}

    /// Two nodes that add what their state notes.
    private func inner(_ performed: Performed) throws -> Graph<Tally> {
        try Graph("inner") { g in
            let nodes = ["x", "y"].map { name in
                g.node(name) { state, _ in
                    performed.add(state.note + name)
                    state.names.append(state.note + name)
                }
            }
            g.start(at: nodes[0])
            g.edge(from: nodes[0], to: nodes[1])
        }
    }

    private func noted(_ note: String) -> Tally {
        var tally = Tally()
        tally.note = note
        return tally
    }

    @Test func `an attempt that follows a failed one runs its graphs anew`() throws {
        try Simulator(seed: 1).run(limit: .seconds(60)) { environment in
            let performed = Performed()
            let inner = try inner(performed)
            let graph = try Graph<Tally>("outer") { g in
                let node = g.node("node") { state, context in
                    state.names += try await context.run(inner, from: noted("a")).names
                    performed.add("attempt")
                    if performed.count("attempt") < 3 { throw Trouble() }
                    state.names += try await context.run(inner, from: noted("b"), named: "second").names
                }
                g.start(at: node.retry(.constant(attempts: 5, delay: .seconds(1))))
            }
            let storage = MemoryStorage(environment: environment)
            let executor = GraphExecutor(environment: environment, storage: storage)
            let end = try await executor.run(graph, from: Tally())
            #expect(end.names == ["ax", "ay", "bx", "by"])
            #expect(performed.count("ax") == 3 && performed.count("ay") == 3 && performed.count("by") == 1)
            #expect(performed.count("attempt") == 3)
        }
    }

    @Test func `bodies side by side run graphs of their own, as often as they say`() async throws {
        let performed = Performed()
        let inner = try inner(performed)
        let graph = try Graph<Tally>("outer") { g in
            let each = g.forEach("each", over: { _ in ["a", "b", "c"] }) { name, context in
                let first = try await context.run(inner, from: noted(name), named: "first")
                return try await context.run(inner, from: first, named: "second").names
            } collect: { state, names in
                state.names = names.flatMap(\.self)
            }
            g.start(at: each)
        }
        let storage = MemoryStorage()
        let first = try await GraphExecutor(storage: storage).run(graph, from: Tally(), id: RunID("one"))
        #expect(first.names == ["a", "b", "c"].flatMap { ["\($0)x", "\($0)y", "\($0)x", "\($0)y"] })
        let again = try await GraphExecutor(storage: storage).run(graph, from: Tally(), id: RunID("one"))
        #expect(again == first)
        #expect(performed.count("ax") == 2)
    }

    @Test func `one name is for one graph of an activation`() async throws {
        let inner = try inner(Performed())
        let graph = try Graph<Tally>("outer") { g in
            let node = g.node("node") { _, context in
                _ = try await context.run(inner, from: Tally())
                _ = try await context.run(inner, from: Tally())
            }
            g.start(at: node)
        }
        let error = await #expect(throws: RunError.self) {
            try await GraphExecutor(storage: .memory).run(graph, from: Tally())
        }
        #expect((error?.underlying as? JournalError)?.code == .duplicateName)
    }

    @Test(arguments: 1...14) func `whichever commit does not come through, nothing that is stored runs again`(
        commit: Int
    ) async throws {
        let performed = Performed()
        let inner = try inner(performed)
        let graph = try Graph<Tally>("outer") { g in
            let each = g.forEach("each", over: { _ in ["a", "b"] }, concurrency: 1) { name, context in
                try await context.run(inner, from: noted(name)).names
            } collect: { state, names in
                state.names = names.flatMap(\.self)
            }
            g.start(at: each)
        }
        let storage = MemoryStorage()
        let run = RunID("one")
        let dying = TrappedStorage(storage, at: commit, .after) { throw Trouble() }
        _ = try? await GraphExecutor(storage: dying).run(graph, from: Tally(), id: run)
        var stored: [String] = []
        try await JournalReader(storage, run).frames { frame in
            stored += frame.records.filter { $0.tag == .done }.compactMap(\.activation)
        }
        let before = ["ax", "ay", "bx", "by"].map { performed.count($0) }
        let end = try await GraphExecutor(storage: storage).run(graph, from: Tally(), id: run)
        #expect(end.names == ["ax", "ay", "bx", "by"])
        for (place, name) in ["ax", "ay", "bx", "by"].enumerated() {
            let isStored = stored.contains { $0.hasPrefix("each[\(place / 2)]") && $0.hasSuffix("/\(name.suffix(1))") }
            if isStored { #expect(performed.count(name) == before[place], "\(name), commit \(commit)") }
        }
    }
}
