import Apus
import ApusTesting
import Testing

/// A body of a forEach that takes as many seconds as its element says.
private let work: @Sendable (Int, NodeContext) async throws -> Int = { seconds, context in
    try await context.environment.sleep(for: .seconds(seconds))
    return seconds
}

private let collect: @Sendable (inout PatternTrail, [Int]) async throws -> Void = { state, results in
    state.results += results
}

@Suite struct InstancePatternTests {
    private static let items = PatternTrail(items: [7, 2, 4, 2])

    @Test func `12 Multiple Instances without Synchronization: what follows does not wait for them`() throws {
        let graph = try Graph<PatternTrail>("unsynchronized") { g in
            let each = g.forEach(
                "each", \.items, policy: .atLeast(0), rest: .runsOn, work, collect: collect)
            let next = g.step("next", takes: 1)
            g.start(at: each)
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: Self.items) {
            #expect(run.starts(of: "next") == [0], "\(run)")
            #expect((0..<4).map { run.end(of: "each[\($0)]") } == [7, 2, 4, 2] && run.length == 7, "\(run)")
            #expect(run.final?.results == [] && run.final?.log == ["next"], "\(run)")
        }
    }

    @Test func `13 Multiple Instances, known when the graph is built: all run at once and come together`() throws {
        let graph = try Graph<PatternTrail>("constant") { g in
            let each = g.forEach("each", \.threeTwos, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: each)
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [2] && run.final?.results == [2, 2, 2], "\(run)")
        }
    }

    @Test(arguments: [[], [3], [7, 2, 4, 2], Array(repeating: 1, count: 40)])
    func `14 Multiple Instances, known at run time: as many as the state says, and results in element order`(
        _ items: [Int]
    ) throws {
        let graph = try Graph<PatternTrail>("run time") { g in
            let fill = g.node("fill") { state, _ in state.items = items }
            let each = g.forEach("each", \.items, concurrency: 50, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: fill)
            g.chain(fill, each, next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [items.max() ?? 0], "\(run)")
            #expect(run.final?.results == items, "\(run)")
        }
    }

    /// The number is unknown until the last has ended: each round of the sender may add one.
    @Test func `15 Multiple Instances, not known beforehand: more are added while others run`() throws {
        let graph = try Graph<PatternTrail>("growing") { g in
            let channel = g.channel("work", of: Int.self)
            let start = g.step("start", takes: 0)
            let grow = g.node("grow") { state, context in
                try await context.environment.sleep(for: .seconds(2))
                context.send(3 + state.rounds, to: channel)
                state.rounds += 1
            }.sends(to: channel)
            let each = g.forEach("each", channel, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: start)
            g.fork(from: start, to: grow, each)
            g.route(from: grow, to: [grow, .end]) { $0.rounds < 3 ? grow : .end }
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect((0..<3).map { run.start(of: "each[\($0)]") } == [2, 4, 6], "\(run)")
            #expect(run.starts(of: "next") == [11] && run.final?.results == [3, 4, 5], "\(run)")
        }
    }
}

@Suite struct InstanceJoinPatternTests {
    private static let items = PatternTrail(items: [7, 2, 4, 3])

    @Test func `34 Static Partial Join for Multiple Instances: after n of them the rest ends unheard`() throws {
        let graph = try Graph<PatternTrail>("static") { g in
            let each = g.forEach("each", \.items, policy: .atLeast(2), rest: .runsOn, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: each)
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: Self.items) {
            #expect(run.starts(of: "next") == [3] && run.length == 7, "\(run)")
            #expect(run.end(of: "each[0]") == 7 && run.end(of: "each[2]") == 4, "\(run)")
            #expect(run.final?.results == [2, 3], "\(run)")
        }
    }

    /// Elements beyond the concurrency, which have not begun when enough have ended, still run.
    @Test func `34 Static Partial Join for Multiple Instances: those that wait for a place run too`() throws {
        let graph = try Graph<PatternTrail>("static") { g in
            let each = g.forEach(
                "each", \.items, concurrency: 1, policy: .any, rest: .runsOn, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: each)
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: Self.items) {
            #expect(run.starts(of: "next") == [7] && run.length == 16, "\(run)")
            #expect(run.end(of: "each[3]") == 16 && run.final?.results == [7], "\(run)")
        }
    }

    @Test func `35 Cancelling Partial Join for Multiple Instances: after n of them the rest is cancelled`() throws {
        let graph = try Graph<PatternTrail>("cancelling") { g in
            let each = g.forEach("each", \.items, concurrency: 3, policy: .atLeast(2), work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: each)
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail(items: [9, 2, 4, 3, 1])) {
            #expect(run.starts(of: "next") == [4] && run.length == 4, "\(run)")
            #expect(run.cancellations(of: "each[0]") == [4] && run.cancellations(of: "each[3]") == [4], "\(run)")
            #expect(run.starts(of: "each[4]") == [] && run.final?.results == [2, 4], "\(run)")
        }
    }

    /// Instances are added as long as the condition does not hold; it is asked each time one completes.
    @Test func `36 Dynamic Partial Join for Multiple Instances: a condition over the results ends it`() throws {
        let graph = try Graph<PatternTrail>("dynamic") { g in
            let channel = g.channel("work", of: Int.self)
            let grow = g.node("grow") { state, context in
                try await context.environment.sleep(for: .seconds(2))
                context.send(state.rounds == 0 ? 20 : 3, to: channel)
                state.rounds += 1
            }.sends(to: channel)
            let each = g.forEach("each", channel, until: { $0.reduce(0, +) >= 6 }, work, collect: collect)
            let next = g.step("next", takes: 0)
            g.start(at: grow, each)
            g.route(from: grow, to: [grow, .end]) { $0.rounds < 8 ? grow : .end }
            g.edge(from: each, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect((0..<4).map { run.start(of: "each[\($0)]") } == [2, 4, 6, 8], "\(run)")
            #expect(run.cancellations(of: "each[0]") == [9] && run.cancellations(of: "each[3]") == [9], "\(run)")
            #expect(run.recording.visits(of: "each[4]") == 0 && run.starts(of: "next") == [9], "\(run)")
            #expect(run.final?.results == [3, 3] && run.length == 16, "\(run)")
        }
    }
}

extension PatternTrail {
    fileprivate var threeTwos: [Int] { [2, 2, 2] }
}
