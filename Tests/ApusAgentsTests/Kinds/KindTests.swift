import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct KindTests {
    @Test func `a dispatcher has its tools' results for an answer`() async throws {
        let model = ScriptedModel([
            .call("weather", ["town": "Oslo"]), .calls([("weather", ["city": "Oslo"]), ("weather", ["city": "Bern"])]),
        ])
        let agent = try Agent.dispatcher("desk", model: model, tools: [Weather()])
        #expect(try await agent.respond(to: "?") == "{\"degrees\":4}\n\n{\"degrees\":4}")
        #expect(model.requests.count == 2)
        #expect(model.requests[0].toolChoice == .required)
    }

    @Test func `an answer from documents cites them, and no others`() async throws {
        var base = KnowledgeBase()
        try await base.add("# Swifts\nThe common swift sleeps on the wing.", as: "birds")
        try await base.add("# Penguins\nPenguins do not fly.", as: "more")
        let model = ScriptedModel([
            .text("It sleeps while it flies."), .text("It sleeps while it flies [birds#9]."),
            .text("It sleeps while it flies [birds#0]."),
        ])
        let agent = try Agent.retrieval("reader", model: model, base: base)
        let end = try await agent.run([.user("How does a swift sleep?")])
        #expect(end.text == "It sleeps while it flies [birds#0].")
        #expect(base.citations(in: end.text).map(\.document) == ["birds"])
        #expect(model.requests[0].messages.contains { $0.text.contains("[birds#0] Swifts\nThe common swift") })
        #expect(model.requests[1].messages.last?.text.contains("cites no passage") == true)
        #expect(model.requests[2].messages.last?.text.contains("no passage birds#9") == true)
        #expect(end.taint.isEmpty)
        let careful = try Agent.retrieval("reader", model: model, base: base, isTrusted: false)
        #expect(try await careful.run([.user("How does a swift sleep?")]).taint == ["documents"])
    }

    @Test func `what a model can't see another describes to it, once`() async throws {
        let plain = ModelInfo(provider: "scripted", model: "blind", capabilities: [.tools])
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("A cat in Oslo.")], info: plain)
        let eyes = ScriptedModel { _, _ in ChatResponse(.assistant("a cat"), finish: .stop) }
        let agent = try Agent.multimodal("guide", model: model, describedBy: eyes, tools: [Weather()])
        let image = ChatPart.image(Media(.bytes([1, 2, 3]), type: "image/png"))
        let end = try await agent.run([.user([.text("What is this?"), image])])
        #expect(end.text == "A cat in Oslo.")
        #expect(eyes.requests.count == 1)
        #expect(
            model.requests[1].messages[0].parts.map(\.content).last
                == .text("(an image, as somebody describes it: a cat)"))
        #expect(end.messages[0].parts[1] == image)
        let alone = try Agent("guide", model: model)
        let error = await #expect(throws: RunError.self) { try await alone.run([.user([image])]) }
        #expect((error?.underlying as? LLMError)?.code == .unsupported)
    }

    @Test func `each request can be changed before it is sent, but not beyond what is reserved`() async throws {
        let model = ScriptedModel([.text("ok")])
        let settings = AgentSettings(prepare: { request in
            request.temperature = 0.2
            request.maximumTokens = 100_000
        })
        let agent = try Agent("a", model: model, limits: AgentLimits(tokens: 5_000), settings: settings)
        _ = try await agent.respond(to: "?")
        let request = try #require(model.requests.first)
        #expect(request.temperature == 0.2)
        #expect(request.maximumTokens == 5_000 - TokenEstimate.of(request))
    }

    @Test func `an agent's work can be Swift`() async throws {
        let echo = ScriptedModel { request, _ in
            ChatResponse(
                .assistant("\(request.messages.last?.text ?? "")!"), finish: .stop, usage: Usage(inputTokens: 3))
        }
        let shouter = try Agent("shouter", model: echo)
        let agent = try Agent(AgentProfile("twice")) { state, work in
            let task = Array(state.messages)
            let ends = try await work.ask([(shouter, task, "one"), (shouter, task, "two")], for: &state)
            state.messages.append(.assistant(ends.map(\.text).joined(separator: " ")))
        }
        let end = try await agent.run([.user("hey")])
        #expect(end.text == "hey! hey!")
        #expect(end.spent.usage.inputTokens == 6)
    }

    @Test func `a call that fails for a while is repeated, one that may happen but once is not`() throws {
        struct Flaky: Tool {
            struct Input: Codable {}
            struct Trouble: Error {}
            let calls = Calls()
            let name = "flaky"
            let description = "Fails twice"
            var policy: ToolPolicy
            func call(_ input: Input, _ context: ToolContext) async throws -> String {
                let number = calls.count.withLock { count in
                    count += 1
                    return count
                }
                if number < 3 { throw Trouble() }
                return "at last"
            }
        }
        final class Calls: Sendable { let count = Guarded(0) }
        try Simulator(seed: 2).run(limit: .seconds(60)) { environment in
            for (effect, attempts, expected) in [
                (ToolPolicy.Effect.idempotent, 5, 3), (.readOnly, 2, 2), (.atMostOnce, 5, 1), (.idempotent, 1, 1),
            ] {
                let tool = Flaky(policy: ToolPolicy(effect: effect, attempts: attempts))
                let agent = try Agent("a", model: ScriptedModel([.call("flaky", [:]), .text("ok")]), tools: [tool])
                let end = try await agent.run([.user("?")], on: GraphExecutor(environment: environment))
                #expect(tool.calls.count.withLock { $0 } == expected)
                #expect(end.messages.flatMap(\.toolResults).map(\.isError) == [expected < 3])
            }
        }
    }
}
