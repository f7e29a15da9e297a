import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct AgentTests {
    @Test func `an agent calls tools until its model answers`() async throws {
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("It is 4 degrees.")])
        let weather = Weather()
        let agent = try Agent("guide", model: model, tools: [weather], instructions: "Be brief.")
        #expect(try await agent.respond(to: "How is Oslo?") == "It is 4 degrees.")
        #expect(weather.cities == ["Oslo"])
        let last = try #require(model.requests.last)
        #expect(last.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(last.messages.last?.toolResults.map(\.text) == [#"{"degrees":4}"#])
        #expect(last.tools.map(\.name) == ["weather"])
    }

    @Test func `calls of one turn are answered in their order`() async throws {
        let model = ScriptedModel([
            .calls([("weather", ["city": "Oslo"]), ("weather", ["city": "Rome"])]), .text("4 both"),
        ])
        let agent = try Agent("guide", model: model, tools: [Weather()])
        let state = try await agent.run([.user("Oslo and Rome?")])
        #expect(state.messages[2].toolResults.map(\.id) == ["call-0-0", "call-0-1"])
        #expect(state.spent.toolCalls == 2)
        #expect(state.spent.turns == 2)
    }

    @Test(
        arguments: [
            ("storm", ["city": "Oslo"], "There is no tool"), ("weather", ["town": "Oslo"], "city"),
            ("weather", ["city": 7], "/city"), ("weather", ["city": "Atlantis"], "there is no such city"),
        ] as [(String, JSON, String)])
    func `a call that goes wrong is told to the model in words`(name: String, arguments: JSON, words: String)
        async throws
    {
        let model = ScriptedModel([.call(name, arguments), .text("Sorry.")])
        let agent = try Agent("guide", model: model, tools: [Weather()])
        #expect(try await agent.respond(to: "?") == "Sorry.")
        let result = try #require(model.requests.last?.messages.last?.toolResults.first)
        #expect(result.isError)
        #expect(result.text.contains(words))
    }

    @Test func `arguments that never fit end the run`() async throws {
        let model = ScriptedModel(Array(repeating: .call("weather", [:]), count: 10))
        let agent = try Agent("guide", model: model, tools: [Weather()])
        let error = await #expect(throws: RunError.self) { try await agent.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .invalidCalls)
        #expect(model.requests.count == 4)
    }

    @Test func `an agent that never answers stops at its turns`() async throws {
        let model = ScriptedModel(Array(repeating: .call("weather", ["city": "Oslo"]), count: 100))
        let agent = try Agent("guide", model: model, tools: [Weather()], limits: AgentLimits(turns: 7))
        let error = await #expect(throws: RunError.self) { try await agent.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .tooManyTurns)
        #expect(model.requests.count == 7)
    }

    @Test func `a tool that is denied is not called`() async throws {
        let weather = Weather(ToolPolicy(permission: .deny))
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("No.")])
        let agent = try Agent("guide", model: model, tools: [weather])
        #expect(try await agent.respond(to: "?") == "No.")
        #expect(weather.cities.isEmpty)
    }

    @Test func `an answer of a type is mended until it fits`() async throws {
        struct Trip: Codable, Equatable {
            var city: String
            var days: Int
        }
        let model = ScriptedModel([
            .text("Sure!"), .text(#"{"city": "Oslo"}"#), .text("```json\n{\"city\": \"Oslo\", \"days\": 3}\n```"),
        ])
        let agent = try Agent("guide", model: model)
        #expect(try await agent.respond(to: "Plan.", as: Trip.self) == Trip(city: "Oslo", days: 3))
        #expect(model.requests[2].messages.last?.text.contains("days") == true)
    }

    @Test func `a model that can't be held to a schema is told it in words, and its answer is checked as well`()
        async throws
    {
        struct Trip: Codable, Equatable { var days: Int }
        let info = ModelInfo(provider: "scripted", model: "plain", capabilities: [.tools])
        let model = ScriptedModel([.text(#"{"days": "three"}"#), .text(#"{"days": 3}"#)], info: info)
        let agent = try Agent("guide", model: model, instructions: "Plan.")
        #expect(try await agent.respond(to: "Plan.", as: Trip.self) == Trip(days: 3))
        let first = try #require(model.requests.first)
        #expect(first.format == .text)
        #expect(first.messages.map(\.role) == [.system, .system, .user])
        #expect(first.messages[1].text.contains(#""days""#))
    }

    @Test func `whoever listens hears pieces of the answer and calls`() async throws {
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("Four degrees now")])
        let agent = try Agent("guide", model: model, tools: [Weather()])
        let events = Guarded<[AgentEvent]>([])
        let state = try await agent.run([.user("?")]) { event in events.withLock { $0.append(event) } }
        let text = events.withLock { $0 }.compactMap { event -> String? in
            if case .model(.text(let text, _)) = event { text } else { nil }
        }
        #expect(text == ["Four", " degrees", " now"])
        #expect(state.text == "Four degrees now")
        #expect(
            events.withLock { $0 }.contains {
                if case .toolEnded(let result, _) = $0 { !result.isError } else { false }
            })
    }

    @Test func `of a result that is too long the model is shown the beginning, and told so`() async throws {
        struct Novel: Tool {
            struct Input: Codable {}
            let name = "read"
            let description = "Reads a novel"
            func call(_ input: Input, _ context: ToolContext) async throws -> String {
                String(repeating: "é", count: 100_000)
            }
        }
        let model = ScriptedModel([.call("read", [:]), .text("Long.")])
        let agent = try Agent("reader", model: model, tools: [Novel()], limits: AgentLimits(resultBytes: 1_000))
        let end = try await agent.run([.user("?")])
        let text = try #require(end.messages.flatMap(\.toolResults).first?.text)
        #expect(text.hasPrefix(String(repeating: "é", count: 500) + "\n"))
        #expect(text.hasSuffix("(199000 bytes more are left out)"))
    }

    @Test func `a call that takes too long is cancelled, and the model is told`() throws {
        struct Slow: Tool {
            struct Input: Codable {}
            let name = "wait"
            let description = "Takes its time"
            let policy = ToolPolicy(timeout: .seconds(5))
            func call(_ input: Input, _ context: ToolContext) async throws -> String {
                try await context.environment.sleep(for: .seconds(60))
                return "at last"
            }
        }
        try Simulator(seed: 3).run(limit: .seconds(30)) { environment in
            let model = ScriptedModel([.call("wait", [:]), .text("Too slow.")])
            let agent = try Agent("hasty", model: model, tools: [Slow()])
            let end = try await agent.run([.user("?")], on: GraphExecutor(environment: environment))
            #expect(end.text == "Too slow.")
            #expect(end.messages.flatMap(\.toolResults).first?.text.contains("longer than 5") == true)
        }
    }
}
