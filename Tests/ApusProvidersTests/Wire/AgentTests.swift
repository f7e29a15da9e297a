import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

@Suite struct AgentTests {
    private struct Weather: Tool {
        struct Input: Codable {
            var city: String
        }

        let name = "weather"
        let description = "The weather of a city."

        func call(_ input: Input, _ context: ToolContext) async throws -> String { "Sunny in \(input.city)" }
    }

    @Test func `an agent calls its tools through a vendor's interface and a real connection`() async throws {
        let turns = [
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_9","type":"function","#
                + #""function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},"finish_reason":"tool_calls"}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"It is sunny."},"finish_reason":"stop"}]}"#,
        ]
        let served = Guarded(0)
        let server = try LocalServer { request, connection in
            let turn = served.withLock { count in
                defer { count += 1 }
                return turns[min(count, 1)]
            }
            let isStreamed = (try? JSON(parsing: request.body))?["stream"] == true
            let whole = turn.replacing("\"delta\"", with: "\"message\"")
            return isStreamed
                ? connection.answer("200 OK", ["Content-Type: text/event-stream"], "data: \(turn)\n\ndata: [DONE]\n\n")
                : connection.answer("200 OK", ["Content-Type: application/json"], whole)
        }
        let model = OpenAIProvider.openAICompatible("swift-1", at: server.url).patient()
        let agent = try Agent("forecaster", model: model, tools: [Weather()])
        let answer = try await agent.respond(to: "What is the weather in Rome?")
        #expect(answer == "It is sunny.")
        let second = try JSON(parsing: try #require(server.requests.last).body)
        let result = second["messages"]?.elements?.last
        #expect(result?["role"] == "tool")
        #expect(result?["tool_call_id"] == "call_9")
        #expect(result?["content"]?.text?.contains("Sunny in Rome") == true)
    }
}
