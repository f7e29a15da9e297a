import Apus
import ApusTesting
import Testing

@Suite struct DiscriminatorPatternTests {
    @Test func `9 Structured Discriminator: the first branch leads on, the others end without another start`() throws {
        let graph = try Graph<PatternTrail>("discriminator") { g in
            let first = g.quorum(
                "first", 1, of: [.step("slow", takes: 9), .step("quick", takes: 2), .failing("broken", after: 1)],
                rest: .runsOn)
            let next = g.step("next", takes: 3)
            g.start(at: first)
            g.edge(from: first, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [2], "\(run)")
            #expect(run.ends(of: "first/slow") == [9] && run.length == 9, "\(run)")
            #expect(run.final?.log == ["quick", "next"], "\(run)")
        }
    }

    /// The rest of a round outlives all else in it; the next round, and what follows the loop, wait for it.
    @Test func `28 Blocking Discriminator: the next round begins when all branches of this one have ended`() throws {
        let graph = try Graph<PatternTrail>("blocking") { g in
            let head = g.step("head", takes: 1)
            let first = g.quorum("first", 1, of: [.step("slow", takes: 10), .step("quick", takes: 2)], rest: .runsOn)
            let next = g.node("next") { state, _ in state.rounds += 1 }
            let after = g.step("after", takes: 0)
            g.start(at: head)
            g.chain(head, first, next)
            g.route(from: next, to: [head, after]) { $0.rounds < 3 ? head : after }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "head") == [0, 11, 22], "\(run)")
            #expect(run.starts(of: "next") == [3, 14, 25], "\(run)")
            #expect(run.starts(of: "after") == [33], "\(run)")
            #expect(run.final?.log == ["head", "quick", "head", "quick", "head", "quick", "after"], "\(run)")
        }
    }

    @Test func `29 Cancelling Discriminator: the first branch leads on and the others are withdrawn`() throws {
        let graph = try Graph<PatternTrail>("race") { g in
            let first = g.race(
                "first", [.step("slow", takes: 9), .step("quick", takes: 2), .failing("broken", after: 1)])
            let next = g.step("next", takes: 1)
            g.start(at: first)
            g.edge(from: first, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [2] && run.length == 3, "\(run)")
            #expect(run.cancellations(of: "first/slow") == [2], "\(run)")
            #expect(run.final?.log == ["quick", "next"], "\(run)")
        }
    }
}

@Suite struct PartialJoinPatternTests {
    private static func branches(_ seconds: Int...) -> [Branch<PatternTrail>] {
        seconds.map { .step("\($0)", takes: $0) }
    }

    @Test func `30 Structured Partial Join: the second of four branches leads on, the others end unheard`() throws {
        let graph = try Graph<PatternTrail>("partial") { g in
            let two = g.quorum("two", 2, of: Self.branches(9, 3, 7, 1), rest: .runsOn)
            let next = g.step("next", takes: 0)
            g.start(at: two)
            g.edge(from: two, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [3] && run.length == 9, "\(run)")
            #expect(run.ends(of: "two/7") == [7] && run.ends(of: "two/9") == [9], "\(run)")
            #expect(run.final?.log == ["3", "1", "next"], "\(run)")
        }
    }

    @Test func `31 Blocking Partial Join: no branch starts again before all of its round have ended`() throws {
        let graph = try Graph<PatternTrail>("blocking") { g in
            let two = g.quorum("two", 2, of: Self.branches(6, 1, 2), rest: .runsOn)
            let next = g.node("next") { state, _ in state.rounds += 1 }
            g.start(at: two)
            g.edge(from: two, to: next)
            g.route(from: next, to: [two, .end]) { $0.rounds < 2 ? two : .end }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [2, 8] && run.length == 12, "\(run)")
            #expect(run.starts(of: "two/1").isEmpty == false, "\(run)")
            #expect(run.final?.log == ["1", "2", "1", "2"], "\(run)")
        }
    }

    @Test func `32 Cancelling Partial Join: the second branch leads on and what still runs is cancelled`() throws {
        let graph = try Graph<PatternTrail>("cancelling") { g in
            let two = g.quorum("two", 2, of: Self.branches(9, 3, 7, 1))
            let next = g.step("next", takes: 0)
            g.start(at: two)
            g.edge(from: two, to: next)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "next") == [3] && run.length == 3, "\(run)")
            #expect(run.cancellations(of: "two/7") == [3] && run.cancellations(of: "two/9") == [3], "\(run)")
            #expect(run.final?.log == ["3", "1", "next"], "\(run)")
        }
    }
}
