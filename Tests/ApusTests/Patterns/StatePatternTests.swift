import Apus
import ApusTesting
import Testing

@Suite struct StatePatternTests {
    /// The environment decides by what comes first; here timers stand for it, in `TriggerPatternTests` it is asked.
    @Test(arguments: [(2, "answered"), (9, "late")])
    func `16 Deferred Choice: what happens first decides the branch, and the others are withdrawn`(
        _ answer: Int, _ taken: String
    ) throws {
        let graph = try Graph<PatternTrail>("deferred") { g in
            let wait = g.race(
                "wait",
                [
                    Branch("answer") { state, context in
                        try await context.environment.sleep(for: .seconds(answer))
                        state.choice = .left
                    },
                    Branch("timer") { state, context in
                        try await context.environment.sleep(for: .seconds(5))
                        state.choice = .right
                    },
                ])
            let answered = g.step("answered")
            let late = g.step("late")
            g.start(at: wait)
            g.route(from: wait, to: [answered, late]) { $0.choice == .left ? answered : late }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: taken) == [min(answer, 5)] && run.final?.log == [taken], "\(run)")
            #expect(run.cancellations(of: answer < 5 ? "wait/timer" : "wait/answer") == [min(answer, 5)], "\(run)")
        }
    }

    /// Three tasks, of which "second" comes after "first": every order that respects it may happen, and no two at once.
    @Test func `17 Interleaved Parallel Routing: one at a time, in any order that the edges allow`() throws {
        let graph = try Graph<PatternTrail>("interleaved") { g in
            let first = g.step("first", takes: 2).critical("desk")
            let second = g.step("second", takes: 2).critical("desk")
            let free = g.step("free", takes: 3).critical("desk")
            let after = g.step("after", takes: 0)
            g.start(at: first, free)
            g.chain(first, second, after)
            g.edge(from: free, to: after)
        }
        var orders: Set<[String]> = []
        for run in try patternRuns(graph, from: PatternTrail(), seeds: 0..<40) {
            #expect(run.starts(of: "after") == [7], "\(run)")
            #expect(run.recording.order(of: "first", before: "second"), "\(run)")
            orders.insert(["first", "second", "free"].sorted { run.end(of: $0) ?? 0 < run.end(of: $1) ?? 0 })
        }
        #expect(orders.count > 1, "\(orders)")
    }

    @Test func `40 Interleaved Routing: each of a set runs once, one at a time, in any order`() throws {
        let names = ["a", "b", "c"]
        let graph = try Graph<PatternTrail>("interleaved") { g in
            let start = g.step("start", takes: 0)
            let set = names.map { g.step($0, takes: 2).critical("desk") }
            let after = g.step("after", takes: 0)
            g.start(at: start)
            g.fork(from: start, to: set)
            for one in set { g.edge(from: one, to: after) }
        }
        var orders: Set<[String]> = []
        for run in try patternRuns(graph, from: PatternTrail(), seeds: 0..<60) {
            #expect(Set(names.compactMap { run.end(of: $0) }) == [2, 4, 6], "\(run)")
            #expect(run.starts(of: "after") == [6] && run.final?.log == ["start", "a", "b", "c", "after"], "\(run)")
            orders.insert(names.sorted { run.end(of: $0) ?? 0 < run.end(of: $1) ?? 0 })
        }
        #expect(orders.count == 6, "\(orders)")
    }

    /// A section of several nodes is a subgraph: once it has begun, it completes before the other begins.
    @Test func `39 Critical Section: of two parts of a graph only one is active at a time`() throws {
        func section(_ name: String) throws -> Graph<PatternTrail> {
            try Graph<PatternTrail>(name) { g in
                let enter = g.step("\(name) enter", takes: 2)
                let leave = g.step("\(name) leave", takes: 3)
                g.start(at: enter)
                g.edge(from: enter, to: leave)
            }
        }
        let (left, right) = (try section("left"), try section("right"))
        let append: @Sendable (inout PatternTrail, PatternTrail) -> Void = { $0.log += $1.log }
        let graph = try Graph<PatternTrail>("critical") { g in
            let a = g.subgraph("a", left, in: { _ in PatternTrail() }, out: append).critical("till")
            let b = g.subgraph("b", right, in: { _ in PatternTrail() }, out: append).critical("till")
            let other = g.step("other", takes: 4)
            g.start(at: a, b, other)
        }
        var firsts: Set<Int> = []
        for run in try patternRuns(graph, from: PatternTrail(), seeds: 0..<24) {
            let (a, b) = (run.start(of: "a/left enter") ?? -1, run.start(of: "b/right enter") ?? -1)
            #expect(Set([a, b]) == [0, 5] && run.length == 10 && run.end(of: "other") == 4, "\(run)")
            firsts.insert(a)
        }
        #expect(firsts == [0, 5])
    }
}

@Suite struct MilestonePatternTests {
    /// "order" becomes ready before the milestone is reached, when it is, or after what ends it would have started.
    @Test(arguments: [1, 4, 9])
    func `18 Milestone: a node starts only between the end of one and the start of another`(_ ready: Int) throws {
        let graph = try Graph<PatternTrail>("milestone") { g in
            let open = g.step("open", takes: 4)
            let close = g.step("close", takes: 1)
            let browse = g.step("browse", takes: ready)
            let order = g.step("order", takes: 3)
            g.start(at: open, browse)
            g.edge(from: open, to: close)
            g.edge(from: browse, to: order)
            g.milestone(order, after: open, before: close)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.start(of: "order") == max(4, ready), "\(run)")
            #expect(run.start(of: "close") ?? 0 >= max(4, ready), "\(run)")
            #expect(run.final?.log == ["open", "close", "browse", "order"], "\(run)")
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `18 Milestone: what is skipped holds nobody back`(_ opens: Bool, _ orders: Bool) throws {
        let graph = try Graph<PatternTrail>("milestone") { g in
            let ask = g.step("ask", takes: 0)
            let open = g.step("open", takes: 4)
            let skip = g.step("skip", takes: 1)
            let close = g.step("close", takes: 1)
            let browse = g.step("browse", takes: 2)
            let order = g.step("order", takes: 3)
            let join = g.step("join", takes: 0)
            g.start(at: ask, browse)
            g.route(from: ask, to: [open, skip]) { _ in opens ? open : skip }
            g.route(from: browse, to: [order, .end]) { _ in orders ? order : .end }
            g.edge(from: open, to: close)
            g.edge(from: skip, to: close)
            g.edge(from: close, to: join)
            g.edge(from: order, to: join)
            g.milestone(order, after: open, before: close)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "order") == (opens && orders ? [4] : []), "\(run)")
            #expect(run.start(of: "close") == (opens ? 4 : orders ? 2 : 1) || !opens, "\(run)")
            #expect(run.starts(of: "close").count == 1 && run.starts(of: "join").count == 1, "\(run)")
        }
    }

    @Test func `18 Milestone: it is reached anew in each round of a loop`() throws {
        let graph = try Graph<PatternTrail>("milestone in a loop") { g in
            let head = g.node("head") { state, _ in state.rounds += 1 }
            let open = g.step("open", takes: 4)
            let order = g.step("order", takes: 1)
            let close = g.step("close", takes: 1)
            let join = g.step("join", takes: 0)
            g.start(at: head)
            g.fork(from: head, to: open, order)
            g.edge(from: open, to: close)
            g.edge(from: close, to: join)
            g.edge(from: order, to: join)
            g.milestone(order, after: open, before: close)
            g.route(from: join, to: [head, .end]) { $0.rounds < 3 ? head : .end }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "order") == [4, 9, 14], "\(run)")
        }
    }
}
