import Apus
import ApusTesting
import Testing

@Suite struct MergePatternTests {
    static let subsets = (0..<8).map { bits in (0..<3).filter { bits & 1 << $0 != 0 } }

    @Test(arguments: subsets)
    func `6 Multi-Choice: any subset of the branches runs, also none`(_ chosen: [Int]) throws {
        let graph = try Graph<PatternTrail>("multi-choice") { g in
            let ask = g.step("ask", takes: 1)
            let branches = (0..<3).map { g.step("\($0)", takes: 3 - $0) }
            g.start(at: ask)
            g.select(from: ask, to: branches) { state in state.items.map { branches[$0] } }
        }
        for run in try patternRuns(graph, from: PatternTrail(items: chosen), seeds: 0..<4) {
            #expect(run.final?.log == ["ask"] + chosen.map(String.init), "\(run)")
            for branch in 0..<3 {
                #expect(run.starts(of: "\(branch)") == (chosen.contains(branch) ? [1] : []), "\(run)")
            }
        }
    }

    @Test(arguments: subsets)
    func `7 Structured Synchronizing Merge: the merge waits for the chosen branches and no others`(_ chosen: [Int])
        throws
    {
        let graph = try Graph<PatternTrail>("synchronizing merge") { g in
            let ask = g.step("ask", takes: 0)
            let branches = (0..<3).map { g.step("\($0)", takes: 1 + 2 * $0) }
            let merge = g.step("merge", takes: 0)
            g.start(at: ask)
            g.select(from: ask, to: branches) { state in state.items.map { branches[$0] } }
            for branch in branches { g.edge(from: branch, to: merge) }
        }
        for run in try patternRuns(graph, from: PatternTrail(items: chosen), seeds: 0..<4) {
            #expect(run.starts(of: "merge") == (chosen.last.map { [1 + 2 * $0] } ?? []), "\(run)")
            #expect(run.recording.skipped("merge") == chosen.isEmpty, "\(run)")
        }
    }

    /// Branches of unlike shape: a choice inside one, a fork inside another, and an edge that passes both by.
    @Test(arguments: subsets)
    func `37 Local Synchronizing Merge: an unstructured merge waits for what is coming`(_ chosen: [Int]) throws {
        let graph = try Graph<PatternTrail>("local") { g in
            let ask = g.step("ask", takes: 0)
            let a = g.step("a", takes: 1)
            let b = g.step("b", takes: 1)
            let c = g.step("c", takes: 8)
            let deep = g.step("deep", takes: 5)
            let merge = g.step("merge", takes: 0)
            let final = g.step("final", takes: 0)
            g.start(at: ask)
            g.select(from: ask, to: [a, b, c]) { state in state.items.map { [a, b, c][$0] } }
            g.route(from: a, cases: [RouteCase("on", to: merge), RouteCase("deep", to: deep, final)]) {
                $0.items.contains(1) ? "deep" : "on"
            }
            g.fork(from: b, to: deep, merge)
            g.edge(from: deep, to: merge)
            g.fork(from: merge, to: final)
            g.edge(from: c, to: final)
        }
        for run in try patternRuns(graph, from: PatternTrail(items: chosen), seeds: 0..<4) {
            let merge = chosen.contains(1) ? 6 : chosen.contains(0) ? 1 : nil
            let final = chosen.contains(2) ? 8 : merge
            #expect(run.starts(of: "merge") == [merge].compactMap(\.self), "\(run)")
            #expect(run.starts(of: "final") == [final].compactMap(\.self), "\(run)")
        }
    }

    /// The loop may leave for the merge, or for the end while the merge still waits for it.
    @Test(arguments: [0, 1, 3], [true, false])
    func `38 General Synchronizing Merge: a merge waits for a loop as long as it may still come`(
        _ rounds: Int, _ comes: Bool
    ) throws {
        let graph = try Graph<PatternTrail>("general") { g in
            let ask = g.step("ask", takes: 0)
            let attempt = g.node("try") { state, context in
                try await context.environment.sleep(for: .seconds(2))
                state.rounds += 1
            }
            let give = g.step("give up", takes: 1)
            let quick = g.step("quick", takes: 1)
            let merge = g.step("merge", takes: 0)
            g.start(at: ask)
            g.select(from: ask, to: [attempt, quick]) { $0.items.isEmpty ? [quick] : [attempt, quick] }
            g.route(from: attempt, to: [attempt, merge, give]) { state in
                state.rounds < state.items[0] ? attempt : state.choice == .left ? merge : give
            }
            g.edge(from: quick, to: merge)
        }
        let state = PatternTrail(items: rounds == 0 ? [] : [rounds], choice: comes ? .left : .right)
        for run in try patternRuns(graph, from: state) {
            #expect(run.starts(of: "merge") == [max(1, 2 * rounds)], "\(run)")
            #expect(run.recording.visits(of: "give up") == (rounds > 0 && !comes ? 1 : 0), "\(run)")
        }
    }
}
