import Apus
import ApusTesting
import Testing

@Suite struct MilestoneTests {
    /// Where in a run the node first started; `nil` if it did not.
    private func start(of node: String, _ recording: RunRecording) -> Int? {
        recording.visits.firstIndex { $0.description == node }
    }

    private func instant(of node: String, _ recording: RunRecording) throws -> Duration {
        let first = try #require(recording.events.first?.instant)
        let event = try #require(
            recording.events.first { $0.kind == .started(ActivationID([.init(node: node)]), attempt: 1) })
        return first.duration(to: event.instant)
    }

    /// "x" may start only after "a", and "b" only after "x", beside others that want a place too.
    private func crowd(_ change: @Sendable (inout GraphBuilder<Trail>, NodeHandle<Trail>) -> Void = { _, _ in }) throws
        -> Graph<Trail>
    {
        try Graph<Trail>("crowd") { g in
            let (first, a) = (g.mark("first"), g.mark("a", takes: .seconds(1)).priority(5))
            let (x, b) = (g.mark("x", takes: .seconds(3)), g.mark("b", takes: .seconds(1)).priority(9))
            let others = (0..<6).map { g.mark("o\($0)", takes: .seconds($0 % 3 + 1)).priority($0 % 4) }
            g.start(at: first)
            g.fork(from: first, to: [b, x, a] + others)
            g.milestone(x, after: a, before: b)
            change(&g, x)
        }
    }

    @Test(arguments: [nil, 1, 2, 3])
    func `the node before which another stands does not start until that one runs, however few places there are`(
        _ places: Int?
    ) throws {
        let graph = try crowd()
        for seed in UInt64(1)...40 {
            let recording = try record(graph, seed: seed, limits: GraphLimits(concurrency: places))
            let (x, b) = (start(of: "x", recording), start(of: "b", recording))
            #expect(x != nil && b != nil, "seed \(seed)")
            #expect(x ?? .max < b ?? 0, "seed \(seed): \(recording.visits)")
            #expect(recording.order(of: "a", before: "x"), "seed \(seed)")
        }
    }

    @Test func `a node that stands in line for its turn has not started`() throws {
        let graph = try Graph<Trail>("turn") { g in
            let (first, a, b) = (g.mark("first"), g.mark("a", takes: .seconds(1)), g.mark("b"))
            let holder = g.mark("holder", takes: .seconds(60)).critical("k")
            let x = g.mark("x", takes: .seconds(2)).critical("k")
            g.start(at: first)
            g.fork(from: first, to: holder, a, b)
            g.edge(from: a, to: x)
            g.milestone(x, after: a, before: b)
        }
        for seed in UInt64(1)...10 {
            let recording = try record(graph, seed: seed)
            #expect(try instant(of: "b", recording) == .seconds(60), "seed \(seed)")
            #expect(start(of: "x", recording) ?? .max < start(of: "b", recording) ?? 0, "seed \(seed)")
        }
    }

    @Test func `a node that is cancelled in line holds nobody back any more`() throws {
        let graph = try Graph<Trail>("cancelled") { g in
            let (first, a, b) = (g.mark("first"), g.mark("a", takes: .seconds(1)), g.mark("b"))
            let trigger = g.mark("trigger", takes: .seconds(7))
            let holder = g.mark("holder", takes: .seconds(60)).critical("k")
            let x = g.mark("x", takes: .seconds(2)).critical("k")
            g.start(at: first)
            g.fork(from: first, to: holder, trigger, a, b)
            g.edge(from: a, to: x)
            g.milestone(x, after: a, before: b)
            g.cancelRegion([x], by: trigger)
        }
        for seed in UInt64(1)...10 {
            let recording = try record(graph, seed: seed)
            #expect(try instant(of: "b", recording) == .seconds(7) && !recording.visited("x"), "seed \(seed)")
        }
    }

    @Test func `several nodes wait for the start of one, and one for several`() throws {
        let graph = try Graph<Trail>("several") { g in
            let (first, a) = (g.mark("first"), g.mark("a", takes: .seconds(1)))
            let (x, y) = (g.mark("x", takes: .seconds(1)).critical("k"), g.mark("y", takes: .seconds(4)).critical("k"))
            let (b, c) = (g.mark("b"), g.mark("c"))
            g.start(at: first)
            g.fork(from: first, to: a, x, y, b, c)
            for one in [x, y] { g.milestone(one, after: a, before: b) }
            g.milestone(x, after: a, before: c)
        }
        for seed in UInt64(1)...20 {
            let visits = try record(graph, seed: seed, limits: GraphLimits(concurrency: 2)).visits.map(\.description)
            let places = Dictionary(uniqueKeysWithValues: visits.enumerated().map { ($1, $0) })
            let (x, y) = (try #require(places["x"]), try #require(places["y"]))
            #expect(places["b"] ?? 0 > max(x, y) && places["c"] ?? 0 > x, "seed \(seed): \(visits)")
        }
    }

    @Test func `a milestone orders time and not state`() throws {
        let graph = try Graph<Trail>("state") { g in
            let (first, a, x) = (g.mark("first"), g.mark("a"), g.mark("x", takes: .seconds(1)))
            let b = g.node("b") { state, _ in state.owner = state.log.joined(separator: " ") }
            g.start(at: first)
            g.fork(from: first, to: a, b)
            g.edge(from: a, to: x)
            g.milestone(x, after: a, before: b)
        }
        for seed in UInt64(1)...10 {
            let (state, _) = try simulate(graph, seed: seed)
            #expect(state.owner == "first" && state.log == ["first", "a", "x"], "seed \(seed)")
        }
    }

    @Test func `a loop with branches runs while a node outside of it is held back`() throws {
        let graph = try Graph<Trail>("loop") { g in
            let (first, head, join) = (g.mark("first"), g.mark("head"), g.mark("join"))
            let (p, q) = (g.mark("p", takes: .seconds(1)), g.mark("q", takes: .seconds(2)))
            let (a, x, b) = (g.mark("a"), g.mark("x"), g.mark("b"))
            g.start(at: first)
            g.fork(from: first, to: head, b)
            g.fork(from: head, to: p, q)
            g.edge(from: p, to: join)
            g.edge(from: q, to: join)
            g.route(from: join, to: [head, a]) { $0.visited("head") < 2 ? head : a }
            g.edge(from: a, to: x)
            g.milestone(x, after: a, before: b)
        }
        for seed in UInt64(1)...10 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.visited("b") == 1 && state.visited("p") == 2 && time == .seconds(4), "seed \(seed)")
        }
    }

    @Test func `the header of a loop that is held back for ever is told as stuck`() throws {
        let graph = try Graph<Trail>("header") { g in
            let (first, other) = (g.mark("first"), g.mark("other"))
            let (head, a, b) = (g.mark("head"), g.mark("a"), g.mark("b"))
            g.start(at: first)
            g.fork(from: first, to: other, head)
            g.chain(head, a, b)
            g.route(from: b, to: [head, .end]) { _ in .end }
            g.milestone(head, after: a, before: b)
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.code == .stuck && error?.description.contains("\"head\"") == true)
    }
}
