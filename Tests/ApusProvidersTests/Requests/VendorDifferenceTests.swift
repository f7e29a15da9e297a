import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// Where one vendor wants other words than its neighbours.
@Suite struct VendorDifferenceTests {
    @Test func `what a vendor can't promise is refused, too`() {
        let question = ChatRequest([.user("Hello")])
        let single = question.with { $0.allowsParallelCalls = false }
        #expect(throws: AnswerFault.self) { try GeminiContent().call(single, to: "m", isStreamed: false) }
        #expect(throws: AnswerFault.self) { try CohereChat().call(single, to: "m", isStreamed: false) }
        #expect(throws: AnswerFault.self) { try OllamaChat().call(single, to: "m", isStreamed: false) }
        let seeded = question.with { $0.seed = 7 }
        #expect(throws: AnswerFault.self) { try AnthropicMessages().call(seeded, to: "m", isStreamed: false) }
    }

    @Test func `Anthropic takes a temperature in its first version and none in the next`() throws {
        var dialect = AnthropicMessages()
        let warm = ChatRequest([.user("Hello")]).with { $0.temperature = 0.5 }
        let call = try dialect.call(warm, to: "m", isStreamed: false)
        #expect(call.body["temperature"] == 0.5)
        #expect(call.headers["anthropic-version"] == "2023-06-01")
        dialect.version = "2026-10-21"
        #expect(throws: AnswerFault.self) { try dialect.call(warm, to: "m", isStreamed: false) }
        let plain = try dialect.call(ChatRequest([.user("Hello")]), to: "m", isStreamed: false)
        #expect(plain.headers["anthropic-version"] == "2026-10-21")
    }

    @Test func `Google's levels of thinking are in capitals`() throws {
        let request = ChatRequest([.user("Hello")]).with { $0.reasoning = .low }
        let body = try GeminiContent().call(request, to: "m", isStreamed: false).body
        #expect(body["generationConfig"]?["thinkingConfig"]?["thinkingLevel"] == "LOW")
    }

    @Test func `Groq's efforts begin at low, its streams tell their usage unasked, and it hears nothing`() async throws
    {
        let model: OpenAIProvider = .groq("m", credential: .none, transport: ScriptedTransport([]))
        let request = ChatRequest([.user("Hello")]).with { $0.reasoning = .minimal }
        let body = try model.dialect.call(request, to: "m", isStreamed: true).body
        #expect(body["reasoning_effort"] == "low")
        #expect(body["stream_options"] == nil)
        let sound = ChatRequest([.user([.audio(Media(.bytes([1]), type: "audio/wav"))])])
        let error = await #expect(throws: LLMError.self) { try await model.chat(sound) }
        #expect(error?.code == .unsupported)
    }

    @Test func `Mistral has names of its own for the seed, sounds, files and lengths of vectors`() throws {
        var model: OpenAIProvider = .mistral("m", credential: .none, transport: ScriptedTransport([]))
        model.dialect.dimensions = 8
        #expect(try model.dialect.embeddingCall(["a"], to: "m").body["output_dimension"] == 8)
        let pdf = Media(.bytes([1, 2, 3]), type: "application/pdf", name: "a.pdf")
        let parts: [ChatPart] = [
            .audio(Media(.bytes([1, 2, 3]), type: "audio/wav")), .file(pdf), .file(Media(.id("f"), type: pdf.type)),
        ]
        let request = ChatRequest([.user(parts)]).with { $0.seed = 7 }
        let body = try model.dialect.call(request, to: "m", isStreamed: false).body
        #expect(body["random_seed"] == 7)
        #expect(
            try body["messages"]?[0]?["content"]
                == JSON(
                    parsing: #"""
                        [{"type":"input_audio","input_audio":"AQID"},
                         {"type":"document_url","document_url":"data:application/pdf;base64,AQID",
                          "document_name":"a.pdf"},
                         {"type":"file","file_id":"f"}]
                        """#))
    }

    @Test func `Vertex has an interface for vectors of Gemini's and another one for those of the models before`()
        async throws
    {
        let answers = [
            #"{"embedding":{"values":[1,2]},"usageMetadata":{"promptTokenCount":3}}"#,
            #"{"embeddings":[{"values":[1]},{"values":[2]}]}"#,
            #"{"predictions":[{"embeddings":{"values":[1],"statistics":{"token_count":4}}}]}"#,
        ]
        let transport = ScriptedTransport(answers.map { .answer($0) })
        func model(_ name: String) -> GeminiProvider {
            .vertex(name, project: "p", token: .none, transport: transport)
        }
        let one = try await model("gemini-embedding-2").embed(["a"])
        #expect(one == Embeddings([[1, 2]], usage: Usage(inputTokens: 3)))
        #expect(try await model("gemini-embedding-2").embed(["a", "b"]).vectors == [[1], [2]])
        let before = try await model("text-embedding-005").embed(["a"])
        #expect(before == Embeddings([[1]], usage: Usage(inputTokens: 4)))
        #expect(
            transport.requests.map { String($0.url.absoluteString.split(separator: ":").last ?? "") } == [
                "embedContent", "batchEmbedContents", "predict",
            ])
    }
}
