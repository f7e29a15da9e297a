import Apus
import Testing

@Suite struct EngineEventsTests {
    private let run = RunID("one")

    @Test func `events tell what happens until the run is put away, and again when it is woken`() async throws {
        let engine = Engine(storage: .memory)
        let graph = try asking()
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let before = engine.events(of: run)
            try await engine.start(graph, from: Tally(), id: run)
            var asked: [String] = []
            for try await event in before {
                if case .asked = event.kind { asked = try await engine.questions(of: run).map(\.id) }
            }
            #expect(asked == ["ask?name"], "whoever is told of a question finds it")
            let after = engine.events(of: run)
            try await engine.answer(run, "ask?name", with: "Ada")
            var ended: [String] = []
            var last: RunEvent.Kind?
            for try await event in after {
                if case .completed(let id) = event.kind { ended.append("\(id)") }
                last = event.kind
            }
            #expect(ended == ["ask", "greet"])
            #expect(last == .runCompleted)
            #expect(try await engine.value(of: run, graph).names == ["Ada", "hello"])
            group.cancelAll()
        }
    }

    @Test(arguments: [false, true])
    func `events are all there from the beginning, wherever the run was started`(_ isRunning: Bool) async throws {
        let engine = Engine(storage: .memory)
        let graph = try greeting()
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            if !isRunning { try await engine.start(graph, from: Tally(), id: run) }
            let events = engine.events(of: run)
            group.addTask { try await engine.run() }
            if isRunning { try await engine.start(graph, from: Tally(), id: run) }
            let greet = ActivationID([.init(node: "greet")])
            var kinds: [RunEvent.Kind] = []
            for try await event in events { kinds.append(event.kind) }
            #expect(
                kinds == [
                    .runStarted(graph: "greeting"), .started(greet, attempt: 1), .completed(greet), .runCompleted,
                ])
            group.cancelAll()
        }
    }

    @Test func `the last event says that a run has failed`() async throws {
        struct Refusal: Error {}
        let engine = Engine(storage: .memory)
        let graph = try Graph<Tally>("failing") { g in
            g.start(at: g.node("fail") { _, _ in throw Refusal() })
        }
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let events = engine.events(of: run)
            try await engine.start(graph, from: Tally(), id: run)
            var last: RunEvent.Kind?
            for try await event in events { last = event.kind }
            guard case .runFailed(let reason) = last else {
                Issue.record("\(String(describing: last))")
                return
            }
            #expect(reason.contains("fail"))
            group.cancelAll()
        }
    }

    @Test func `an engine that stops ends the events of runs that never came`() async throws {
        let engine = Engine(storage: .memory)
        let events = engine.events(of: run)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            group.cancelAll()
            try await group.waitForAll()
        }
        var count = 0
        for try await _ in events { count += 1 }
        #expect(count == 0)
    }

    private func asking() throws -> Graph<Tally> {
        try Graph<Tally>("asking") { g in
            let ask = g.node("ask") { state, context in
                state.names.append(try await context.ask(Question<String>("name", "Who are you?")))
            }
            let greet = g.node("greet") { state, _ in state.names.append("hello") }
            g.start(at: ask)
            g.chain(ask, greet)
        }
    }

    private func greeting() throws -> Graph<Tally> {
        try Graph<Tally>("greeting") { g in
            g.start(at: g.node("greet") { state, _ in state.names.append("hello") })
        }
    }
}
