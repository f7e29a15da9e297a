import Apus
import ApusTesting
import Testing

@Suite struct CancelTaskPatternTests {
    @Test func `19 Cancel Task: a running node is withdrawn, and what only it leads to is skipped`() throws {
        let graph = try Graph<PatternTrail>("cancel task") { g in
            let task = g.step("task", takes: 9)
            let then = g.step("then", takes: 1)
            let other = g.step("other", takes: 4)
            let withdraw = g.step("withdraw", takes: 2)
            let join = g.step("join", takes: 0)
            g.start(at: task, other, withdraw)
            g.chain(task, then, join)
            g.edge(from: other, to: join)
            g.cancelRegion([task], by: withdraw)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.cancellations(of: "task") == [2] && run.recording.skipped("then"), "\(run)")
            #expect(run.starts(of: "join") == [4] && run.length == 4, "\(run)")
            #expect(run.final?.log == ["other", "withdraw", "join"], "\(run)")
        }
    }

    /// The task has been told to start, but another one holds its turn.
    @Test func `19 Cancel Task: a node that waits for its turn is withdrawn before it begins`() throws {
        let graph = try Graph<PatternTrail>("cancel waiting") { g in
            let holder = g.step("holder", takes: 9).critical("desk")
            let before = g.step("before", takes: 1)
            let task = g.node("task") { state, _ in state.log.append("task") }.critical("desk")
            let withdraw = g.step("withdraw", takes: 3)
            let after = g.step("after", takes: 0)
            g.start(at: holder, before, withdraw)
            g.edge(from: before, to: task)
            g.edge(from: task, to: after)
            g.edge(from: withdraw, to: after)
            g.cancelRegion([task], by: withdraw)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "after") == [3] && run.length == 9, "\(run)")
            #expect(run.final?.log == ["holder", "before", "withdraw", "after"], "\(run)")
        }
    }

    @Test func `19 Cancel Task: a node that is still to come is withdrawn`() throws {
        let graph = try Graph<PatternTrail>("cancel early") { g in
            let before = g.step("before", takes: 5)
            let task = g.step("task", takes: 1)
            let after = g.step("after", takes: 0)
            let withdraw = g.step("withdraw", takes: 1)
            g.start(at: before, withdraw)
            g.chain(before, task, after)
            g.cancelRegion([task], by: withdraw)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.recording.skipped("task") && run.recording.skipped("after") && run.length == 5, "\(run)")
        }
    }

    @Test(arguments: 0...6)
    func `20 Cancel Case: the whole run ends, whatever was running is withdrawn`(_ moment: Int) throws {
        let graph = try Graph<PatternTrail>("cancel case") { g in
            let first = g.step("first", takes: 2)
            let left = g.step("left", takes: 3)
            let right = g.forEach("right", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } collect: { state, results in
                state.results += results
            }
            let last = g.step("last", takes: 2)
            g.start(at: first)
            g.fork(from: first, to: left, right)
            g.edge(from: left, to: last)
            g.edge(from: right, to: last)
        }
        let runs = try patternRuns(graph, from: PatternTrail(items: [1, 4])) { run, environment in
            try await environment.sleep(for: .milliseconds(1000 * moment + 500))
            run.cancel()
        }
        for run in runs {
            #expect(run.status == .cancelled && run.length == moment && run.final == nil, "\(run)")
            #expect(throws: CancellationError.self, "\(run)") { try run.result.get() }
            let begun = run.recording.visits.count
            let ended = run.recording.events.count { event in
                switch event.kind {
                case .completed, .cancelled: true
                default: false
                }
            }
            #expect(begun == ended, "\(run)")
            #expect(run.recording.visited("last") == (moment == 6), "\(run)")
        }
    }
}

