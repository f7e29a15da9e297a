import Apus
import ApusTesting
import Testing

@Suite struct BasicPatternTests {
    @Test func `1 Sequence: a node starts when the one before has completed`() throws {
        let graph = try Graph<PatternTrail>("sequence") { g in
            let first = g.step("first", takes: 2)
            let second = g.step("second", takes: 3)
            g.start(at: first)
            g.chain(first, second)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.final?.log == ["first", "second"], "\(run)")
            #expect(run.end(of: "first") == 2 && run.start(of: "second") == 2 && run.length == 5, "\(run)")
        }
    }

    @Test func `2 Parallel Split: all branches of a fork run at the same time`() throws {
        let graph = try Graph<PatternTrail>("split") { g in
            let source = g.step("source", takes: 1)
            let branches = (1...4).map { g.step("branch\($0)", takes: $0) }
            g.start(at: source)
            g.fork(from: source, to: branches)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            for number in 1...4 { #expect(run.start(of: "branch\(number)") == 1, "\(run)") }
            #expect(run.length == 5, "\(run)")
            #expect(run.final?.log == ["source", "branch1", "branch2", "branch3", "branch4"], "\(run)")
        }
    }

    @Test func `3 Synchronization: what follows a fork starts once, when the slowest branch has come`() throws {
        let graph = try Graph<PatternTrail>("join") { g in
            let quick = g.step("quick", takes: 1)
            let slow = g.step("slow", takes: 5)
            let then = g.step("then", takes: 1)
            let last = g.step("last", takes: 1)
            g.start(at: quick, slow)
            g.chain(slow, then, last)
            g.edge(from: quick, to: last)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "last") == [6], "\(run)")
            #expect(run.final?.log == ["quick", "slow", "then", "last"], "\(run)")
        }
    }

    @Test(arguments: [PatternTrail.Choice.left, .right])
    func `4 Exclusive Choice: one branch runs, the other is skipped`(_ choice: PatternTrail.Choice) throws {
        let graph = try Graph<PatternTrail>("choice") { g in
            let ask = g.step("ask")
            let left = g.step("left")
            let right = g.step("right")
            let after = g.step("after right")
            g.start(at: ask)
            g.route(from: ask, by: \.choice) { choice in
                switch choice {
                case .left: left
                case .right: right
                case .none, .both: .end
                }
            }
            g.chain(right, after)
        }
        let isLeft = choice == .left
        for run in try patternRuns(graph, from: PatternTrail(choice: choice)) {
            #expect(run.final?.log == (isLeft ? ["ask", "left"] : ["ask", "right", "after right"]), "\(run)")
            #expect(run.recording.skipped("left") != isLeft && run.recording.skipped("after right") == isLeft, "\(run)")
        }
    }

    @Test(arguments: [PatternTrail.Choice.left, .right])
    func `5 Simple Merge: after a choice the branches go on in one, without waiting`(_ choice: PatternTrail.Choice)
        throws
    {
        let graph = try Graph<PatternTrail>("merge") { g in
            let ask = g.step("ask", takes: 0)
            let left = g.step("left", takes: 1)
            let right = g.step("right", takes: 7)
            let merge = g.step("merge", takes: 0)
            g.start(at: ask)
            g.route(from: ask, to: [left, right]) { $0.choice == .left ? left : right }
            g.edge(from: left, to: merge)
            g.edge(from: right, to: merge)
        }
        for run in try patternRuns(graph, from: PatternTrail(choice: choice)) {
            #expect(run.starts(of: "merge") == [choice == .left ? 1 : 7], "\(run)")
            #expect(run.final?.log == ["ask", choice.rawValue, "merge"], "\(run)")
        }
    }
}
