import Apus
import ApusTesting
import Testing

/// What the environment may do to the race of these tests; "timer" is that it does nothing.
enum Trigger: String, CaseIterable { case signal, answer, timer }

@Suite struct TriggerPatternTests {
    @Test(arguments: Trigger.allCases)
    func `16 Deferred Choice: a signal, an answer or a moment decides, and the other waits end`(
        _ first: Trigger
    ) throws {
        let runs = try patternRuns(choice(), from: PatternTrail()) { run, environment in
            try await environment.sleep(for: .seconds(2))
            #expect(run.questions.map(\.id) == ["wait/answer?how"])
            if first == .signal { try await run.signal("paid", 7) }
            if first == .answer { try await run.answer("wait/answer?how", with: 7) }
            try await environment.sleep(for: .seconds(4))
            #expect(run.questions.isEmpty && run.status == .running)
            await #expect(throws: AnswerError(.notOpen, question: "wait/answer?how")) {
                try await run.answer("wait/answer?how", with: 8)
            }
        }
        for run in runs {
            let decided = first == .timer ? 5 : 2
            #expect(run.starts(of: "then") == [decided] && run.final?.log == [first.rawValue], "\(run)")
            for other in Trigger.allCases where other != first {
                #expect(run.cancellations(of: "wait/\(other)") == [decided], "\(run)")
            }
        }
    }

    @Test func `24 Persistent Trigger: a signal that comes before anybody waits is kept for the first who does`() throws
    {
        let runs = try patternRuns(late(), from: PatternTrail()) { run, environment in
            try await environment.sleep(for: .seconds(1))
            try await run.signal("paid", 7)
            try await environment.sleep(for: .seconds(7))
            try await run.signal("paid", 8)
        }
        for run in runs {
            #expect(run.ends(of: "first") == [5] && run.ends(of: "second") == [8], "\(run)")
            #expect(run.final?.results == [7, 8], "\(run)")
        }
    }

    /// The timer decides while the signal is on its way. A branch that has taken it by then has had it; otherwise it is kept.
    @Test func `24 Persistent Trigger: a signal is kept when the branch that waits for it is withdrawn`() throws {
        let graph = try Graph<PatternTrail>("shared") { g in
            let wait = g.race(
                "wait",
                [
                    Branch("signal") { state, context in
                        state.results = [try await context.signal(named: "paid")]
                    },
                    Branch("timer") { _, context in try await context.sleep(for: .seconds(5)) },
                ])
            let then = g.node("then") { state, context in
                if state.results.isEmpty { state.results = [try await context.signal(named: "paid") + 100] }
            }
            g.start(at: wait)
            g.edge(from: wait, to: then)
        }
        var results: Set<[Int]> = []
        let runs = try patternRuns(graph, from: PatternTrail(), seeds: 0..<60) { run, environment in
            try await environment.sleep(for: .seconds(5))
            try await run.signal("paid", 7)
            try await environment.sleep(for: .seconds(3))
            try await run.signal("paid", 8)
        }
        for run in runs {
            let final = run.final?.results ?? []
            #expect(run.length == (final == [108] ? 8 : 5) && [[7], [107], [108]].contains(final), "\(run)")
            results.insert(final)
        }
        #expect(results.isSuperset(of: [[7], [107]]), "\(results)")
    }

    @Test func `a question that a timeout withdrew is asked anew by the next attempt`() throws {
        let runs = try patternRuns(asking(), from: PatternTrail()) { run, environment in
            try await environment.sleep(for: .seconds(4))
            #expect(run.questions.isEmpty)
            try await environment.sleep(for: .seconds(2))
            #expect(run.questions.map(\.id) == ["ask?how"])
            try await run.answer("ask?how", with: 7)
        }
        for run in runs {
            #expect(run.final?.results == [7] && run.length == 6, "\(run)")
        }
    }
}

/// The same in runs that are written down, put away and taken up again.
@Suite struct DurableTriggerPatternTests {
    @Test(arguments: Trigger.allCases)
    func `16 Deferred Choice: a run that is put away is decided, and its storage holds nothing of the others`(
        _ first: Trigger
    ) throws {
        let graph = try choice()
        try hosted(graph) { engine, run, environment in
            try await environment.sleep(for: .seconds(2))
            #expect(try await engine.status(of: run)?.status == .waiting)
            #expect(try await engine.questions(of: run).map(\.id) == ["wait/answer?how"])
            if first == .signal { #expect(try await engine.signal(run, "paid", 7, onlyIfAwaited: true)) }
            if first == .answer { try await engine.answer(run, "wait/answer?how", with: 7) }
            try await environment.sleep(for: .seconds(4))
            #expect(try await engine.status(of: run)?.status == .waiting)
            #expect(try await engine.questions(of: run).isEmpty)
            #expect(try await !engine.signal(run, "paid", 8, onlyIfAwaited: true))
            await #expect(throws: AnswerError(.notOpen, question: "wait/answer?how")) {
                try await engine.answer(run, "wait/answer?how", with: 8)
            }
            #expect(try await engine.value(of: run, graph).log == [first.rawValue])
        }
    }

