import Apus
import ApusTesting
import Testing

@Suite struct RunEventsTests {
    /// A graph with every kind of end an activation can come to, and sixteen rounds of a forked loop.
    private func busy() throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let (head, left, right) = (g.mark("head"), g.mark("left", takes: .milliseconds(1)), g.mark("right"))
            let (rare, join) = (g.mark("rare"), g.mark("join"))
            let over = g.fail("over").retry(.constant(attempts: 2, delay: .milliseconds(1))).passedOverOnFailure()
            let (bad, mend, end) = (g.fail("bad"), g.mark("mend"), g.mark("end"))
            g.start(at: head)
            g.fork(from: head, to: left, right, over)
            g.route(from: right, to: [rare, join]) { $0.visited("right") == 3 ? rare : join }
            g.edge(from: left, to: join)
            g.edge(from: over, to: join)
            g.edge(from: rare, to: join)
            g.route(from: join, to: [head, bad]) { $0.visited("head") < 16 ? head : bad }
            g.onFailure(of: bad, to: mend)
            g.edge(from: bad, to: end)
            g.edge(from: mend, to: end)
        }
    }

    @Test func `every activation starts and ends, in sequence, and every node that does not run is skipped`() throws {
        let graph = try busy()
        for seed in UInt64(1)...20 {
            let recording = try record(graph, seed: seed)
            #expect(recording.events.map(\.sequence) == Array(0..<UInt64(recording.events.count)), "seed \(seed)")
            #expect(recording.events.first?.kind == .runStarted(graph: "g"))
            #expect(recording.events.last?.kind == .runCompleted)
            var open: Set<ActivationID> = []
            var ended: Set<ActivationID> = []
            for event in recording.events {
                switch event.kind {
                case .started(let id, attempt: 1): #expect(open.insert(id).inserted && !ended.contains(id), "\(id)")
                case .completed(let id), .failed(let id, _), .passedOver(let id, _), .cancelled(let id):
                    #expect(open.remove(id) != nil && ended.insert(id).inserted, "seed \(seed) \(id)")
                case .skipped(let id): #expect(!open.contains(id) && ended.insert(id).inserted, "seed \(seed) \(id)")
                default: break
                }
            }
            #expect(open.isEmpty)
            let rounds = (0..<16).flatMap { round in
                ["head", "left", "right", "rare", "over", "join"].map { "\($0)#\(round)" }
            }
            #expect(Set(ended.map(\.description)) == Set(rounds + ["bad", "mend", "end"]), "seed \(seed)")
            #expect(recording.attempts(of: "over") == 32)
        }
    }

    @Test func `two readers see the same, and a late one sees what follows`() throws {
        let graph = try busy()
        for seed in UInt64(1)...20 {
            try Simulator(seed: seed).run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                let (first, second) = (run.events, run.events)
                let early = environment.spawn { try await RunRecording(of: first) }
                let twin = environment.spawn { try await RunRecording(of: second) }
                try await environment.sleep(for: .milliseconds(9))
                let late = try await RunRecording(of: run.events)
                let all = try await early.value
                #expect(try await twin.value == all, "seed \(seed)")
                let start = try #require(late.events.first?.sequence)
                #expect(start > 0 && late.events == Array(all.events[Int(start)...]), "seed \(seed)")
            }
        }
    }

    @Test func `who reads first after the end sees everything from the beginning`() throws {
        let graph = try busy()
        try Simulator(seed: 1).run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            _ = try await run.value
            let recording = try await RunRecording(of: run.events)
            #expect(recording.events.first?.sequence == 0 && recording.outcome == .completed)
        }
    }

    @Test func `a reader that is there from the start misses nothing, however late it begins to read`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (head, end) = (g.mark("head").iterationLimit(1_000), g.mark("end"))
            g.start(at: head)
            g.route(from: head, to: [head, end]) { $0.visited("head") < 800 ? head : end }
        }
        for policy in [EventPolicy.wait(bound: 2_000), .cut(bound: 2_000), .wait] {
            try Simulator(seed: 1).run { environment in
                let executor = GraphExecutor(environment: environment)
                let (run, events) = executor.start(graph, from: Trail(), events: policy)
                if policy != .wait { _ = try await run.value } else { try await environment.sleep(for: .seconds(60)) }
                #expect((run.status == .running) == (policy == .wait))
                let recording = try await RunRecording(of: events)
                #expect(recording.events.map(\.sequence) == Array(0..<UInt64(2 * 801 + 2)))
                #expect(recording.outcome == .completed)
                #expect(try await RunRecording(of: run.events).events.isEmpty)
            }
        }
    }

    @Test func `a reader that leaves does not hold the run`() throws {
        let graph = try busy()
        for seed in UInt64(1)...20 {
            try Simulator(seed: seed).run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                var count = 0
                for try await _ in run.events(.wait(bound: 2)) {
                    count += 1
                    if count == 5 { break }
                }
                #expect(try await run.value.visited("end") == 1, "seed \(seed)")
            }
        }
    }

    @Test func `a slow reader holds the run back, and loses nothing`() throws {
        let graph = try busy()
        for seed in UInt64(1)...5 {
            let simulator = Simulator(seed: seed)
            let events = try simulator.run { environment in
                let run = GraphExecutor(environment: environment).start(graph, from: Trail())
                var events: [RunEvent] = []
                for try await event in run.events(.wait(bound: 4)) {
                    try await environment.sleep(for: .seconds(1))
                    events.append(event)
                }
                return events
            }
            #expect(events.map(\.sequence) == Array(0..<UInt64(events.count)))
            let last = try #require(events.last)
            #expect(simulator.elapsed >= .seconds(events.count))
            #expect(events[0].instant.duration(to: last.instant) > .seconds(events.count / 2), "seed \(seed)")
        }
    }

    @Test func `a reader that may be cut is told where to go on, and the run never waits`() throws {
        let graph = try busy()
        let simulator = Simulator(seed: 1)
        try simulator.run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            let events = run.events(.cut(bound: 8))
            var seen: UInt64 = 0
            let error = await #expect(throws: EventError.self) {
                for try await event in events {
                    seen = event.sequence
                    try await environment.sleep(for: .seconds(60))
                }
            }
            #expect(error == EventError(.cut, resumeFrom: seen + 1))
            #expect(run.status == .completed)
        }
        #expect(simulator.elapsed < .seconds(60 * 20))
    }

    @Test func `progress is told where it happened`() throws {
        let graph = try Graph<Trail>("g") { g in
            let each = g.forEach("each", \.items) { item, context in
                context.progress("at \(item)")
                return item
            } collect: { _, _ in
            }
            g.start(at: each)
        }
        var state = Trail()
        state.items = [7]
        let kinds = try record(graph, from: state).events.map(\.kind)
        #expect(kinds.contains(.progress(ActivationID([.init(node: "each", index: 0)]), "at 7")))
    }

    @Test func `what stands in line for a place has not started yet`() throws {
        let graph = try Graph<Trail>("g") { g in
            let first = g.mark("first")
            g.start(at: first)
            g.fork(from: first, to: (0..<6).map { g.mark("n\($0)", takes: .seconds(1)) })
        }
        let recording = try record(graph, limits: GraphLimits(concurrency: 2))
        var running = 0
        for event in recording.events {
            if case .started = event.kind { running += 1 }
            if case .completed = event.kind { running -= 1 }
            #expect(running <= 2)
        }
    }
}
