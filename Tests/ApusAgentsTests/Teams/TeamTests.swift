import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct TeamTests {
    @Test func `a conversation is handed over, and the next one answers with all that was said`() async throws {
        let desk = ScriptedModel([.call("transfer_to_weather", [:])])
        let expert = ScriptedModel([.text("?"), .call("weather", ["city": "Rome"]), .text("4 degrees")])
        let team = try Agent.team(
            "service",
            [
                try Agent(AgentProfile("desk", role: "Greets."), model: desk, instructions: "Greet."),
                try Agent("weather", model: expert, tools: [Weather()], instructions: "Tell."),
            ])
        let events = Guarded<[AgentEvent]>([])
        let end = try await team.run([.user("Rome?")]) { event in events.withLock { $0.append(event) } }
        #expect(end.text == "4 degrees")
        #expect(end.speaker == "weather")
        #expect(expert.requests.first?.messages.first == .system("Tell."))
        #expect(desk.requests.first?.tools.map(\.name) == ["transfer_to_weather"])
        #expect(events.withLock { $0 }.contains(.handedOff(from: "desk", to: "weather")))
    }

    @Test func `those who hand a conversation back and forth are ended by their turns`() async throws {
        func passing(to other: String) -> ScriptedModel {
            ScriptedModel { request, _ in
                let call = ToolCall(id: "\(request.messages.count)", name: "transfer_to_\(other)", arguments: [:])
                return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls)
            }
        }
        let (left, right) = (passing(to: "right"), passing(to: "left"))
        let team = try Agent.team(
            "pair", [Agent("left", model: left), Agent("right", model: right)], limits: AgentLimits(turns: 9))
        let error = await #expect(throws: RunError.self) { try await team.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .tooManyTurns)
        #expect(left.requests.count == 5 && right.requests.count == 4)
    }

    @Test func `a team without members or with two of one name is refused`() throws {
        let agent = try Agent("a", model: ScriptedModel([]))
        #expect(throws: AgentError(.invalidTeam, agent: "t")) { try Agent.team("t", []) }
        #expect(throws: AgentError(.invalidTeam, agent: "t")) { try Agent.team("t", [agent, agent]) }
    }
}
