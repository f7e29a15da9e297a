import Apus
import ApusTesting
import Testing

/// To what runs beside it a loop is one unit, and a conflict with a node in it is found as soon as both have completed.
@Suite struct LoopConflictTests {
    /// A loop of `rounds` rounds, a second each, beside a node that takes `time` seconds.
    private func graph(
        rounds: Int = 9, time: Int, inside: @Sendable @escaping (inout Trail) -> Void,
        outside: @Sendable @escaping (inout Trail) -> Void, ending: NodeHandle<Trail> = .end
    ) throws -> Graph<Trail> {
        try Graph<Trail>("beside") { g in
            let (first, head) = (g.mark("first"), g.mark("head"))
            let turn = g.node("turn") { state, context in
                try await context.environment.sleep(for: .seconds(1))
                inside(&state)
            }
            let beside = g.node("beside") { state, context in
                try await context.environment.sleep(for: .milliseconds(time * 1_000 + 500))
                outside(&state)
            }
            g.start(at: first)
            g.fork(from: first, to: head, beside)
            g.edge(from: head, to: turn)
            g.route(from: turn, to: [head, .end]) { $0.visited("head") < rounds ? head : .end }
            g.edge(from: beside, to: ending)
        }
    }

    private func conflict(_ graph: Graph<Trail>, seed: UInt64) throws -> (error: StateError?, time: Duration) {
        let simulator = Simulator(seed: seed)
        let error = try simulator.run { environment -> RunError? in
            do {
                _ = try await GraphExecutor(environment: environment).run(graph, from: Trail())
                return nil
            } catch {
                return error as? RunError
            }
        }
        return (error?.underlying as? StateError, simulator.elapsed)
    }

    @Test func `a node in a loop that writes what one beside it wrote fails the run at once`() throws {
        let graph = try graph(time: 0, inside: { $0.owner = "turn" }, outside: { $0.owner = "beside" })
        for seed in UInt64(1)...10 {
            let (error, time) = try conflict(graph, seed: seed)
            #expect(error == StateError(.conflict, field: "owner", writers: ["beside", "turn"]), "seed \(seed)")
            #expect(time == .seconds(1), "seed \(seed)")
        }
    }

    @Test func `a node beside a loop that writes what a round of it wrote fails the run at once`() throws {
        let graph = try graph(
            time: 3, inside: { if $0.visited("head") == 2 { $0.owner = "turn" } }, outside: { $0.owner = "beside" })
        for seed in UInt64(1)...10 {
            let (error, time) = try conflict(graph, seed: seed)
            #expect(error == StateError(.conflict, field: "owner", writers: ["turn", "beside"]), "seed \(seed)")
            // The round under way ends, and nothing new starts.
            #expect(time == .seconds(4), "seed \(seed)")
        }
    }

    @Test func `a key of a later round conflicts, and others do not`() throws {
        let graph = try graph(
            time: 0, inside: { state in state.visits["k\(state.visited("head"))"] = 1 },
            outside: { $0.visits["k3"] = 2 })
        for seed in UInt64(1)...10 {
            let (error, time) = try conflict(graph, seed: seed)
            let expected = StateError(.conflict, field: "visits", writers: ["beside", "turn"], key: "k3")
            #expect(error == expected && time == .seconds(3), "seed \(seed)")
        }
    }

    @Test func `a replacement conflicts with what the rounds merged, and merges with nothing`() throws {
        for (isReplacing, seed) in zip([true, false, true, false], UInt64(1)...4) {
            let graph = try graph(
                rounds: 3, time: 1,
                inside: {
                    $0.sum += 1; $0.log.append("turn")
                },
                outside: { state in if isReplacing { state.log = [] } else { state.log.append("beside") } })
            let (error, time) = try conflict(graph, seed: seed)
            // Of all that merged, the first is named.
            #expect((error?.writers == ["head", "beside"]) == isReplacing, "seed \(seed)")
            #expect(time == .seconds(isReplacing ? 2 : 3), "seed \(seed)")
        }
    }

    @Test func `a node that ends the graph beside a loop conflicts with its finished rounds`() throws {
        let graph = try graph(
            time: 2, inside: { $0.owner = "turn \($0.visited("head"))" }, outside: { $0.owner = "beside" },
            ending: .finish)
        for seed in UInt64(1)...10 {
            let (error, _) = try conflict(graph, seed: seed)
            #expect(error?.writers == ["turn", "beside"], "seed \(seed)")
        }
    }

    @Test func `rounds write one field in turn, also where others run beside them`() throws {
        let graph = try graph(
            rounds: 5, time: 2, inside: { $0.owner += "." }, outside: { $0.items = [1] })
        for seed in UInt64(1)...10 {
            let (state, _) = try simulate(graph, seed: seed)
            #expect(state.owner == "....." && state.items == [1], "seed \(seed)")
        }
    }
}

extension LoopConflictTests {
    /// A loop in a loop, beside a node of the outer loop and one outside of both.
    private func nest(
        near: @Sendable @escaping (inout Trail) -> Void, far: @Sendable @escaping (inout Trail) -> Void,
        before: @Sendable @escaping (inout Trail) -> Void = { _ in }
    ) throws -> Graph<Trail> {
        try Graph<Trail>("nest") { g in
            let first = g.mark("first")
            let outer = g.node("outer") { state, context in
                state.note(context)
                before(&state)
            }
            let inner = g.node("inner") { state, context in
                try await context.environment.sleep(for: .seconds(1))
                state.note(context)
                state.owner = "\(context.activation)"
            }
            let near = g.node("near") { state, context in
                try await context.environment.sleep(for: .milliseconds(1_500))
                near(&state)
            }
            let far = g.node("far") { state, context in
                try await context.environment.sleep(for: .milliseconds(4_500))
                far(&state)
            }
            let join = g.mark("join")
            g.start(at: first)
            g.fork(from: first, to: outer, far)
            g.fork(from: outer, to: inner, near)
            g.route(from: inner, to: [inner, join]) { $0.visited("inner") % 3 == 0 ? join : inner }
            g.edge(from: near, to: join)
            g.route(from: join, to: [outer, .end]) { $0.visited("join") < 3 ? outer : .end }
        }
    }

    @Test func `a node in two loops conflicts with one in the outer, and with one outside of both`() throws {
        let near = try nest(near: { $0.owner = "near" }, far: { _ in })
        let far = try nest(near: { _ in }, far: { $0.owner = "far" })
        for seed in UInt64(1)...10 {
            let (error, time) = try conflict(near, seed: seed)
            #expect(error?.writers == ["inner", "near"] && time < .seconds(5), "seed \(seed)")
            let (other, later) = try conflict(far, seed: seed)
            #expect(other?.writers == ["inner", "far"] && later == .seconds(5), "seed \(seed)")
        }
    }

    @Test func `what a loop in a loop wrote is over with the round`() throws {
        let graph = try nest(near: { _ in }, far: { _ in }, before: { $0.owner = "outer" })
        for seed in UInt64(1)...10 {
            let (state, _) = try simulate(graph, seed: seed)
            #expect(state.visited("inner") == 9 && state.owner.hasPrefix("inner"), "seed \(seed)")
        }
    }
}
