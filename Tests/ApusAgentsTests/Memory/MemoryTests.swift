import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct MemoryTests {
    /// Repeats what the user said last, and how many messages it was shown.
    private let echo = ScriptedModel { request, _ in
        ChatResponse(.assistant("\(request.messages.last?.text ?? "") of \(request.messages.count)"), finish: .stop)
    }

    private func agent(_ memories: any Memory...) throws -> Agent {
        try Agent("echo", model: echo, settings: AgentSettings(memories: memories))
    }

    @Test func `an agent is told what was said before, to this user alone`() async throws {
        let agent = try agent(ConversationMemory(in: MemoryStorage()))
        #expect(try await agent.respond(to: "one", user: "ada") == "one of 1")
        #expect(try await agent.respond(to: "two", user: "ada") == "two of 3")
        #expect(try await agent.respond(to: "one", user: "bob") == "one of 1")
        #expect(try await agent.respond(to: "three", user: "ada") == "three of 5")
        #expect(echo.requests.last?.messages.map(\.text) == ["one", "one of 1", "two", "two of 3", "three"])
    }

    @Test func `of a long past the last exchanges are told, oldest first`() async throws {
        let agent = try agent(ConversationMemory(in: MemoryStorage(), last: 2))
        for word in ["a", "b", "c", "d"] { _ = try await agent.respond(to: word) }
        #expect(echo.requests.last?.messages.compactMap { $0.role == .user ? $0.text : nil } == ["b", "c", "d"])
    }

    @Test func `what is forgotten is not told`() async throws {
        let memory = ConversationMemory(in: MemoryStorage())
        let agent = try agent(memory)
        _ = try await agent.respond(to: "a", user: "ada")
        try await memory.forget(MemoryOwner(agent: "echo", user: "ada"))
        #expect(try await agent.respond(to: "b", user: "ada") == "b of 1")
    }

    @Test func `the older half of a long past is told in a summary, which is continued`() async throws {
        let writer = ScriptedModel { request, _ in
            ChatResponse(
                .assistant("(\(request.messages.last?.text.count { $0 == "\n" } ?? 0))"), finish: .stop,
                usage: Usage(inputTokens: 7))
        }
        let agent = try agent(SummaryMemory(in: MemoryStorage(), by: writer, keeping: 2))
        var spent = 0
        for word in ["a", "b", "c", "d", "e", "f"] {
            spent += try await agent.run([.user(word)]).spent.usage.inputTokens
        }
        #expect(writer.requests.count == 2)
        #expect(writer.requests[1].messages.last?.text.contains("What was said before: (") == true)
        #expect(spent == 14)
        _ = try await agent.respond(to: "g")
        let shown = try #require(echo.requests.last).messages
        #expect(shown.count == 6)
        #expect(shown[0].text.hasPrefix("What we talked about before, in short: ("))
        #expect(shown[1].text == "e")
    }

    @Test func `a summary that can't be written is written another time`() async throws {
        let writer = ScriptedModel([.failure(.overloaded), .text("short")], order: .byRequest)
        let agent = try agent(SummaryMemory(in: MemoryStorage(), by: writer, keeping: 1))
        for word in ["a", "b", "c", "d"] { _ = try await agent.respond(to: word) }
        #expect(echo.requests.last?.messages.first?.text.hasSuffix("short") == true)
        #expect(echo.requests.last?.messages.last?.text == "d")
    }

    @Test func `what is near to the task in meaning is told`() async throws {
        let agent = try agent(VectorMemory(in: MemoryStorage(), by: Letters(), exchanges: 1))
        for word in ["aaaa", "bbbb", "cccc"] { _ = try await agent.respond(to: word, user: "ada") }
        _ = try await agent.respond(to: "bb", user: "ada")
        let told = try #require(echo.requests.last?.messages.first?.text)
        #expect(told.contains("bbbb") && !told.contains("aaaa") && !told.contains("cccc"))
    }

    @Test func `an exchange that is remembered twice is kept once`() throws {
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            let twice = Twice(base: ConversationMemory(in: storage))
            let agent = try Agent("echo", model: echo, settings: AgentSettings(memories: [twice]))
            let executor = GraphExecutor(environment: environment)
            _ = try await agent.respond(to: "a", on: executor)
            _ = try await agent.respond(to: "b", on: executor)
            #expect(echo.requests.last?.messages.count == 3)
        }
    }

    @Test func `a memory that fails is asked again`() throws {
        try Simulator(seed: 2).run(limit: .seconds(60)) { environment in
            let flaky = Flaky()
            let agent = try Agent("echo", model: echo, settings: AgentSettings(memories: [flaky]))
            let answer = try await agent.respond(to: "a", on: GraphExecutor(environment: environment))
            #expect(answer == "a of 2")
            #expect(flaky.calls.withLock { $0 } == 3)
        }
    }

    @Test func `calls of tools are not remembered, what was said is`() async throws {
        let model = ScriptedModel(
            [.calls([("weather", ["city": "Oslo"])], saying: "Let me see."), .text("4"), .text("again")],
            order: .byRequest)
        let settings = AgentSettings(memories: [ConversationMemory(in: MemoryStorage())])
        let agent = try Agent("guide", model: model, tools: [Weather()], settings: settings)
        _ = try await agent.respond(to: "Oslo?")
        _ = try await agent.respond(to: "And now?")
        let shown = try #require(model.requests.last).messages
        #expect(shown.map(\.text) == ["Oslo?", "Let me see.", "4", "And now?"])
        #expect(shown.allSatisfy { $0.toolCalls.isEmpty })
    }
}

/// A vector of how often each letter stands in a text.
struct Letters: EmbeddingProvider {
    let info = ModelInfo(provider: "test", model: "letters")

    func embed(_ texts: [String]) async throws -> Embeddings {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        return Embeddings(
            texts.map { text in letters.map { letter in Float(text.count { $0 == letter }) } },
            usage: Usage(inputTokens: texts.count))
    }
}

private struct Twice: Memory {
    let base: ConversationMemory

    func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection { try await base.recall(task, for: owner, in: context) }

    func remember(_ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext) async throws -> Spending {
        _ = try await base.remember(exchange, for: owner, in: context)
        return try await base.remember(exchange, for: owner, in: context)
    }
}

private final class Flaky: Memory {
    struct Trouble: Error {}
    let calls = Guarded(0)

    func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        if number < 3 { throw Trouble() }
        return Recollection([.user("a fact")])
    }
}
