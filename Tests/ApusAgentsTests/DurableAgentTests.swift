import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct DurableAgentTests {
    private let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("It is 4 degrees.")])

    @Test func `a call that needs agreement waits, is answered by another engine, and shows its exact arguments`()
        throws
    {
        try Simulator(seed: 7).run(limit: .seconds(600)) { environment in
            let weather = Weather(ToolPolicy(permission: .ask))
            let storage = MemoryStorage(environment: environment)
            let agent = try Agent("guide", model: model, tools: [weather])
            let run = try await agent.asked(storage, environment)
            let second = Engine(storage: storage, environment: environment)
            second.register(agent.graph)
            let question = try #require(try await second.questions(of: run).first)
            #expect(question.text.contains(#"{"city":"Oslo"}"#))
            #expect(weather.cities.isEmpty)
            let end = try await second.working {
                try await second.answer(run, question.id, with: ToolApproval.approve)
                return try await second.value(of: run, agent.graph)
            }
            #expect(end.text == "It is 4 degrees.")
            #expect(weather.cities == ["Oslo"])
            #expect(model.requests.count == 2)
        }
    }

    @Test func `an agent inside of an agent's call is suspended and goes on with it`() throws {
        try Simulator(seed: 8).run(limit: .seconds(600)) { environment in
            let weather = Weather(ToolPolicy(permission: .ask))
            let expert = try Agent(
                AgentProfile("expert", role: "Knows weather."), model: model, tools: ToolSet([weather]))
            let chief = ScriptedModel([.call("expert", ["task": "Oslo?"]), .text("The expert says 4.")])
            let agent = try Agent(AgentProfile("chief"), model: chief, tools: ToolSet(bound: [expert.tool()]))
            let storage = MemoryStorage(environment: environment)
            let run = try await agent.asked(storage, environment)
            let second = Engine(storage: storage, environment: environment)
            second.register(agent.graph)
            let question = try #require(try await second.questions(of: run).first)
            let end = try await second.working {
                try await second.answer(run, question.id, with: ToolApproval.approve)
                return try await second.value(of: run, agent.graph)
            }
            #expect(end.text == "The expert says 4.")
            #expect(end.spent.turns == 4)
            #expect(model.requests.count == 2)
            #expect(chief.requests.count == 2)
        }
    }
}
