import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct ContextTests {
    /// Calls the weather `calls` times and answers then; counts as an honest provider does.
    private func caller(_ calls: Int) -> ScriptedModel {
        let count = Guarded(0)
        return ScriptedModel { request, _ in
            let turn = count.withLock { count in
                defer { count += 1 }
                return count
            }
            let usage = Usage(inputTokens: TokenEstimate.of(request), outputTokens: 9)
            if turn == calls { return ChatResponse(.assistant("done"), finish: .stop, usage: usage) }
            let call = ToolCall(id: "c\(turn)", name: "weather", arguments: ["city": .string("Town\(turn)")])
            return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls, usage: usage)
        }
    }

    private let writer = ScriptedModel { request, _ in
        ChatResponse(.assistant("SUMMARY"), finish: .stop, usage: Usage(inputTokens: 5, outputTokens: 2))
    }

    @Test(arguments: [1, 2, 3, 6])
    func `a long conversation is put together in a summary before it is too long`(keeping: Int) async throws {
        let model = caller(20)
        let settings = AgentSettings(context: .compacted(above: 300, keeping: keeping, by: writer))
        let agent = try Agent("guide", model: model, tools: [Weather()], settings: settings)
        let end = try await agent.run([.user("Look up twenty towns.")])
        #expect(end.text == "done")
        #expect(end.messages.count == 42)
        #expect(writer.requests.count > 1)
        #expect(end.spent.turns == 21 + writer.requests.count)
        for request in model.requests {
            #expect(TokenEstimate.of(request) < 420)
            #expect(request.messages.contains { $0.text == "Look up twenty towns." || $0.text.contains("SUMMARY") })
            try isWhole(request)
        }
        #expect(model.requests.last?.messages.first?.text == "What was said before, in short: SUMMARY")
        #expect(writer.requests[1].messages.last?.text.contains("What was said before: SUMMARY") == true)
    }

    @Test func `a window shows the last messages and the task`() async throws {
        let model = caller(10)
        let settings = AgentSettings(context: .window(messages: 4))
        let agent = try Agent("guide", model: model, tools: [Weather()], settings: settings)
        _ = try await agent.run([.user("Ten towns.")])
        for request in model.requests {
            #expect(request.messages.count <= 6)
            #expect(request.messages.first?.text == "Ten towns.")
            try isWhole(request)
        }
    }

    @Test func `a request that the provider finds too long is made shorter and sent again`() async throws {
        let model = ScriptedModel { request, info in
            if request.messages.count > 3 { throw LLMError(.contextTooLong, info) }
            return ChatResponse(.assistant("short enough"), finish: .stop)
        }
        let talk: [ChatMessage] = (0..<9).map { $0 % 2 == 0 ? .user("q\($0)") : .assistant("a\($0)") }
        let settings = AgentSettings(context: .compacted(above: 1_000_000, keeping: 2, by: writer))
        let agent = try Agent("guide", model: model, settings: settings)
        let end = try await agent.run(talk)
        #expect(end.text == "short enough")
        #expect(model.requests.count == 2)
        let plain = try Agent("guide", model: model)
        let error = await #expect(throws: RunError.self) { try await plain.run(talk) }
        #expect((error?.underlying as? LLMError)?.code == .contextTooLong)
    }

    /// No result without its call, no call without its result.
    private func isWhole(_ request: ChatRequest) throws {
        let calls = request.messages.flatMap(\.toolCalls).map(\.id)
        let results = request.messages.flatMap(\.toolResults).map(\.id)
        #expect(calls == results)
    }
}
