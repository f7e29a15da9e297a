import Apus
import ApusTesting
import Testing

/// A graph that has changed under its runs, and people who answer twice.
@Suite struct VersionTests {
    private let run = RunID("one")

    /// Asks two questions, one after the other; newer versions have a node more.
    private func graph(_ trace: Trace, isNewer: Bool = false) throws -> Graph<Sum> {
        try Graph<Sum>("asks") { g in
            let nodes = ["first", "second"].map { name in
                g.node(name) { state, context in
                    state.total += try await context.ask(Question<Int>("amount", "How much?"))
                    trace.add(name)
                }
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1])
            if isNewer { g.edge(from: nodes[1], to: g.node("third") { state, _ in state.total += 100 }) }
        }
    }

    /// Leaves a run behind that waits for its second answer.
    private func begin(_ storage: MemoryStorage, _ environment: any Environment, _ trace: Trace) async throws {
        let engine = Engine(storage: storage, environment: environment)
        let graph = try graph(trace)
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await engine.start(graph, from: Sum(), id: run)
            for name in ["first", "second"] {
                while try await engine.questions(of: run).first?.id != "\(name)?amount" {
                    try await environment.sleep(for: .milliseconds(20))
                }
                if name == "first" { try await engine.answer(run, "first?amount", with: 3) }
            }
            try await environment.sleep(for: .seconds(1))
            group.cancelAll()
        }
    }

    @Test
    func `a run of an older graph is not executed until the difference is accepted, and then goes on where it was`()
        throws
    {
        let trace = Trace()
        try Simulator(seed: 1).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            try await begin(storage, environment, trace)
            let newer = try graph(trace, isNewer: true)
            let engine = Engine(storage: storage, environment: environment)
            engine.register(newer)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await engine.answer(run, "second?amount", with: 4)
                try await environment.sleep(for: .seconds(60))
                #expect(engine.obstacles[run]?.code == .otherGraph)
                #expect(try await engine.status(of: run)?.status == .waiting)
                engine.register(newer, versions: .accept())
                #expect(try await engine.outcome(of: run).status == .completed)
                #expect(engine.obstacles.isEmpty)
                group.cancelAll()
            }
        }
        #expect(trace.all == ["first", "second"])
    }

    @Test func `an answer that is sent twice, and to the question that follows, counts once`() throws {
        let trace = Trace()
        try Simulator(seed: 1).run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            try await begin(storage, environment, trace)
            let engine = Engine(storage: storage, environment: environment)
            let graph = try graph(trace)
            engine.register(graph)
            let notOpen = AnswerError(.notOpen, question: "first?amount")
            await #expect(throws: notOpen) { try await engine.answer(run, "first?amount", with: 30) }
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                async let once: Void = engine.answer(run, "second?amount", with: 4)
                async let twice: Void = engine.answer(run, "second?amount", with: 40)
                try? await once
                try? await twice
                let final = try await engine.value(of: run, graph)
                #expect([7, 43].contains(final.total))
                let late = AnswerError(.notOpen, question: "second?amount")
                await #expect(throws: late) { try await engine.answer(run, "second?amount", with: 9) }
                group.cancelAll()
            }
        }
        #expect(trace.all == ["first", "second"])
    }
}
