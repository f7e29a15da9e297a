import Apus
import ApusTesting
import Testing

@Suite struct RaceTests {
    /// A branch that writes its name into the log and the owner after `seconds`, or fails.
    private func branch(
        _ name: String, after seconds: Int, in gauge: Gauge = Gauge(), owns: Bool = false, fails: Bool = false
    ) -> Branch<Trail> {
        Branch(name) { state, context in
            try await gauge.during(name) { try await context.environment.sleep(for: .seconds(seconds)) }
            if fails { throw Trouble(name: name) }
            state.log.append("\(context.activation)")
            state.sum += seconds
            if owns { state.owner = name }
        }
    }

    private func graph(
        _ add: @Sendable (inout GraphBuilder<Trail>) -> NodeHandle<Trail>
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let node = add(&g)
            g.start(at: node)
            g.edge(from: node, to: g.mark("after"))
        }
    }

    @Test func `the first to succeed wins, and the losers are cancelled and leave no change`() throws {
        let gauge = Gauge()
        let branches = [
            branch("slow", after: 9, in: gauge, owns: true), branch("quick", after: 2, in: gauge, owns: true),
            branch("broken", after: 1, in: gauge, owns: true, fails: true),
        ]
        let graph = try graph { $0.race("race", branches) }
        for seed in UInt64(1)...20 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["race/quick", "after"] && state.owner == "quick" && state.sum == 2, "seed \(seed)")
            #expect(time == .seconds(2) && gauge.running == 0)
        }
        let recording = try record(graph)
        let end = recording.failures(of: .failed("race/broken"), .visited("race/slow"), .ended(.completed))
        #expect(end == [])
        let slow = ActivationID([.init(node: "race"), .init(node: "slow")])
        #expect(recording.events.contains { $0.kind == .cancelled(slow) })
    }

    @Test func `a race that all lose fails with the first failure`() throws {
        let graph = try graph { g in
            g.race("race", [branch("late", after: 2, fails: true), branch("early", after: 1, fails: true)])
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.underlying as? Trouble == Trouble(name: "early"))
        #expect(error?.activation?.node == "race")
    }

    @Test func `a branch that throws a cancellation of its own has lost`() throws {
        let graph = try graph { g in
            g.race("race", [Branch("a") { _, _ in throw CancellationError() }, branch("b", after: 1)])
        }
        #expect(try simulate(graph).state.log == ["race/b", "after"])
    }

    @Test func `a quorum applies the winners' changes in declared order`() throws {
        let gauge = Gauge()
        let branches = [
            branch("c", after: 3, in: gauge), branch("b", after: 9, in: gauge), branch("a", after: 1, in: gauge),
        ]
        let graph = try graph { $0.quorum("two", 2, of: branches) }
        for seed in UInt64(1)...20 {
            let (state, time) = try simulate(graph, seed: seed)
            #expect(state.log == ["two/c", "two/a", "after"] && state.sum == 4, "seed \(seed)")
            #expect(time == .seconds(3) && gauge.running == 0)
        }
    }

    @Test func `winners that both write an exclusive field conflict and are named`() throws {
        let branches = [branch("a", after: 1, owns: true), branch("b", after: 2, owns: true)]
        let error = #expect(throws: RunError.self) { try simulate(graph { $0.quorum("two", 2, of: branches) }) }
        let conflict = error?.underlying as? StateError
        #expect(conflict == StateError(.conflict, field: "owner", writers: ["a", "b"]))
        #expect(error?.activation?.node == "two")
    }

    @Test func `a quorum that can no longer be reached fails at once`() throws {
        let gauge = Gauge()
        let graph = try graph { g in
            g.quorum(
                "two", 2,
                of: [
                    branch("a", after: 1, fails: true), branch("b", after: 2, fails: true),
                    branch("c", after: 99, in: gauge),
                ]
            ).passedOverOnFailure()
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["after"] && time == .seconds(2) && gauge.running == 0)
    }

    @Test func `losers that run on hold nothing up but the end of the run, and their changes are dropped`() throws {
        for isForked in [false, true] {
            let gauge = Gauge()
            let graph = try Graph<Trail>("g") { g in
                let first = g.mark("first")
                let race = g.race(
                    "race", [branch("slow", after: 20, in: gauge), branch("quick", after: 2, in: gauge)], rest: .runsOn)
                let after = g.node("after") { state, context in
                    state.note(context)
                    state.items = [gauge.running]
                    try await context.environment.sleep(for: .seconds(3))
                }
                g.start(at: first)
                g.fork(from: first, to: isForked ? [race, g.mark("beside", takes: .seconds(1))] : [race])
                g.edge(from: race, to: after)
            }
            for seed in UInt64(1)...20 {
                let (state, time) = try simulate(graph, seed: seed)
                #expect(state.log == ["first", "race/quick", "after"] + (isForked ? ["beside"] : []), "seed \(seed)")
                #expect(state.items == [1] && state.sum == 2)
                #expect(time == .seconds(20) && gauge.running == 0)
            }
        }
    }

    @Test func `a failure among those that run on changes nothing`() throws {
        let graph = try graph { g in
            g.race("race", [branch("a", after: 1), branch("b", after: 5, fails: true)], rest: .runsOn)
        }
        #expect(try simulate(graph).state.log == ["race/a", "after"])
        #expect(try record(graph).outcome == .completed)
    }

    @Test func `in a loop the next round waits for those that run on`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let race = g.race(
                "race", [branch("slow", after: 10, in: gauge), branch("quick", after: 1, in: gauge)], rest: .runsOn)
            let join = g.mark("join")
            g.start(at: race)
            g.edge(from: race, to: join)
            g.route(from: join, to: [race, .end]) { $0.visited("join") < 3 ? race : .end }
        }
        let (state, time) = try simulate(graph)
        #expect(state.log.filter { $0.hasPrefix("join") } == ["join#0", "join#1", "join#2"])
        #expect(time == .seconds(30) && gauge.most == 2)
    }

    @Test func `a timeout ends those that run on, and what was handed on is not tried again`() throws {
        let gauge = Gauge()
        let graph = try graph { g in
            g.race("race", [branch("slow", after: 20, in: gauge), branch("quick", after: 2, in: gauge)], rest: .runsOn)
                .timeout(.seconds(5)).retry(.constant(attempts: 3, delay: .zero).when { _ in true })
                .fallback { _, _ in try await gauge.during("fallback") {} }
        }
        let (state, time) = try simulate(graph)
        #expect(state.log == ["race/quick", "after"] && time == .seconds(5))
        #expect(gauge.order.sorted() == ["quick", "slow"] && gauge.running == 0)
        let recording = try record(graph)
        #expect(recording.outcome == .completed && recording.failure(of: "race") == nil)
    }

    @Test func `cancelling reaches those that run on`() throws {
        let gauge = Gauge()
        let graph = try graph { g in
            g.race("race", [branch("a", after: 1), branch("b", after: 500, in: gauge)], rest: .runsOn)
        }
        let simulator = Simulator(seed: 1)
        try simulator.run { environment in
            let run = GraphExecutor(environment: environment).start(graph, from: Trail())
            try await environment.sleep(for: .seconds(10))
            #expect(gauge.running == 1)
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
        }
        #expect(simulator.elapsed == .seconds(10) && gauge.running == 0)
    }
}
