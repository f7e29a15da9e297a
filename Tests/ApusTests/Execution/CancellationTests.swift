import Apus
import ApusTesting
import Testing

@Suite struct CancellationTests {
    /// A graph with a node under way everywhere a node can be: in branches, a loop, bodies and subgraphs.
    private func everywhere(_ gauge: Gauge) throws -> Graph<Trail> {
        let long = Duration.seconds(1_000)
        let wait: @Sendable (String, NodeContext) async throws -> Void = { name, context in
            try await gauge.during(name) { try await context.environment.sleep(for: long) }
        }
        let inner = try Graph<Trail>("inner") { g in
            let (first, a, b) = (
                g.mark("first"), g.mark("a", takes: long, in: gauge), g.mark("b", takes: long, in: gauge)
            )
            g.start(at: first)
            g.fork(from: first, to: a, b)
        }
        return try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let plain = g.mark("plain", takes: long, in: gauge)
            let timed = g.mark("timed", takes: long, in: gauge).timeout(long * 2).retry(
                .constant(attempts: 3, delay: .zero))
            let waiting = g.fail("waiting").retry(.constant(attempts: 9, delay: long))
            let sub = g.subgraph("sub", inner)
            let each = g.forEach("each", \.items, concurrency: 2) { item, context in
                try await wait("each", context)
                return item
            } collect: { _, _ in
            }
            let race = g.race("race", [Branch("p") { _, context in try await wait("p", context) }])
            let loop = g.loop("loop", times: 2) { _, context in try await wait("loop", context) }
            let (one, two) = (g.mark("one", takes: long, in: gauge), g.mark("two", takes: long, in: gauge))
            g.start(at: first)
            g.fork(from: first, to: plain, timed, waiting, sub, each, race, loop, one.critical("k"), two.critical("k"))
            let never = g.mark("never")
            for node in [plain, timed, waiting, sub, each, race, loop, one, two] {
                g.edge(from: node, to: never)
                g.onFailure(of: node, to: never)
            }
        }
    }

    @Test func `cancelling reaches every branch at once, and nothing is left running`() throws {
        let gauge = Gauge()
        let graph = try everywhere(gauge)
        for seed in UInt64(1)...40 {
            let simulator = Simulator(seed: seed)
            let recording = try simulator.run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail(items: [1, 2, 3]))
                let events = run.events
                try await environment.sleep(for: .seconds(10))
                run.cancel()
                await #expect(throws: CancellationError.self) { try await run.value }
                #expect(run.status == .cancelled)
                return try await RunRecording(of: events)
            }
            #expect(simulator.elapsed == .seconds(10), "seed \(seed)")
            #expect(gauge.running == 0, "seed \(seed)")
            #expect(recording.outcome == .cancelled)
            #expect(!recording.visited("never") && recording.failure(of: "plain") == nil)
        }
        #expect(gauge.started == 40 * 9)
    }

    @Test func `cancelling the task that runs a graph cancels the run`() throws {
        let gauge = Gauge()
        let graph = try everywhere(gauge)
        for seed in UInt64(1)...20 {
            let simulator = Simulator(seed: seed)
            try simulator.run { environment in
                let task = environment.spawn {
                    try await GraphExecutor(environment: environment).run(graph, from: Trail())
                }
                try await environment.sleep(for: .seconds(10))
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(simulator.elapsed == .seconds(10), "seed \(seed)")
            #expect(gauge.running == 0, "seed \(seed)")
        }
    }

    /// On threads, where a branch is over while others do not know yet that all are cancelled.
    @Test func `a run that is cancelled does not go on without the branch that hears of it first`() async throws {
        let gauge = Gauge()
        let wait: @Sendable (NodeContext) async throws -> Void = { context in
            try await withTaskCancellationHandler {
                try await gauge.during(context.nodeID) { try await context.environment.sleep(for: .seconds(1_000)) }
            } onCancel: {
                // Holds up whoever tells the branches.
                for _ in 0..<50_000 where gauge.running > 0 {}
            }
        }
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            let branches = (0..<4).map { g.node("branch\($0)") { _, context in try await wait(context) } }
            g.start(at: first)
            g.fork(from: first, to: branches)
            for (number, branch) in branches.enumerated() { g.edge(from: branch, to: g.mark("after\(number)")) }
        }
        for _ in 0..<5 {
            let begun = gauge.started
            let run = GraphExecutor().start(graph, from: Trail())
            let events = run.events
            let task = LiveEnvironment().spawn { try await run.value }
            while gauge.started < begun + 4 { await Task.yield() }
            run.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            for try await event in events {
                if case .skipped(let activation) = event.kind { Issue.record("\(activation) was skipped") }
            }
        }
    }

    @Test func `a run that is cancelled before it begins starts nothing`() throws {
        let gauge = Gauge()
        let graph = try everywhere(gauge)
        for seed in UInt64(1)...20 {
            try Simulator(seed: seed).run { environment in
                let task = environment.spawn {
                    try await GraphExecutor(environment: environment).run(graph, from: Trail())
                }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
        }
        #expect(gauge.started == 0)
    }

    @Test func `cancelling at any moment of a forked run ends it cancelled or complete, never half`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, last) = (g.mark("first"), g.mark("last", takes: .milliseconds(10), in: gauge))
            g.start(at: first)
            let middle = (0..<4).map { g.mark("m\($0)", takes: .milliseconds(10 * $0), in: gauge) }
            g.fork(from: first, to: middle)
            for node in middle { g.edge(from: node, to: last) }
        }
        for seed in UInt64(1)...200 {
            try Simulator(seed: seed).run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                let task = environment.spawn { try await run.value }
                try await environment.sleep(for: .milliseconds(Int64(seed % 5) * 10))
                for _ in 0..<(seed % 7) { await Task.yield() }
                run.cancel()
                do {
                    #expect(try await task.value.log == ["first", "m0", "m1", "m2", "m3", "last"], "seed \(seed)")
                    #expect(run.status == .completed)
                } catch {
                    #expect(error is CancellationError, "seed \(seed)")
                    #expect(run.status == .cancelled)
                }
                #expect(gauge.running == 0, "seed \(seed)")
            }
        }
    }

    @Test func `cancelling during a back-off starts no further attempt`() throws {
        let graph = try Graph<Trail>("g") { g in
            g.start(
                at: g.fail("a").retry(.constant(attempts: 9, delay: .seconds(60))).fallback { _, _ in }
                    .passedOverOnFailure())
        }
        let recording = try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            let events = run.events
            try await environment.sleep(for: .seconds(30))
            run.cancel()
            return try await RunRecording(of: events)
        }
        #expect(recording.attempts(of: "a") == 1)
        #expect(recording.outcome == .cancelled)
        #expect(recording.failure(of: "a") == nil)
    }

    @Test func `a region cancels what runs, skips what is to come and keeps what was done`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, trigger) = (g.mark("first"), g.mark("trigger", takes: .seconds(5)))
            let (done, slow) = (g.mark("done", takes: .seconds(1)), g.mark("slow", takes: .seconds(99), in: gauge))
            let (later, after, join) = (g.mark("later"), g.mark("after"), g.mark("join"))
            g.start(at: first)
            g.fork(from: first, to: trigger, done, slow)
            g.edge(from: slow, to: later)
            g.edge(from: later, to: after)
            for node in [trigger, done, after] { g.edge(from: node, to: join) }
            g.cancelRegion([done, slow, later], by: trigger)
        }
        for seed in UInt64(1)...20 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["first", "trigger", "done", "join"], "seed \(seed)")
            #expect(time == .seconds(5) && gauge.running == 0)
        }
        #expect(try record(graph).failures(of: .skipped("later"), .skipped("after"), .ended(.completed)) == [])
    }
}
