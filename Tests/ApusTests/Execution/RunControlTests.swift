import Apus
import ApusTesting
import Testing

@Suite struct RunControlTests {
    private func chain(_ gauge: Gauge) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let (a, b, c) = (
                g.mark("a", takes: .seconds(10), in: gauge), g.mark("b", takes: .seconds(10), in: gauge),
                g.mark("c", takes: .seconds(10), in: gauge)
            )
            g.start(at: a)
            g.chain(a, b, c)
        }
    }

    @Test func `a paused run lets what runs end and starts nothing until it is resumed`() throws {
        let gauge = Gauge()
        let graph = try chain(gauge)
        let simulator = Simulator(seed: 1)
        try simulator.run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            let events = run.events
            try await environment.sleep(for: .seconds(15))
            #expect(run.status == .running)
            run.pause()
            #expect(run.status == .paused)
            try await environment.sleep(for: .seconds(100))
            #expect(gauge.order == ["a", "b"] && gauge.running == 0)
            run.resume()
            #expect(run.status == .running)
            #expect(try await run.value.log == ["a", "b", "c"])
            #expect(run.status == .completed)
            let kinds = try await RunRecording(of: events).events.map(\.kind)
            #expect(kinds.contains(.runPaused) && kinds.contains(.runResumed))
        }
        #expect(simulator.elapsed == .seconds(15 + 100 + 10))
    }

    @Test func `a run may be paused before it starts, twice, and resumed twice`() throws {
        let gauge = Gauge()
        let graph = try chain(gauge)
        let recording = try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            run.pause()
            run.pause()
            let events = run.events
            try await environment.sleep(for: .seconds(50))
            #expect(gauge.started == 0)
            run.resume()
            run.resume()
            _ = try await run.value
            return try await RunRecording(of: events)
        }
        #expect(recording.events.count { $0.kind == .runPaused } == 1)
        #expect(recording.events.count { $0.kind == .runResumed } == 1)
    }

    @Test func `all branches of a paused run wait, those that stand in line for a place too`() throws {
        for limits in [GraphLimits(), GraphLimits(concurrency: 1)] {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first", takes: .seconds(1))
                g.start(at: first)
                let (each, end) = (
                    g.forEach("each", \.items, concurrency: 2) { item, context in
                        try await gauge.during("each") { try await context.environment.sleep(for: .seconds(10)) }
                        return item
                    } collect: { _, _ in
                    }, g.mark("end")
                )
                let branches = (0..<3).map { g.mark("b\($0)", takes: .seconds(10), in: gauge) } + [each]
                g.fork(from: first, to: branches)
                for node in branches { g.edge(from: node, to: end) }
            }
            var start = Trail()
            start.items = [1, 2, 3]
            let initial = start
            for seed in UInt64(1)...10 {
                let before = gauge.started
                try Simulator(seed: seed).run { environment in
                    let run = GraphExecutor(environment: environment, limits: limits).start(graph, from: initial)
                    try await environment.sleep(for: .seconds(5))
                    run.pause()
                    let running = gauge.started
                    try await environment.sleep(for: .seconds(500))
                    #expect(gauge.started == running && gauge.running == 0, "seed \(seed)")
                    run.resume()
                    #expect(try await run.value.log == ["first", "b0", "b1", "b2", "end"])
                }
                #expect(gauge.started == before + 6)
            }
        }
    }

    @Test func `a paused run can be cancelled`() throws {
        for isWaiting in [true, false] {
            let gauge = Gauge()
            let graph = try chain(gauge)
            let simulator = Simulator(seed: 1)
            try simulator.run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                try await environment.sleep(for: .seconds(1))
                run.pause()
                try await environment.sleep(for: .seconds(isWaiting ? 30 : 1))
                run.cancel()
                await #expect(throws: CancellationError.self) { try await run.value }
                #expect(run.status == .cancelled)
                run.resume()
                #expect(run.status == .cancelled)
            }
            #expect(gauge.order == ["a"])
        }
    }

    @Test func `a failed run says so`() throws {
        let graph = try Graph<Trail>("g") { g in g.start(at: g.fail("a")) }
        try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            await #expect(throws: RunError.self) { try await run.value }
            #expect(run.status == .failed)
            run.cancel()
            #expect(run.status == .failed)
        }
    }

    @Test func `an unknown entry fails a started run`() throws {
        let graph = try Graph<Trail>("g") { g in g.start(at: g.mark("a")) }
        try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail(), entry: "hook")
            let error = await #expect(throws: RunError.self) { try await run.value }
            #expect(error?.code == .unknownEntry && run.status == .failed)
        }
    }

    @Test func `a run goes on when nobody holds it`() throws {
        let gauge = Gauge()
        let graph = try chain(gauge)
        try Simulator(seed: 1).run { environment in
            _ = GraphExecutor(environment: environment).start(graph, from: Trail())
            try await environment.sleep(for: .seconds(100))
        }
        #expect(gauge.order == ["a", "b", "c"])
    }

    @Test func `a run keeps the id it was given, and nodes know it`() throws {
        let graph = try Graph<Trail>("g") { g in
            g.start(at: g.node("a") { state, context in state.owner = "\(context.runID)" })
        }
        try Simulator(seed: 1).run { environment in
            let executor = GraphExecutor(environment: environment)
            let first = executor.start(graph, from: Trail())
            #expect(try await first.value.owner == "\(first.id)")
            let second = executor.start(graph, from: Trail(), id: first.id)
            #expect(second.id == first.id)
            #expect(executor.start(graph, from: Trail()).id != first.id)
            _ = try await second.value
        }
    }
}
