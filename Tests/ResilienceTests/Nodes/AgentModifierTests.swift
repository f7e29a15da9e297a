import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct AgentModifierTests {
    /// A model that answers as its dependency does.
    private struct Model: LLMProvider {
        let service: Dependency
        let environment: any Environment
        var name = "m"
        var info: ModelInfo { ModelInfo(provider: "test", model: name) }

        func chat(_ request: ChatRequest) async throws -> ChatResponse {
            do {
                let number = try await service.call(in: environment)
                return ChatResponse(.assistant("\(name) \(number)"), finish: .stop, usage: Usage())
            } catch is Dependency.Down {
                throw LLMError(.overloaded, info)
            }
        }

        func stream(
            _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
        ) async throws -> ChatResponse {
            try await chat(request)
        }
    }

    private static let request = ChatRequest([.user("?")])

    @Test func `an open circuit goes to the other model without asking the first`() throws {
        try Simulator(seed: 9).run { environment in
            let (service, breaker) = (Dependency(), CircuitBreaker("m", .consecutive(2)))
            service.isDown = true
            let other = Model(service: Dependency(), environment: environment, name: "other")
            let model = Model(service: service, environment: environment)
                .breaker(breaker, environment: environment).fallingBack(to: other)
            for number in 1...5 {
                let text = try await model.chat(Self.request).text
                #expect(text == "other \(number)")
            }
            #expect(service.calls == 2)
        }
    }

    @Test func `a model takes the time and places it is given, and equal requests at once are one`() throws {
        try Simulator(seed: 9).run { environment in
            let service = Dependency(delay: .seconds(1))
            let model = Model(service: service, environment: environment)
                .bulkhead(Bulkhead("m", places: 1, queue: 9), environment: environment)
                .cached(in: ContentCache("m"), environment: environment)
            try await withThrowingTaskGroup { group in
                for number in 0..<6 {
                    group.addTask { _ = try await model.chat(ChatRequest([.user("\(number % 3)")])) }
                }
                try await group.waitForAll()
            }
            #expect(service.calls == 3 && service.most == 1)
            let hedged = model.hedged(.after(.seconds(1)), environment: environment)
            #expect(try await hedged.chat(Self.request).text == "m 4")
        }
    }

    /// A tool that looks something up.
    private struct Lookup: Tool {
        let service: Dependency
        let name = "lookup"
        let description = "Looks something up"
        var policy = ToolPolicy(effect: .readOnly, timeout: .seconds(1))

        func call(_ input: [String: String], _ context: ToolContext) async throws -> String {
            "\(try await service.call(in: context.environment))"
        }
    }

    /// What the model is told by each of its calls.
    private func told(_ tool: some Tool, calls: [JSON]) throws -> [String] {
        try Simulator(seed: 9).run { environment in
            let model = ScriptedModel(calls.map { .call("lookup", $0) } + [.text("done")])
            let agent = try Agent("a", model: model, tools: [tool])
            let state = try await GraphExecutor(environment: environment).run(
                agent.graph, from: AgentState([.user("?")]))
            return state.messages.flatMap(\.toolResults).map(\.text)
        }
    }

    @Test func `a tool that times out opens its circuit, and the model is told`() throws {
        let (service, breaker) = (Dependency(delay: .seconds(60)), CircuitBreaker("l", .consecutive(2)))
        let told = try told(Lookup(service: service).breaker(breaker), calls: Array(repeating: ["a": "b"], count: 3))
        #expect(service.calls == 2)
        #expect(told.count == 3)
        #expect(told[1].contains("took longer"))
        #expect(told[2].contains("is open"))
    }

    @Test func `what a tool looked up is remembered by its input`() throws {
        let service = Dependency()
        let tool = Lookup(service: service).cached(in: ContentCache("l"))
        #expect(try told(tool, calls: [["a": "b"], ["a": "c"], ["a": "b"]]) == ["1", "2", "1"])
    }
}
