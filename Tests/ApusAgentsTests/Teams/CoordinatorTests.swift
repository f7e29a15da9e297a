import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct CoordinatorTests {
    private func worker(_ name: String, _ capabilities: String...) throws -> Agent {
        let model = ScriptedModel { request, _ in
            ChatResponse(.assistant("\(name) did \(request.messages.last?.text ?? "")"), finish: .stop)
        }
        return try Agent(AgentProfile(name, role: "Does \(name).", capabilities: capabilities), model: model)
    }

    @Test func `a master has domains, and each domain its workers`() async throws {
        let sales = try Agent.coordinator(
            AgentProfile("sales", role: "Knows customers."),
            model: ScriptedModel([
                .calls([("north", ["task": "count"]), ("south", ["task": "count"])]), .text("north 1, south 2"),
            ]), of: [worker("north"), worker("south")])
        let stock = try Agent.coordinator(
            AgentProfile("stock", role: "Knows goods."),
            model: ScriptedModel([.call("depot", ["task": "count"]), .text("depot 3")]), of: [worker("depot")])
        let model = ScriptedModel([
            .calls([("sales", ["task": "customers"]), ("stock", ["task": "goods"])]), .text("all counted"),
        ])
        let master = try Agent.coordinator(AgentProfile("master"), model: model, of: [sales, stock])
        let end = try await master.run([.user("Count everything.")])
        #expect(end.text == "all counted")
        #expect(end.messages.flatMap(\.toolResults).map(\.text) == ["north 1, south 2", "depot 3"])
        #expect(end.spent.turns == 9)
        #expect(end.spent.toolCalls == 5)
        #expect(model.requests[0].tools.map(\.description) == ["Knows customers.", "Knows goods."])
    }

    @Test func `one who fails is told of, and does not end the others' work`() async throws {
        let broken = try Agent(AgentProfile("broken"), model: ScriptedModel([.failure(.authentication)]))
        let model = ScriptedModel([
            .calls([("broken", ["task": "x"]), ("well", ["task": "y"])]), .text("half of it"),
        ])
        let chief = try Agent.coordinator(AgentProfile("chief"), model: model, of: [broken, worker("well")])
        let end = try await chief.run([.user("?")])
        let results = end.messages.flatMap(\.toolResults)
        #expect(results.map(\.isError) == [true, false])
        #expect(results[0].text.contains("scripted script"))
        #expect(end.text == "half of it")
    }

    @Test func `a task goes to whoever is able and least busy`() async throws {
        let load = AgentLoad(most: 2)
        let team = try [worker("a", "math"), worker("b", "math", "law"), worker("c", "cooking")]
        let model = ScriptedModel([
            .call("delegate", ["task": "sue", "capabilities": ["math", "law"]]),
            .call("delegate", ["task": "add", "capabilities": ["math"]]),
            .call("delegate", ["task": "fly", "capabilities": ["flying"]]), .text("done"),
        ])
        let tools = try ToolSet(bound: [ContractNet.delegation(to: team, load: load)])
        let chief = try Agent(AgentProfile("chief"), model: model, tools: tools)
        let end = try await chief.run([.user("?")])
        let results = end.messages.flatMap(\.toolResults)
        #expect(results.map(\.text)[0] == "b: b did sue")
        #expect(results.map(\.text)[1] == "a: a did add")
        #expect(results[2].isError && results[2].text.contains("Nobody offers"))
    }

    @Test func `who has a task is not asked again after a crash`() throws {
        try Simulator(seed: 4).run(limit: .seconds(600)) { environment in
            let asked = Guarded(0)
            let weather = Weather(ToolPolicy(permission: .ask))
            let script: [ScriptedModel.Turn] = [.call("weather", ["city": "Oslo"]), .text("4")]
            let a = try Agent(AgentProfile("a"), model: ScriptedModel(script), tools: ToolSet([weather]))
            let b = try Agent(AgentProfile("b"), model: ScriptedModel(script), tools: ToolSet([weather]))
            let delegate = try ContractNet.delegation(to: [a, b]) { profile, _ in
                // The first time `a` is better, afterwards `b`.
                let number = asked.withLock { asked in
                    asked += 1
                    return asked
                }
                return Bid(profile.name, ability: (profile.name == "a") == (number <= 2) ? 0.9 : 0.1, load: 0)
            }
            let chief = ScriptedModel([.call("delegate", ["task": "?", "capabilities": []]), .text("done")])
            let agent = try Agent(AgentProfile("chief"), model: chief, tools: ToolSet(bound: [delegate]))
            let storage = MemoryStorage(environment: environment)
            let run = try await agent.asked(storage, environment)
            let second = Engine(storage: storage, environment: environment)
            second.register(agent.graph)
            let question = try #require(try await second.questions(of: run).first)
            let end = try await second.working {
                try await second.answer(run, question.id, with: ToolApproval.approve)
                return try await second.value(of: run, agent.graph)
            }
            #expect(end.messages.flatMap(\.toolResults).map(\.text) == ["a: 4"])
            #expect(asked.withLock { $0 } == 2)
        }
    }
}

extension Agent {
    /// An engine starts a run of this agent, which asks, and stops.
    func asked(_ storage: MemoryStorage, _ environment: any Environment) async throws -> RunID {
        let engine = Engine(storage: storage, environment: environment)
        engine.register(graph)
        return try await engine.working {
            let run = try await engine.start(graph, from: AgentState("?"))
            for try await event in engine.events(of: run) {
                if case .asked = event.kind { break }
            }
            return run
        }
    }
}

extension Engine {
    /// Works while `body` does.
    func working<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}
