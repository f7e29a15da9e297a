import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

@Suite struct HTTPProviderTests {
    private let question = ChatRequest([.user("Hello")])

    @Test func `a request carries the key where the vendor wants it, and its path and body`() async throws {
        let transport = ScriptedTransport([
            .answer(#"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}"#)
        ])
        let model: AnthropicProvider = .anthropic("swift-1", credential: Credential { "key-1" }, transport: transport)
        #expect(try await model.chat(question).text == "Hi")
        let sent = try #require(transport.requests.first)
        #expect(sent.url.absoluteString == "https://api.anthropic.com/v1/messages")
        #expect(sent.headers["x-api-key"] == "key-1")
        #expect(sent.headers["anthropic-version"] == "2023-06-01")
        #expect(try JSON(parsing: sent.body)["model"] == "swift-1")
    }

    @Test func `models are found where each vendor puts them`() async throws {
        let transport = ScriptedTransport(Array(repeating: .answer("{}"), count: 6))
        let key = Credential { "key-1" }
        let azure = URL(string: "https://example.openai.azure.com/")!
        let models: [any LLMProvider] = [
            OpenAIProvider.azureOpenAI(deployment: "mine", resource: azure, credential: key, transport: transport),
            GeminiProvider.vertex("g", project: "p", location: "europe-west4", token: key, transport: transport),
            GeminiProvider.gemini("g", credential: key, transport: transport),
            OpenAIProvider.groq("g", credential: key, transport: transport),
            OllamaProvider.ollama("g", transport: transport),
            CohereProvider.cohere("g", credential: key, transport: transport),
        ]
        for model in models { _ = try? await model.chat(question) }
        #expect(
            transport.requests.map(\.url.absoluteString) == [
                "https://example.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2024-10-21",
                "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4"
                    + "/publishers/google/models/g:generateContent",
                "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
                "https://api.groq.com/openai/v1/chat/completions", "http://127.0.0.1:11434/api/chat",
                "https://api.cohere.com/v2/chat",
            ])
        let names = ["api-key", "authorization", "x-goog-api-key", "authorization", "authorization", "authorization"]
        #expect(
            zip(transport.requests, names).map { $0.headers[$1] } == [
                "key-1", "Bearer key-1", "key-1", "Bearer key-1", nil, "Bearer key-1",
            ])
    }

    @Test func `no key in the environment is an error before anything is sent`() async throws {
        let transport = ScriptedTransport([])
        let model: OpenAIProvider = .openAI(
            "swift-1", credential: .environment("APUS_NO_SUCH_KEY"), transport: transport)
        let error = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(error?.code == .authentication)
        #expect(error?.detail?.contains("APUS_NO_SUCH_KEY") == true)
        #expect(transport.requests.isEmpty)
    }

    @Test func `a key appears in no error, description or dump`() async throws {
        let transport = ScriptedTransport([.answer(#"{"error":{"message":"no key sk-very-secret"}}"#, status: 401)])
        let credential = Credential { "sk-very-secret\n" }
        let model: OpenAIProvider = .openAI("swift-1", credential: credential, transport: transport)
        let error = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(error?.code == .authentication)
        var dumped = ""
        dump(error, to: &dumped)
        dump(model, to: &dumped)
        dump(credential, to: &dumped)
        #expect(!"\(dumped) \(error as Any) \(model) \(credential)".contains("very-secret"))
        #expect(transport.requests.first?.headers["authorization"] == "Bearer sk-very-secret")
    }

    @Test(
        arguments: [
            (["retry-after": "20"], Duration.seconds(20)), (["retry-after-ms": "1500"], .milliseconds(1_500)),
            (["retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"], .seconds(10)),
            (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0.5s"], .milliseconds(360_500)),
        ] as [([String: String], Duration)])
    func `the time to wait is read from the headers`(_ headers: [String: String], _ wait: Duration) async throws {
        var fields = HTTPHeaders()
        for (name, value) in headers { fields[name] = value }
        let transport = ScriptedTransport([.answer("{}", status: 429, headers: fields)])
        let model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
        let error = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == wait)
    }

    @Test(arguments: [
        (#"{"error":{"message":"m","type":"overloaded_error"}}"#, 529, LLMError.Code.overloaded),
        (#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#, 429, .quotaExhausted),
        (#"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, 429, .rateLimited),
        (#"[{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}]"#, 503, .overloaded),
        (#"{"error":"m"}"#, 500, .overloaded), (#"{"message":"m"}"#, 422, .invalidRequest),
        (#"{"detail":"m"}"#, 403, .authentication), (#"{"detail":[{"loc":["body"],"msg":"m"}]}"#, 422, .invalidRequest),
        (#"{"object":"error","message":"m","code":400}"#, 400, .invalidRequest), ("m", 502, .overloaded),
        (#"{"error":{"code":"content_filter","message":"m"}}"#, 400, .filtered), ("m", 402, .quotaExhausted),
        ("m", 413, .contextTooLong), ("m", 504, .unreachable),
    ])
    func `errors of every shape keep their words`(_ body: String, _ status: Int, _ code: LLMError.Code) async throws {
        let transport = ScriptedTransport([.answer(body, status: status)])
        let model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
        let error = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(error?.code == code)
        #expect(error?.detail == "m")
        #expect(error?.status == status)
    }

    @Test func `a network that fails is unreachable before an answer and a cut within one`() async throws {
        let part = #"data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}"# + "\n\n"
        let lost = HTTPError(.connectionLost, host: "example.org")
        let transport = ScriptedTransport([.failure(lost), .broken(part, lost)])
        let model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
        let first = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(first?.code == .unreachable)
        let second = await #expect(throws: LLMError.self) { try await model.stream(question) { _ in } }
        #expect(second?.code == .cutStream)
        #expect(second?.partial?.text == "Hi")
    }

    @Test func `an answer that is no JSON, or that comes whole though a stream was asked for, is told apart`()
        async throws
    {
        let whole = #"{"id":"1","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}"#
        let transport = ScriptedTransport([
            .answer("<html>"), .answer(whole, headers: ["content-type": "application/json; charset=utf-8"]),
        ])
        let model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
        let error = await #expect(throws: LLMError.self) { try await model.chat(question) }
        #expect(error?.code == .malformedAnswer)
        let received = Guarded(ChatAssembly())
        let answer = try await model.stream(question) { event in received.withLock { $0.add(event) } }
        #expect(answer.text == "Hi")
        #expect(received.withLock { $0.response } == answer)
    }

    @Test func `the reader sets the pace of a stream`() async throws {
        let event = #"data: {"choices":[{"index":0,"delta":{"content":"x"}}]}"# + "\n\n"
        let transport = ScriptedTransport([.chunks([event, event, "data: [DONE]\n\n"])])
        let model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
        let drawn = Guarded<[Int]>([])
        _ = try await model.stream(question) { _ in drawn.withLock { $0.append(transport.drawn) } }
        #expect(drawn.withLock { $0 } == [1, 2])
    }

    @Test func `streams one after the other share a connection`() async throws {
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            let events = #"data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}"# + "\n\n"
            for event in [events, "data: [DONE]\n\n"] {
                connection.write(String(event.utf8.count, radix: 16) + "\r\n" + event + "\r\n")
            }
            return connection.write("0\r\n\r\n")
        }
        let model = OpenAIProvider.openAICompatible("swift-1", at: server.url).patient()
        for _ in 0..<10 { #expect(try await model.stream(question) { _ in }.text == "x") }
        #expect(Set(server.requests.map(\.connection)).count < 8)
    }

    @Test func `usage that comes after the last word counts`() async throws {
        let events = [
            #"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
        ]
        for chunks in [events.map { "data: \($0)\n\n" }, [events.map { "data: \($0)\n\n" }.joined()]] {
            let transport = ScriptedTransport([.chunks(chunks)])
            var model: OpenAIProvider = .openAI("swift-1", credential: .none, transport: transport)
            model.dialect.endsWithDone = false
            let answer = try await model.stream(question) { _ in }
            #expect(answer.text == "Hi")
            #expect(answer.usage == Usage(inputTokens: 3, outputTokens: 1))
        }
    }
}
