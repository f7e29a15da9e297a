import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct StreamTests {
    @Test func `what an agent does can be read as it does it`() async throws {
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("Four degrees now")])
        let agent = try Agent("guide", model: model, tools: [Weather()])
        let stream = agent.stream([.user("Oslo?")])
        var course: [String] = []
        for try await event in stream {
            switch event {
            case .model(.text(let text, _)): course.append(text)
            case .toolStarted(let call, _): course.append("-> \(call.name)")
            case .toolEnded(let result, _): course.append("<- \(result.text)")
            default: break
            }
        }
        #expect(course == ["-> weather", "<- {\"degrees\":4}", "Four", " degrees", " now"])
        #expect(try await stream.value.text == "Four degrees now")
    }

    @Test func `agents that work for another are heard, too`() async throws {
        let helper = try Agent(AgentProfile("helper"), model: ScriptedModel([.text("a b")]))
        let chief = ScriptedModel([.call("helper", ["task": "?"]), .text("c")])
        let agent = try Agent(AgentProfile("chief"), model: chief, tools: ToolSet(bound: [helper.tool()]))
        var turns: [String] = []
        for try await event in agent.stream([.user("?")]) {
            if case .turnStarted(let agent, _) = event { turns.append(agent) }
        }
        #expect(turns == ["chief", "helper", "chief"])
    }

    @Test func `what ends the run ends the stream`() async throws {
        let agent = try Agent("guide", model: ScriptedModel([.failure(.authentication)]))
        let error = await #expect(throws: RunError.self) {
            for try await _ in agent.stream([.user("?")]) {}
        }
        #expect((error?.underlying as? LLMError)?.code == .authentication)
    }

    @Test func `whoever stops reading ends the run`() throws {
        try Simulator(seed: 1).run(limit: .seconds(100)) { environment in
            let model = ScriptedModel { request, _ in
                try await environment.sleep(for: .seconds(1))
                let call = ToolCall(id: "\(request.messages.count)", name: "weather", arguments: ["city": "Oslo"])
                return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls)
            }
            let agent = try Agent("guide", model: model, tools: [Weather()], limits: AgentLimits(turns: 1_000))
            let run = try await reading(agent, environment)
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(model.requests.count < 5)
        }
    }

    /// Reads a little and lets go.
    private func reading(_ agent: Agent, _ environment: any Environment) async throws -> Run<AgentState> {
        let stream = agent.stream([.user("?")], on: GraphExecutor(environment: environment))
        for try await event in stream {
            if case .toolEnded = event { break }
        }
        return stream.run
    }
}
