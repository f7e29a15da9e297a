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

    @Test func `a team without members or with two of one name is refused`() throws {
        let agent = try Agent("a", model: ScriptedModel([]))
        #expect(throws: AgentError(.invalidTeam, agent: "t")) { try Agent.team("t", []) }
        #expect(throws: AgentError(.invalidTeam, agent: "t")) { try Agent.team("t", [agent, agent]) }
    }
}