    @Test func `23 Transient Trigger: a signal that nobody waits for is dropped, one that somebody waits for is taken`()
        throws
    {
        let graph = try late()
        try hosted(graph) { engine, run, environment in
            try await environment.sleep(for: .seconds(2))
            #expect(try await !engine.signal(run, "paid", 7, onlyIfAwaited: true))
            try await environment.sleep(for: .seconds(5))
            #expect(try await engine.signal(run, "paid", 8, onlyIfAwaited: true))
            try await environment.sleep(for: .seconds(1))
            #expect(try await engine.signal(run, "paid", 9, onlyIfAwaited: true))
            #expect(try await engine.value(of: run, graph).results == [8, 9])
            #expect(try await !engine.signal(run, "paid", 10, onlyIfAwaited: true))
        }
    }

    @Test func `24 Persistent Trigger: a signal wakes a run that is put away, or is kept until a node of it waits`()
        throws
    {
        let graph = try late()
        try hosted(graph) { engine, run, environment in
            try await environment.sleep(for: .seconds(2))
            #expect(try await engine.status(of: run)?.status == .waiting)
            #expect(try await engine.signal(run, "paid", 7))
            try await environment.sleep(for: .seconds(7))
            #expect(try await engine.status(of: run)?.status == .waiting)
            #expect(try await engine.signal(run, "paid", 8))
            #expect(try await engine.value(of: run, graph).results == [7, 8])
        }
    }

    @Test func `a question that a timeout withdrew is stored no more until it is asked anew`() throws {
        let graph = try asking()
        try Simulator.explore(seeds: 0..<12) { environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment)
            let run = GraphExecutor(environment: environment, storage: storage).start(graph, from: PatternTrail())
            try await environment.sleep(for: .seconds(4))
            #expect(run.questions.isEmpty)
            try await environment.sleep(for: .seconds(2))
            #expect(try await engine.questions(of: run.id).map(\.id) == ["ask?how"])
            try await run.answer("ask?how", with: 7)
            #expect(try await run.value.results == [7])
        }
    }

    @Test func `a worker that lets go of a run leaves its question open`() throws {
        let graph = try choice()
        try Simulator.explore(seeds: 0..<12) { environment in
            let storage = MemoryStorage(environment: environment)
            let executor = GraphExecutor(environment: environment, storage: storage)
            let engine = Engine(storage: storage, environment: environment)
            let run = RunID("one")
            let work = environment.spawn { try await executor.run(graph, from: PatternTrail(), id: run) }
            try await environment.sleep(for: .seconds(2))
            work.cancel()
            _ = await work.result
            #expect(try await engine.status(of: run)?.status == .ready)
            #expect(try await engine.questions(of: run).map(\.id) == ["wait/answer?how"])
            try await engine.answer(run, "wait/answer?how", with: 7)
            #expect(try await executor.resume(graph, id: run).log == ["answer"])
        }
    }

    /// Starts a run of `graph` on an engine of its own, in the simulator.
    private func hosted(
        _ graph: Graph<PatternTrail>,
        _ during: @escaping @Sendable (Engine, RunID, any Environment) async throws -> Void
    ) throws {
        try Simulator.explore(seeds: 0..<12, twice: true) { environment in
            let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
            engine.register(graph)
            let host = environment.spawn { try await engine.run() }
            let run = try await engine.start(graph, from: PatternTrail())
            try await during(engine, run, environment)
            host.cancel()
            try await host.value
        }
    }
}

/// A race of a signal, an answer and five seconds, and a node that takes ten more.
private func choice() throws -> Graph<PatternTrail> {
    try Graph<PatternTrail>("deferred") { g in
        let wait = g.race(
            "wait",
            [
                Branch("signal") { state, context in
                    state.results.append(try await context.signal(named: "paid"))
                    state.log.append("signal")
                },
                Branch("answer") { state, context in
                    state.results.append(try await context.ask(Question<Int>("how", "How many?")))
                    state.log.append("answer")
                },
                Branch("timer") { state, context in
                    try await context.sleep(for: .seconds(5))
                    state.log.append("timer")
                },
            ])
        let then = g.node("then") { _, context in try await context.sleep(for: .seconds(10)) }
        g.start(at: wait)
        g.edge(from: wait, to: then)
    }
}

/// Two nodes that wait for a signal one after the other, the first after five seconds of work.
private func late() throws -> Graph<PatternTrail> {
    try Graph<PatternTrail>("late") { g in
        let first = g.node("first") { state, context in
            try await context.sleep(for: .seconds(5))
            state.results.append(try await context.signal(named: "paid"))
        }
        let second = g.node("second") { state, context in
            state.results.append(try await context.signal(named: "paid"))
        }
        g.start(at: first)
        g.edge(from: first, to: second)
    }
}

/// A node that asks for three seconds, and two seconds later again.
private func asking() throws -> Graph<PatternTrail> {
    try Graph<PatternTrail>("asking") { g in
        let ask = g.node("ask") { state, context in
            state.results.append(try await context.ask(Question<Int>("how", "How many?")))
        }
        g.start(at: ask.timeout(.seconds(3)).retry(.constant(attempts: 3, delay: .seconds(2)).when { _ in true }))
    }
}
