import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// A key must be nowhere but in the header of its request.
@Suite struct CanaryTests {
    private static let canary = "sk-canary-5d41402abc4b2a76"

    private struct Echo: Tool {
        struct Input: Codable { var text: String }
        let name = "echo"
        let description = "Says what it was told"
        func call(_ input: Input, _ context: ToolContext) async throws -> String { input.text }
    }

    private static func model(_ transport: ScriptedTransport) -> OpenAIProvider {
        .openAI("swift-1", credential: Credential { canary }, transport: transport)
    }

    private static let call =
        #"{"choices":[{"message":{"tool_calls":[{"id":"c","type":"function","function":{"name":"echo","#
        + #""arguments":"{\"text\":\"hi\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3}}"#
    private static let end = #"{"choices":[{"message":{"content":"Done."},"finish_reason":"stop"}]}"#
    /// A server that repeats the key in its error.
    private static let refusal =
        #"{"error":{"message":"Incorrect API key provided: \#(canary).","code":"invalid_api_key"}}"#

    @Test func `a key is in no journal, event, prompt or answer of an agent's run`() async throws {
        let transport = ScriptedTransport([.answer(Self.call), .answer(Self.end)])
        let agent = try Agent("echoing", model: Self.model(transport), tools: [Echo()])
        let storage = MemoryStorage()
        let seen = Guarded<[String]>([])
        let run = GraphExecutor(storage: storage).start(agent.graph, from: AgentState("Say hi."))
        for try await event in run.events { seen.withLock { $0.append("\(event)") } }
        let end = try await run.value
        #expect(end.text == "Done.")
        let stored = try await storage.scan(StorageRange.all, limit: 10_000)
        #expect(stored.count > 5)
        for entry in stored { #expect(!Self.isCanary(String(decoding: entry.value + entry.key.bytes, as: UTF8.self))) }
        for text in seen.withLock({ $0 }) { #expect(!Self.isCanary(text)) }
        var dumped = ""
        dump((agent, end, transport.requests), to: &dumped)
        #expect(!Self.isCanary(dumped.replacing("\"Bearer \(Self.canary)\"", with: "")))
        for request in transport.requests {
            #expect(
                !Self.isCanary(
                    String(decoding: request.body, as: UTF8.self) + request.url.absoluteString + "\(request)"))
            #expect(request.headers["authorization"] == "Bearer \(Self.canary)")
        }
    }

    @Test func `a key is in no error, also of a server that repeats it, nor in the run that fails by it`() async throws
    {
        let agent = try Agent("echoing", model: Self.model(ScriptedTransport([.answer(Self.refusal, status: 401)])))
        let storage = MemoryStorage()
        let error = await #expect(throws: RunError.self) {
            try await agent.respond(to: "?", on: GraphExecutor(storage: storage))
        }
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!Self.isCanary(dumped + "\(error, default: "")"))
        #expect((error?.underlying as? LLMError)?.code == .authentication)
        for entry in try await storage.scan(StorageRange.all, limit: 10_000) {
            #expect(!Self.isCanary(String(decoding: entry.value, as: UTF8.self)))
        }
    }

    /// Also a part of it that would do, and its Base64.
    private static func isCanary(_ text: String) -> Bool {
        text.contains(canary) || text.contains("5d41402abc4b2a76")
            || text.contains(Data(canary.utf8).base64EncodedString())
    }
}
