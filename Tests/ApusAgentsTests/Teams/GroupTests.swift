import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct GroupTests {
    /// Says its name and how much it has heard.
    private func member(_ name: String) throws -> (agent: Agent, model: ScriptedModel) {
        let model = ScriptedModel { request, _ in
            ChatResponse(
                .assistant("\(name) heard \(request.messages.count)"), finish: .stop, usage: Usage(inputTokens: 1))
        }
        return (try Agent(AgentProfile(name, role: "Says \(name)."), model: model), model)
    }

    @Test func `all speak in turn and hear the others under their names`() async throws {
        let (ada, bob) = (try member("ada"), try member("bob"))
        let group = try Agent.group("panel", [ada.agent, bob.agent], turns: .rounds(2))
        let end = try await group.run([.user("What now?")])
        #expect(end.messages.map(\.author) == [nil, "ada", "bob", "ada", "bob"])
        #expect(end.text == "bob heard 4")
        #expect(end.spent.turns == 4)
        let heard = try #require(bob.model.requests.last).messages
        #expect(heard.map(\.role) == [.user, .user, .assistant, .user])
        #expect(heard.map(\.text) == ["What now?", "ada: ada heard 1", "bob heard 2", "ada: ada heard 3"])
    }

    @Test func `a moderator names who speaks, and ends it`() async throws {
        let (ada, bob) = (try member("ada"), try member("bob"))
        let chair = ScriptedModel(
            [.text(#"{"next": "bob"}"#), .text(#"{"next": "ada"}"#), .text(#"{"next": "nobody"}"#)], order: .byRequest)
        let group = try Agent.group("panel", [ada.agent, bob.agent], turns: .moderated(by: chair))
        let end = try await group.run([.user("?")])
        #expect(end.messages.compactMap(\.author) == ["bob", "ada"])
        #expect(chair.requests[0].messages[0].text.contains("- bob: Says bob."))
        #expect(end.spent.turns == 5)
    }

    @Test func `a conversation ends when the sign for it comes`() async throws {
        let (ada, bob) = (try member("ada"), try member("bob"))
        let group = try Agent.group("panel", [ada.agent, bob.agent], turns: .rounds(99)) { $0.text.hasSuffix("3") }
        #expect(try await group.respond(to: "?") == "ada heard 3")
    }

    @Test func `those who never come to an end are stopped by the budget`() async throws {
        let (ada, bob) = (try member("ada"), try member("bob"))
        let group = try Agent.group(
            "panel", [ada.agent, bob.agent], turns: .rounds(.max / 2), limits: AgentLimits(turns: 9))
        let error = await #expect(throws: RunError.self) { try await group.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .memberFailed)
        #expect(ada.model.requests.count + bob.model.requests.count == 9)
    }

    @Test func `a group can be asked by an agent, as anybody else`() async throws {
        let (ada, bob) = (try member("ada"), try member("bob"))
        let group = try Agent.group("panel", [ada.agent, bob.agent], turns: .rounds(1), role: "Debates.")
        let chief = ScriptedModel([.call("panel", ["task": "Debate it."]), .text("They have.")])
        let agent = try Agent(AgentProfile("chief"), model: chief, tools: ToolSet(bound: [group.tool()]))
        let end = try await agent.run([.user("?")])
        #expect(end.messages.flatMap(\.toolResults).map(\.text) == ["bob heard 2"])
        #expect(end.spent.turns == 4)
    }
}
