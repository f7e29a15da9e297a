import Apus
import ApusTesting
import Testing

@Suite struct RegionTests {
    /// A trigger after five seconds beside `member`, with what follows the member and a join of both.
    private func graph(
        as outcome: CancelOutcome, _ member: @Sendable (inout GraphBuilder<Trail>) -> NodeHandle<Trail>
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let (first, trigger) = (g.mark("first"), g.mark("trigger", takes: .seconds(5)))
            let (node, after, join) = (member(&g), g.mark("after"), g.mark("join"))
            g.start(at: first)
            g.fork(from: first, to: trigger, node)
            g.edge(from: node, to: after)
            g.edge(from: after, to: join)
            g.edge(from: trigger, to: join)
            g.cancelRegion([node], by: trigger, as: outcome)
        }
    }

    @Test(arguments: [CancelOutcome.cancelled, .completed])
    func `a cancelled member leaves no change; its exit is skipped, or taken if the region completes it`(
        outcome: CancelOutcome
    ) throws {
        let gauge = Gauge()
        let graph = try graph(as: outcome) { g in
            g.node("member") { state, context in
                state.owner = "lost"
                try await gauge.during("member") { try await context.environment.sleep(for: .seconds(99)) }
            }
        }
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph, seed: seed)
            let expected = ["first", "trigger"] + (outcome == .completed ? ["after"] : []) + ["join"]
            #expect(state.log == expected && state.owner == "", "seed \(seed)")
            #expect(time == .seconds(5) && gauge.running == 0)
        }
        let recording = try record(graph)
        #expect(recording.skipped("after") == (outcome == .cancelled))
    }

    @Test func `a member is cancelled during a back-off, and neither tried again nor mended`() throws {
        let graph = try graph(as: .cancelled) { g in
            let bad = g.fail("bad").retry(.constant(attempts: 9, delay: .seconds(60))).fallback { state, _ in
                state.owner = "fallback"
            }
            return bad.passedOverOnFailure()
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["first", "trigger", "join"] && state.owner == "" && time == .seconds(5))
    }

    @Test func `a forEach that is completed collects the results it has`() throws {
        let gauge = Gauge()
        let graph = try graph(as: .completed) { g in
            g.forEach("each", \.items) { item, context in
                try await gauge.during("body") { try await context.environment.sleep(for: .seconds(item)) }
                return item
            } collect: { state, results in
                state.log.append("\(results)")
            }
        }
        var start = Trail()
        start.items = [9, 1, 50, 3]
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph, from: start, seed: seed)
            #expect(state.log == ["first", "trigger", "[1, 3]", "after", "join"], "seed \(seed)")
            #expect(time == .seconds(5) && gauge.running == 0)
        }
    }

    @Test(arguments: [nil, 2])
    func `a member that stands in line is cancelled at once and does not start`(places: Int?) throws {
        for seed in UInt64(1)...10 {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let (first, trigger) = (g.mark("first"), g.mark("trigger", takes: .seconds(5)).priority(9))
                let holder = g.mark("holder", takes: .seconds(60)).critical("k").priority(9)
                let pause = g.mark("pause", takes: .milliseconds(1)).priority(99)
                let (member, join) = (g.mark("member", takes: .seconds(1), in: gauge).critical("k"), g.mark("join"))
                g.start(at: first)
                g.fork(from: first, to: trigger, holder, pause)
                g.edge(from: pause, to: member)
                g.edge(from: trigger, to: join)
                g.edge(from: member, to: join)
                g.cancelRegion([member], by: trigger)
            }
            let recording = try record(graph, seed: seed, limits: GraphLimits(concurrency: places))
            let start = try #require(recording.events.first?.instant)
            let join = recording.events.first { $0.kind == .started(ActivationID([.init(node: "join")]), attempt: 1) }
            #expect(join.map { start.duration(to: $0.instant) < .seconds(6) } == true, "seed \(seed)")
            #expect(gauge.started == 0)
        }
    }

    @Test func `a milestone lets its node start after the end of one node, and another only after that`() throws {
        for slow in ["after", "before", "node"] {
            let graph = try Graph<Trail>("g") { g in
                let mark = { @Sendable (g: inout GraphBuilder<Trail>, id: String) in
                    g.mark(id, takes: .seconds(id == slow ? 9 : 1))
                }
                let first = g.mark("first")
                let (after, node, before) = (mark(&g, "after"), mark(&g, "node"), mark(&g, "before"))
                g.start(at: first)
                g.fork(from: first, to: after, node, before)
                g.milestone(node, after: after, before: before)
            }
            for seed in UInt64(1)...10 {
                let recording = try record(graph, seed: seed)
                let orders = recording.failures(
                    of: .order(of: "after", before: "node"), .order(of: "after", before: "before"))
                #expect(orders == [] && recording.visited("before"), "seed \(seed)")
            }
        }
    }
}
