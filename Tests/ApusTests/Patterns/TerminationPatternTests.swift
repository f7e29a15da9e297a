import Apus
import ApusTesting
import Testing

@Suite struct TerminationPatternTests {
    @Test func `11 Implicit Termination: a run ends when nothing is left to do on any of its paths`() throws {
        let graph = try Graph<PatternTrail>("implicit") { g in
            let start = g.step("start", takes: 1)
            let paths = (1...3).map { g.step("path\($0)", takes: 2 * $0) }
            let more = g.step("more", takes: 1)
            g.start(at: start)
            g.fork(from: start, to: paths)
            g.edge(from: paths[0], to: more)
            g.end(after: paths[1])
            g.route(from: paths[2], cases: [RouteCase("stop"), RouteCase("more", to: more)]) { _ in "stop" }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.status == .completed && run.starts(of: "more") == [7] && run.length == 8, "\(run)")
            #expect(run.final?.log == ["start", "path1", "path2", "path3", "more"], "\(run)")
        }
    }

    /// One sibling has completed, one is running, one waits for it, one works on behind its change.
    @Test func `43 Explicit Termination: the run completes at once, and what was left is cancelled`() throws {
        let graph = try Graph<PatternTrail>("explicit") { g in
            let quick = g.step("quick", takes: 1)
            let slow = g.step("slow", takes: 9)
            let later = g.step("later", takes: 1)
            let rest = g.quorum("rest", 1, of: [.step("r", takes: 2), .step("s", takes: 9)], rest: .runsOn)
            let stop = g.step("stop", takes: 4)
            g.start(at: quick, slow, rest, stop)
            g.edge(from: slow, to: later)
            g.finish(after: stop)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.status == .completed && run.length == 4 && !run.recording.visited("later"), "\(run)")
            #expect(run.cancellations(of: "slow") == [4] && run.cancellations(of: "rest/s") == [4], "\(run)")
            #expect(run.final?.log == ["quick", "r", "stop"], "\(run)")
        }
    }

    @Test func `43 Explicit Termination: a subgraph ends alone, the graph around it goes on`() throws {
        let inner = try Graph<PatternTrail>("inner") { g in
            let stop = g.step("stop", takes: 2)
            let slow = g.step("slow", takes: 9)
            g.start(at: stop, slow)
            g.route(from: stop, to: [.finish, .end]) { _ in .finish }
        }
        let graph = try Graph<PatternTrail>("outer") { g in
            let sub = g.subgraph("sub", inner)
            let next = g.step("next", takes: 1)
            let beside = g.forEach("beside", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } collect: { state, results in
                state.results += results
            }
            g.start(at: sub, beside)
            g.edge(from: sub, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail(items: [6])) {
            #expect(run.starts(of: "next") == [2] && run.length == 6, "\(run)")
            #expect(run.final?.log == ["stop", "next"] && run.final?.results == [6], "\(run)")
        }
    }
}
