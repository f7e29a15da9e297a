import Apus
import ApusTesting
import Testing

@Suite struct IterationPatternTests {
    /// A and B lead to each other; the cycle may be entered and left at both.
    private static func cycle() throws -> Graph<PatternTrail> {
        try Graph<PatternTrail>("arbitrary") { g in
            let ask = g.step("ask", takes: 0)
            let a = g.node("a") { state, context in
                state.log.append("\(context.activation)")
                state.rounds += 1
            }
            let b = g.node("b") { state, context in
                state.log.append("\(context.activation)")
                state.rounds += 1
            }
            let afterA = g.step("after a")
            let afterB = g.step("after b")
            let last = g.step("last")
            g.start(at: ask)
            g.route(from: ask, to: [a, b]) { $0.choice == .left ? a : b }
            g.route(from: a, to: [b, afterA]) { $0.rounds < $0.count ? b : afterA }
            g.route(from: b, to: [a, afterB]) { $0.rounds < $0.count ? a : afterB }
            g.edge(from: afterA, to: last)
            g.edge(from: afterB, to: last)
        }
    }

    @Test(arguments: [PatternTrail.Choice.left, .right], 1...4)
    func `10 Arbitrary Cycles: a cycle is entered and left at several nodes`(
        _ entry: PatternTrail.Choice, _ steps: Int
    ) throws {
        let names = entry == .left ? ["a", "b"] : ["b", "a"]
        for run in try patternRuns(try Self.cycle(), from: PatternTrail(count: steps, choice: entry), seeds: 0..<4) {
            let visits = run.recording.visits.map(\.node)
            let walk = (0..<steps).map { names[$0 % 2] }
            #expect(visits == ["ask"] + walk + ["after \(names[(steps - 1) % 2])", "last"], "\(run)")
            #expect(run.final?.rounds == steps, "\(run)")
        }
    }

    /// Two loops that share nodes without one lying in the other, with an exit out of both from their middle.
    @Test func `10 Arbitrary Cycles: loops overlap and are left from their middle`() throws {
        let graph = try Graph<PatternTrail>("overlapping") { g in
            let a = g.node("a") { state, _ in state.log.append("a") }
            let b = g.node("b") { state, _ in state.log.append("b") }
            let c = g.node("c") { state, _ in state.log.append("c") }
            let d = g.node("d") { state, _ in state.log.append("d") }
            let out = g.node("out") { state, _ in state.log.append("out") }
            g.start(at: a)
            g.edge(from: a, to: b)
            g.route(from: b, to: [c, out]) { $0.log.count > 9 ? out : c }
            g.route(from: c, to: [d, a]) { $0.log.count < 4 ? a : d }
            g.route(from: d, to: [b, out]) { $0.log.count < 30 ? b : out }
        }
        for run in try patternRuns(graph, from: PatternTrail(), seeds: 0..<4) {
            #expect(run.final?.log.joined() == "abcabcdbcdbout", "\(run)")
        }
    }

    @Test(arguments: 0...3)
    func `21 Structured Loop: the condition is asked before each round`(_ rounds: Int) throws {
        let graph = try Graph<PatternTrail>("pre-test") { g in
            let loop = g.loop("loop", while: { $0.rounds < rounds }) { state, context in
                try await context.environment.sleep(for: .seconds(2))
                state.rounds += 1
            }
            let after = g.step("after", takes: 0)
            g.start(at: loop)
            g.edge(from: loop, to: after)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.final?.rounds == rounds && run.starts(of: "after") == [2 * rounds], "\(run)")
        }
    }

    @Test(arguments: 0...3)
    func `21 Structured Loop: a back edge asks after each round`(_ rounds: Int) throws {
        let graph = try Graph<PatternTrail>("post-test") { g in
            let work = g.node("work") { state, context in
                try await context.environment.sleep(for: .seconds(2))
                state.rounds += 1
            }
            let after = g.step("after", takes: 0)
            g.start(at: work)
            g.route(from: work, to: [work, after]) { $0.rounds < rounds ? work : after }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.final?.rounds == max(1, rounds) && run.starts(of: "after") == [2 * max(1, rounds)], "\(run)")
        }
    }

    /// A graph that splits its input and runs itself on both halves, side by side.
    private static func sum() throws -> Graph<PatternTrail> {
        try Graph<PatternTrail>("sum") { g in
            let look = g.step("look", takes: 1)
            let leaf = g.node("leaf") { state, _ in state.count = state.items.reduce(0, +) }
            let half: (Bool) -> @Sendable (PatternTrail) -> PatternTrail = { isFirst in
                { state in
                    let middle = state.items.count / 2
                    return PatternTrail(items: Array(isFirst ? state.items[..<middle] : state.items[middle...]))
                }
            }
            let first = g.subgraph("first", { try sum() }, in: half(true)) { $0.count += $1.count }
            let second = g.subgraph("second", { try sum() }, in: half(false)) { $0.count += $1.count }
            g.start(at: look)
            g.route(from: look, cases: [RouteCase("leaf", to: leaf), RouteCase("split", to: first, second)]) {
                $0.items.count < 2 ? "leaf" : "split"
            }
        }
    }

    @Test func `22 Recursion: a graph runs itself on smaller input until there is nothing left to split`() throws {
        for run in try patternRuns(try Self.sum(), from: PatternTrail(items: Array(1...16)), seeds: 0..<4) {
            #expect(run.final?.count == 136 && run.length == 5, "\(run)")
            #expect(run.recording.visits.filter { $0.node == "leaf" }.count == 16, "\(run)")
            #expect(run.recording.visited("first/second/first/second/leaf"), "\(run)")
        }
    }
}