@Suite struct CancelRegionPatternTests {
    /// One member has completed, one is running, one waits behind it; a node outside of the region goes on.
    @Test func `25 Cancel Region: running members are withdrawn, later ones skipped, completed changes stay`() throws {
        let graph = try Graph<PatternTrail>("region") { g in
            let done = g.step("done", takes: 1)
            let running = g.step("running", takes: 9)
            let waiting = g.step("waiting", takes: 1)
            let outside = g.step("outside", takes: 6)
            let behind = g.step("behind", takes: 1)
            let trigger = g.step("trigger", takes: 3)
            let join = g.step("join", takes: 0)
            g.start(at: done, outside, trigger)
            g.chain(done, running, waiting, behind, join)
            g.edge(from: outside, to: join)
            g.cancelRegion([done, running, waiting], by: trigger)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.cancellations(of: "running") == [3], "\(run)")
            #expect(run.recording.skipped("waiting") && run.recording.skipped("behind"), "\(run)")
            #expect(run.starts(of: "join") == [6] && run.length == 6, "\(run)")
            #expect(run.final?.log == ["done", "outside", "trigger", "join"], "\(run)")
        }
    }

    @Test func `25 Cancel Region: composites in it are withdrawn with all their bodies`() throws {
        let graph = try Graph<PatternTrail>("region of composites") { g in
            let race = g.race("race", [.step("p", takes: 8), .step("q", takes: 9)])
            let each = g.forEach("each", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } collect: { state, results in
                state.results += results
            }
            let loop = g.loop("loop", times: 9) { state, context in
                try await context.environment.sleep(for: .seconds(1))
                state.rounds += 1
            }
            let inner = g.subgraph(
                "inner",
                try Graph<PatternTrail>("inner") { g in
                    g.start(at: g.step("deep", takes: 7), g.step("deeper", takes: 8))
                })
            let rest = g.quorum("rest", 1, of: [.step("r", takes: 1), .step("s", takes: 9)], rest: .runsOn)
            let trigger = g.step("trigger", takes: 3)
            g.start(at: race, each, loop, inner, rest, trigger)
            g.cancelRegion([race, each, loop, inner, rest], by: trigger)
        }
        for run in try patternRuns(graph, from: PatternTrail(items: [1, 8])) {
            #expect(run.length == 3 && run.final?.results == [] && run.final?.rounds == 0, "\(run)")
            #expect(run.cancellations(of: "each[1]") == [3] && run.cancellations(of: "rest/s") == [3], "\(run)")
            #expect(run.cancellations(of: "inner/deep") == [3] && run.cancellations(of: "race/p") == [3], "\(run)")
            #expect(run.final?.log == ["r", "trigger"], "\(run)")
        }
    }

    @Test func `26 Cancel Multiple Instance Task: all its instances end without a result, and so does its path`() throws
    {
        let graph = try instances(as: .cancelled)
        for run in try patternRuns(graph, from: PatternTrail(items: [1, 2, 8, 9])) {
            #expect(run.cancellations(of: "each[2]") == [3] && run.cancellations(of: "each[3]") == [3], "\(run)")
            #expect(run.ends(of: "each[1]") == [2] && run.recording.skipped("next") && run.length == 3, "\(run)")
            #expect(run.final?.results == [], "\(run)")
        }
    }

    @Test func `27 Complete Multiple Instance Task: it ends with the results it has, and its path goes on`() throws {
        let graph = try instances(as: .completed)
        for run in try patternRuns(graph, from: PatternTrail(items: [1, 8, 2, 9])) {
            #expect(run.cancellations(of: "each[1]") == [3] && run.cancellations(of: "each[3]") == [3], "\(run)")
            #expect(run.starts(of: "next") == [3] && run.final?.results == [1, 2], "\(run)")
        }
    }

    /// Nothing of it has begun: it completes with no results as soon as it would start.
    @Test func `27 Complete Multiple Instance Task: one that is still to come completes with nothing`() throws {
        let graph = try Graph<PatternTrail>("still to come") { g in
            let before = g.step("before", takes: 5)
            let each = g.forEach("each", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } collect: { state, results in
                state.results += results
            }
            let next = g.step("next", takes: 0)
            let trigger = g.step("trigger", takes: 3)
            g.start(at: before, trigger)
            g.chain(before, each, next)
            g.cancelRegion([each], by: trigger, as: .completed)
        }
        for run in try patternRuns(graph, from: PatternTrail(items: [1, 2])) {
            #expect(run.starts(of: "next") == [5] && run.final?.results == [], "\(run)")
        }
    }

    private func instances(as outcome: CancelOutcome) throws -> Graph<PatternTrail> {
        try Graph<PatternTrail>("instances") { g in
            let each = g.forEach("each", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                return item
            } collect: { state, results in
                state.results += results
            }
            let next = g.step("next", takes: 0)
            let trigger = g.step("trigger", takes: 3)
            g.start(at: each, trigger)
            g.edge(from: each, to: next)
            g.cancelRegion([each], by: trigger, as: outcome)
        }
    }
}
