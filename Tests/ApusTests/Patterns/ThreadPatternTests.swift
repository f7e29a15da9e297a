import Apus
import ApusTesting
import Testing

/// Patterns in which one place of a process is passed several times: they exist in the body of a channel's reader.
@Suite struct ThreadPatternTests {
    @Test func `8 Multi-Merge: what follows runs once for each branch that comes, when it comes`() throws {
        let graph = try Graph<PatternTrail>("multi-merge") { g in
            let channel = g.channel("merged", of: String.self)
            let branches = [5, 1, 2].map { seconds in
                g.node("branch\(seconds)") { _, context in
                    try await context.environment.sleep(for: .seconds(seconds))
                    context.send("\(seconds)", to: channel)
                }.sends(to: channel)
            }
            let idle = g.node("idle") { _, context in context.send("never", to: channel) }.sends(to: channel)
            let merged = g.forEach("merged", channel) { element, context in
                try await context.environment.sleep(for: .seconds(3))
                return "after \(element)"
            } collect: { state, results in
                state.log += results
            }
            let start = g.step("start", takes: 0)
            g.start(at: start)
            g.select(from: start, to: branches + [idle, merged]) { _ in branches + [merged] }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect((0..<3).map { run.start(of: "merged[\($0)]") } == [1, 2, 5] && run.length == 8, "\(run)")
            #expect(run.final?.log == ["start", "after 5", "after 1", "after 2"], "\(run)")
        }
    }

    /// The left branch is enabled three times before the right one is at all: the surplus is kept for later pairs.
    @Test func `33 Generalised AND-Join: it fires once for each complete set, and keeps what is over`() throws {
        let graph = try Graph<PatternTrail>("and-join") { g in
            let left = g.channel("left", of: Int.self)
            let right = g.channel("right", of: Int.self)
            let quick = g.node("quick") { state, context in
                try await context.environment.sleep(for: .seconds(1))
                context.send(state.count, to: left)
                state.count += 1
            }.sends(to: left)
            let slow = g.node("slow") { state, context in
                try await context.environment.sleep(for: .seconds(5))
                context.send(10 * state.rounds, to: right)
                state.rounds += 1
            }.sends(to: right)
            let pairs = g.zip("pairs", left, right) { first, second, _ in
                first + second
            } collect: { state, sums in
                state.results += sums
            }
            g.start(at: quick, slow, pairs)
            g.route(from: quick, to: [quick, .end]) { $0.count < 3 ? quick : .end }
            g.route(from: slow, to: [slow, .end]) { $0.rounds < 2 ? slow : .end }
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect((0..<3).map { run.start(of: "pairs[\($0)]") } == [5, 10, nil], "\(run)")
            #expect(run.final?.results == [0, 11], "\(run)")
        }
    }

    @Test func `41 Thread Merge: what follows a channel's reader starts once, when all its threads have ended`() throws
    {
        let graph = try Graph<PatternTrail>("thread merge") { g in
            let channel = g.channel("threads", of: Int.self)
            let split = g.node("split") { _, context in
                for seconds in [4, 1, 3] { context.send(seconds, to: channel) }
            }.sends(to: channel)
            let threads = g.forEach("threads", channel) { seconds, context in
                try await context.environment.sleep(for: .seconds(seconds))
                return seconds
            } collect: { state, results in
                state.results += results
            }
            let merged = g.step("merged", takes: 1)
            g.start(at: split, threads)
            g.edge(from: threads, to: merged)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect(run.starts(of: "merged") == [4] && run.final?.results == [4, 1, 3], "\(run)")
        }
    }

    @Test func `42 Thread Split: one branch goes on as several threads of the same path`() throws {
        let graph = try Graph<PatternTrail>("thread split") { g in
            let channel = g.channel("threads", of: Int.self)
            let split = g.node("split") { _, context in
                try await context.environment.sleep(for: .seconds(2))
                for thread in 0..<3 { context.send(thread, to: channel) }
            }.sends(to: channel)
            let threads = g.forEach("threads", channel) { thread, context in
                try await context.environment.sleep(for: .seconds(1))
                try await context.environment.sleep(for: .seconds(thread))
                return thread
            } collect: { state, results in
                state.results += results
            }
            g.start(at: split, threads)
        }
        for run in try patternRuns(graph, from: PatternTrail()) {
            #expect((0..<3).map { run.start(of: "threads[\($0)]") } == [2, 2, 2], "\(run)")
            #expect((0..<3).map { run.end(of: "threads[\($0)]") } == [3, 4, 5], "\(run)")
        }
    }
}
